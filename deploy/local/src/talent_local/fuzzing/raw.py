"""Requests that no generator of valid HTTP makes: byte by byte, to every operation of the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zlib import crc32

from talent_local.cohort.specimens import specimen
from talent_local.fuzzing import nasty
from talent_local.fuzzing.campaign import LEFT_OUT
from talent_local.fuzzing.ground import Ground
from talent_local.fuzzing.report import Finding, Report

SECONDS: Final = 60.0
_PARAMETER = re.compile(r"\{([^}]+)\}")
_MARK: Final = "\ue000"
ANYWHERE: Final = frozenset({400, 404, 405, 413, 415, 431})
"""Statuses of the door itself for what is no request it can route."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One request."""

    what: str
    target: str
    body: bytes = b""
    headers: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aim:
    """An operation of the contract.

    Attributes:
        share: requests kept of each kind.
        must: True when the answer must not be a success.
    """

    method: str
    template: str
    item: Mapping[str, Any]

    @property
    def label(self) -> str:
        """As the report names it."""
        return f"{self.method} {self.template}"


def shoot(ground: Ground, seed: int, *, each: int, prefixes: tuple[str, ...] = ()) -> Report:
    """Send up to ``each`` requests of every kind (body, member, query, path, header) to every operation."""
    report = Report()
    where = urlsplit(ground.gateway)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=SECONDS)
    for aim in _aims(ground.document):
        if not aim.template.startswith(prefixes or ("/",)):
            continue
        random = Random(crc32(f"{seed} {aim.label}".encode()))
        for shots in _kinds(ground, aim, random):
            for shot in random.sample(shots, min(each, len(shots))):
                _send(connection, ground, aim, shot, report)
    connection.close()
    return report


def _aims(document: Mapping[str, Any]) -> Iterator[Aim]:
    for template, item in sorted(document["paths"].items()):
        for method in ("get", "post", "put", "delete", "patch"):
            if method in item and template not in LEFT_OUT:
                yield Aim(method.upper(), template, item[method])


def _kinds(ground: Ground, aim: Aim, random: Random) -> Iterator[list[Shot]]:
    target = _address(ground, aim, random)
    json_headers = {"content-type": b"application/json"}
    content = aim.item.get("requestBody", {}).get("content", {})
    body = b""
    if "application/json" in content:
        fitting = specimen(ground.document, content["application/json"]["schema"])
        body = json.dumps(fitting).encode()
        yield [Shot(f"member {what}", target, made, json_headers) for what, made in _members(fitting)]
    if content:
        yield [
            Shot(f"body {what}", target, made, {} if kind is None else {"content-type": kind.encode("latin-1")})
            for what, made, kind in nasty.BODIES
        ]
    names = [each["name"] for each in aim.item.get("parameters", ()) if each["in"] == "query"]
    yield [
        Shot("query", f"{target}?{name}={value}{again}", body, json_headers if body else {})
        for name in names
        for value in nasty.QUERIES
        for again in ("", f"&{name}=1")
    ]
    yield [
        Shot("path", _address(ground, aim, random, name, value), body, json_headers if body else {})
        for name in _PARAMETER.findall(aim.template)
        for value in nasty.SEGMENTS
    ]
    yield [
        Shot(f"header {name[:20]}", target, body, (json_headers if body else {}) | {name: value})
        for name, value in nasty.HEADERS
    ]


def _address(ground: Ground, aim: Aim, random: Random, bent: str = "", value: str = "") -> str:
    path = aim.template
    for name in _PARAMETER.findall(aim.template):
        known = ground.pools.fitting(aim.template, name) or ["00000000-0000-7000-8000-000000000000"]
        path = path.replace("{" + name + "}", value if name == bent else quote(random.choice(known), safe=""))
    return path


def _members(fitting: Any) -> Iterator[tuple[str, bytes]]:
    """The fitting body with each of its members replaced by each nasty value in turn."""
    for marked in _marked(fitting):
        text = json.dumps(marked).encode()
        for what, value in nasty.LEAVES:
            yield what, text.replace(json.dumps(_MARK).encode(), value)


def _marked(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield from (value | {name: inner} for inner in (_MARK, *_marked(held)))
    elif isinstance(value, list) and value:
        yield from ([inner, *value[1:]] for inner in (_MARK, *_marked(value[0])))


def _send(connection: HTTPConnection, ground: Ground, aim: Aim, shot: Shot, report: Report) -> None:
    token = ground.tokens.chosen(f"{aim.label} {shot.what} {shot.target}")
    try:
        connection.putrequest(aim.method, shot.target, skip_accept_encoding=True)
        connection.putheader("authorization", f"Bearer {token}")
        for name, value in shot.headers.items():
            connection.putheader(name, value)
        if shot.body or aim.method != "GET":
            connection.putheader("content-length", str(len(shot.body)))
        connection.endheaders(shot.body or None)
        answer = connection.getresponse()
        received = answer.read()
    except (HTTPException, OSError) as error:
        connection.close()
        report.found(finding(aim, shot, "answered", f"{type(error).__name__}: {error}", None))
        return
    report.cases["raw", aim.label] += 1
    report.statuses[aim.label, answer.status] += 1
    for check, message in wrong(aim, answer.status, answer.getheader("content-type") or "", received):
        report.found(finding(aim, shot, check, message, answer.status))


def wrong(aim: Aim, status: int, kind: str, received: bytes) -> Iterator[tuple[str, str]]:
    """What an answer should not be: a failure, a status that is not documented, a refusal that is no problem."""
    if status >= 500:
        yield "not_a_server_error", f"{status} {received[:300]!r}"
    if str(status) not in aim.item["responses"] and status not in ANYWHERE:
        yield "status_code_conformance", f"{status} is not documented; {received[:300]!r}"
    if status >= 400 and (
        kind != "application/problem+json" or not {"type", "title", "status", "code"} <= set(json.loads(received))
    ):
        yield "problem", f"{status} is no problem: {kind} {received[:300]!r}"


def finding(aim: Aim, shot: Shot, check: str, message: str, status: int | None) -> Finding:
    """A finding that can be sent again."""
    sample = f"{aim.method} {shot.target[:300]} {dict(shot.headers)!r:.300} {shot.body[:500]!r}"
    return Finding(check, aim.label, "raw", shot.what, message, status, sample)
