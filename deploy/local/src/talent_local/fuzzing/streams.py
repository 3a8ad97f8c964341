"""The stream of events, opened with odd places, filters and headers, listened to for a moment, and closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import quote, urlsplit

from talent_local.fuzzing import nasty
from talent_local.fuzzing.ground import Ground
from talent_local.fuzzing.raw import Aim, Shot, finding, wrong
from talent_local.fuzzing.report import Report

STREAM: Final = "/v1/events/stream"
FEED: Final = "/v1/events?limit=1"
SECONDS: Final = 30.0
GREETING: Final = b"retry: "
"""With what every stream begins, so that nobody has to wait for an event."""
_PLACES: Final[tuple[bytes, ...]] = (
    b"", b"0", b"-1", b"null", b"x" * 3000, b"\xff\xfe", b"\xe4\xbd\xa0", b"WyJ4IixbIngiXV0.x", b"a.b.c", b"..%2F", b"9" * 40,
)  # fmt: skip


def listen(ground: Ground) -> Report:
    """Open the stream in every odd way, one after the other; each is closed before the next is opened."""
    report = Report()
    aim = Aim("GET", STREAM, ground.document["paths"][STREAM]["get"])
    token, other = ground.tokens.everybody[:2]
    for shot in (*_odd(aim), *_resumed(_cursor(ground, token), _cursor(ground, other))):
        _open(ground, aim, shot, token, report)
    return report


def _odd(aim: Aim) -> Iterator[Shot]:
    for place in _PLACES:
        yield Shot("Last-Event-ID", STREAM, headers={"last-event-id": place})
        yield Shot("cursor", f"{STREAM}?cursor={quote(place)}")
    for name in (each["name"] for each in aim.item["parameters"] if each["in"] == "query"):
        for value in nasty.QUERIES:
            yield Shot(f"query {name}", f"{STREAM}?{name}={value}")
    for name, sent in nasty.HEADERS:
        yield Shot(f"header {name[:20]}", STREAM, headers={name: sent})


def _resumed(own: str, foreign: str) -> Iterator[Shot]:
    """Places that were given: one's own, changed, somebody else's, of another filter, two at once."""
    yield Shot("own place", STREAM, headers={"last-event-id": own.encode()})
    yield Shot("own place, cut", STREAM, headers={"last-event-id": own[:-2].encode()})
    yield Shot("somebody else's place", STREAM, headers={"last-event-id": foreign.encode()})
    yield Shot("place of another filter", f"{STREAM}?session=none-such", headers={"last-event-id": own.encode()})
    yield Shot("two places", f"{STREAM}?cursor={quote(foreign)}", headers={"last-event-id": own.encode()})


def _cursor(ground: Ground, token: str) -> str:
    connection = _connect(ground)
    try:
        connection.request("GET", FEED, headers={"authorization": f"Bearer {token}"})
        page: dict[str, Any] = json.loads(connection.getresponse().read())
        return str(page["next_cursor"])
    finally:
        connection.close()


def _open(ground: Ground, aim: Aim, shot: Shot, token: str, report: Report) -> None:
    connection = _connect(ground)
    try:
        connection.putrequest("GET", shot.target, skip_accept_encoding=True)
        connection.putheader("authorization", f"Bearer {token}")
        for name, value in shot.headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        kind = answer.getheader("content-type") or ""
        opened = answer.status == 200
        received = answer.read(len(GREETING)) if opened else answer.read()
    except (HTTPException, OSError) as error:
        report.found(finding(aim, shot, "answered", f"{type(error).__name__}: {error}", None))
        return
    finally:
        connection.close()
    report.cases["stream", aim.label] += 1
    report.statuses[aim.label, answer.status] += 1
    for check, message in wrong(aim, answer.status, kind, received):
        report.found(finding(aim, shot, check, message, answer.status))
    if opened and (not kind.startswith("text/event-stream") or received != GREETING):
        report.found(finding(aim, shot, "stream", f"{kind} {received!r}", 200))


def _connect(ground: Ground) -> HTTPConnection:
    where = urlsplit(ground.gateway)
    return HTTPConnection(where.hostname or "", where.port, timeout=SECONDS)
