"""Asks for a thing, for the list and for a change, and compares with what the policy table says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import orjson

from shared.kernel.actor import Role, stands
from shared.kernel.refusals import Forbidden, NotFound
from shared.work.policy import PolicyTable
from talent_local.authorization import ROLES, Way, services, ways
from talent_local.cohort.road.door import Door
from talent_local.cohort.specimens import Operation, operations, specimen
from talent_local.matrix.callers import Caller, telling
from talent_local.matrix.things import Kind, Thing

AT_ONCE: Final = 8
STALE: Final = '"v987654"'
"""A version that nothing has: who may change the thing is told so, and nothing is changed."""
INSIDE: Final = frozenset({Role.SERVICE})
"""Roles that no token of a person or agency carries."""


@dataclass(frozen=True, slots=True)
class Change:
    """A changing operation on one thing of a kind."""

    operation: Operation
    way: Way


@dataclass(slots=True)
class Matrix:
    """The door, everybody who asks, and what was wrong.

    Attributes:
        asked: requests by what was asked: ``one``, ``list``, ``write``.
        wrong: what did not come as the policy table says.
    """

    door: Door
    session: aiohttp.ClientSession
    document: dict[str, Any]
    everybody: tuple[Caller, ...]
    asked: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _ways: dict[tuple[str, str], Way] = field(default_factory=lambda: {(way.method, way.path): way for way in ways()})
    _tables: dict[str, PolicyTable] = field(
        default_factory=lambda: {name: service.policy for name, service in services().items()}
    )

    async def ask(self, kind: Kind, stored: list[Thing], chosen: list[Thing]) -> None:
        """The list of a kind, some of its things, and every change of one of them."""
        listed = self._ways["GET", kind.path]
        questions = [self._list(kind, role, caller, stored) for role, caller in self._asking(listed)]
        if kind.one:
            way = self._ways["GET", kind.one]
            questions += [
                self._one(kind, way, role, caller, thing) for role, caller in self._asking(way) for thing in chosen
            ]
            questions += [
                self._write(kind, change, role, caller, chosen[0])
                for change in self.changes(kind)
                for role, caller in self._asking(change.way)
                if chosen
            ]
        await asyncio.gather(*questions)

    def changes(self, kind: Kind) -> Iterator[Change]:
        """The operations that change one thing of a kind, with a JSON body and nothing else in the address."""
        for operation in operations(self.document):
            inner = operation.template.removeprefix(kind.one)
            if operation.template.startswith(kind.one) and "{" not in inner and inner[:1] in {"", "/"}:
                way = self._ways.get((operation.method, operation.template))
                if way is not None and way.action:
                    yield Change(operation, way)

    def _asking(self, way: Way) -> Iterator[tuple[Role, Caller]]:
        for role in ROLES:
            relations = frozenset(way.granted.get(role, ()))
            if relations and role not in INSIDE:
                yield from ((role, caller) for caller in telling(self.everybody, relations))

    async def _list(self, kind: Kind, role: Role, caller: Caller, stored: list[Thing]) -> None:
        way = self._ways["GET", kind.path]
        wanted = {
            thing.key
            for thing in stored
            if any(stands(caller.actor(role), relation, thing.facets) for relation in way.granted[role])
        }
        found: list[str] = []
        cursor = ""
        while True:
            status, page = await self._send("list", "GET", f"{kind.path}?limit=100{cursor}", role, caller)
            if status != 200:
                self._complain(kind, "list", role, caller, f"{status} {page}")
                return
            found += [item[kind.key] for item in page["items"]]
            if not page.get("next_cursor"):
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.outcomes["list", "some" if 0 < len(found) < len(stored) else "all" if found else "none"] += 1
        if len(found) != len(set(found)) or set(found) != wanted:
            extra, lacking = sorted(set(found) - wanted), sorted(wanted - set(found))
            told = f"{len(extra)} too many {extra[:2]}, {len(lacking)} lacking {lacking[:2]} of {len(stored)}"
            self._complain(kind, "list", role, caller, told)

    async def _one(self, kind: Kind, way: Way, role: Role, caller: Caller, thing: Thing) -> None:
        seen = any(stands(caller.actor(role), relation, thing.facets) for relation in way.granted[role])
        path = kind.one.partition("{")[0] + thing.key
        status, answer = await self._send("one", "GET", path, role, caller)
        self.outcomes["one", str(status)] += 1
        if status != (200 if seen else 404):
            self._complain(kind, f"GET {path}", role, caller, f"{status} {answer}, facets {thing.facets}")

    async def _write(self, kind: Kind, change: Change, role: Role, caller: Caller, thing: Thing) -> None:
        wanted = self._decided(kind, change, role, caller, thing)
        operation = change.operation
        if wanted == 0 and not operation.conditional:
            return  # it would be done
        path = operation.template.replace(kind.one, kind.one.partition("{")[0] + thing.key)
        body = orjson.dumps({} if operation.schema is None else specimen(self.document, operation.schema))
        status, answer = await self._send("write", operation.method, path, role, caller, body)
        code = answer.get("code") if isinstance(answer, dict) else None
        self.outcomes["write", str(status)] += 1
        good = (status, code) in {(403, "not-yours"), (404, "not-found")} if wanted else status in {409, 412, 422}
        if not good or (wanted and status != wanted):
            told = f"{status} {answer}, not {wanted or 'let through'}; facets {thing.facets}"
            self._complain(kind, f"{operation.method} {path}", role, caller, told)

    def _decided(self, kind: Kind, change: Change, role: Role, caller: Caller, thing: Thing) -> int:
        try:
            self._tables[kind.service].decide(change.way.action, caller.actor(role), thing.facets)
        except NotFound:
            return 404
        except Forbidden:
            return 403
        return 0

    async def _send(
        self, what: str, method: str, path: str, role: Role, caller: Caller, body: bytes | None = None
    ) -> tuple[int, Any]:
        token = await self.door.token(caller.person(role))
        headers = {"authorization": f"Bearer {token}"}
        if body is not None:
            headers |= {"content-type": "application/json", "if-match": STALE}
        self.asked[what] += 1
        async with (
            self._turns,
            self.session.request(method, self.door.gateway + path, data=body, headers=headers) as response,
        ):
            received = await response.read()
            return response.status, orjson.loads(received) if "json" in response.content_type else received[:200]

    def _complain(self, kind: Kind, what: str, role: Role, caller: Caller, told: str) -> None:
        who = f"{role} ({caller.stands}: {caller.account} of {caller.organisation or 'nowhere'})"
        self.wrong.append(f"{kind.name}, {what} as {who}: {told[:700]}")
