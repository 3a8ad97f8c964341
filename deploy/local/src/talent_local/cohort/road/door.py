"""The client of the road: every command carries a key of its own, so that it can be repeated after any failure."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlencode

import aiohttp
import orjson

from talent_local.cohort.road.persons import Person
from talent_local.issuer.grants import DEVELOPMENT_GRANT
from talent_local.trouble import Trouble

AT_ONCE: Final = 16
PATIENCE_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 90.0
TOKEN_SECONDS: Final = 3000.0
_BUSY: Final = 503
_CONFLICT: Final = 409
_IN_FLIGHT: Final = frozenset({"in-flight"})
_NO_ANSWER: Final = "no-answer"


class Refused(Trouble):
    """The platform refused a step of the road; nothing is retried after that.

    Attributes:
        status: HTTP status.
        problem: the decoded answer.
    """

    def __init__(self, status: int, problem: Any, request: str) -> None:
        self.status = status
        self.problem: dict[str, Any] = problem if isinstance(problem, dict) else {"detail": str(problem)[:500]}
        errors = self.problem.get("errors") or []
        told = [
            f"    {error.get('pointer', '')} {error.get('code')}: {error.get('detail', '')}" for error in errors[:8]
        ]
        reason = f"{self.problem.get('code', '')} {self.problem.get('detail', '')}".strip()
        super().__init__("\n".join([f"{request}: {status} {reason}", *told]))

    @property
    def code(self) -> str:
        """Code of the problem."""
        return str(self.problem.get("code", ""))


@dataclass(slots=True)
class Tally:
    """What the client did: requests answered, commands among them, requests repeated.

    Attributes:
        causes: what a request met before it was repeated (status and code, or the kind of a broken connection) → how often.
        longest: seconds that the slowest request took, with its repetitions.
    """

    answered: int = 0
    commands: int = 0
    repeated: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0


@dataclass(slots=True)
class Door:
    """Requests through the gateway in the name of acting persons.

    Attributes:
        gateway, issuer: origins.
        patience: seconds for which a request is repeated.
    """

    gateway: str
    issuer: str
    patience: float = PATIENCE_SECONDS
    tally: Tally = field(default_factory=Tally)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _session: aiohttp.ClientSession | None = None
    _tokens: dict[Person, tuple[str, float]] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=4)
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def command(
        self, person: Person | None, method: str, path: str, body: Any = None, *, step: str, subject: str = ""
    ) -> Any:
        """A changing request, repeated until it is answered.

        Args:
            person: who acts; None asks without a token.
            method: POST or PUT.
            path: below the gateway's origin.
            body: JSON value; None sends an empty object.
            step: name of the step; with ``subject``, address and body it makes the idempotency key.
            subject: whom or what it is about.

        Raises:
            Refused: for an answer that is no success.
        """
        content = orjson.dumps({} if body is None else body)
        digest = hashlib.sha256(b"\0".join([method.encode(), path.encode(), content])).hexdigest()[:16]
        headers = {"content-type": "application/json", "idempotency-key": f"{step}:{subject}:{digest}"}
        answer = await self._answered(person, method, path, content, headers)
        self.tally.commands += 1
        return answer

    async def post(self, person: Person, path: str, body: Any = None, *, step: str, subject: str = "") -> Any:
        """``command`` with POST."""
        return await self.command(person, "POST", path, body, step=step, subject=subject)

    async def get(self, person: Person | None, path: str, **query: Any) -> Any:
        """A reading request; None asks without a token."""
        return await self._answered(person, "GET", with_query(path, query), None, {})

    async def each(self, person: Person, path: str, **query: Any) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        cursor = None
        while True:
            page = await self.get(person, path, limit=100, cursor=cursor, **query)
            for item in page["items"]:
                yield item
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    async def all(self, person: Person, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every item of a list."""
        return [item async for item in self.each(person, path, **query)]

    async def token(self, person: Person) -> str:
        """An access token of the development issuer, kept for most of its hour."""
        known = self._tokens.get(person)
        if known is not None and time.monotonic() - known[1] < TOKEN_SECONDS:
            return known[0]
        form = {
            "grant_type": DEVELOPMENT_GRANT, "subject": person.account, "roles": person.roles,
            "organisation": person.organisation,
        }  # fmt: skip
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = await self._repeat("POST", f"{self.issuer}/token", urlencode(form).encode(), kind)
        self._tokens[person] = (answer["access_token"], time.monotonic())
        return str(answer["access_token"])

    async def _answered(
        self, person: Person | None, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> Any:
        if person is not None:
            headers = headers | {"authorization": f"Bearer {await self.token(person)}"}
        return await self._repeat(method, self.gateway + path, content, headers)

    async def _repeat(self, method: str, url: str, content: bytes | None, headers: dict[str, str]) -> Any:
        """Send until answered: a broken connection, 503 and a command in flight are tried again, nothing else is."""
        began = time.monotonic()
        give_up = began + self.patience
        attempt = 0
        while True:
            attempt += 1
            try:
                status, answer = await self._send(method, url, content, headers)
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError) as error:
                status, answer = _BUSY, {"code": _NO_ANSWER, "detail": f"{type(error).__name__}: {error}"}
            if 200 <= status < 300:
                self.tally.answered += 1
                self.tally.longest = max(self.tally.longest, time.monotonic() - began)
                return answer
            code = answer.get("code") if isinstance(answer, dict) else None
            again = status == _BUSY or (status == _CONFLICT and code in _IN_FLIGHT)
            if not again or time.monotonic() > give_up:
                raise Refused(status, answer, f"{method} {url}")
            self.tally.repeated += 1
            self.tally.causes[f"{status} {code}" if code != _NO_ANSWER else answer["detail"].partition(":")[0]] += 1
            await asyncio.sleep(min(2.0, 0.05 * 2 ** min(attempt, 6)) * random.uniform(0.5, 1.5))

    async def _send(self, method: str, url: str, content: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
        if self._session is None:
            raise RuntimeError("the door is not open")
        async with self._turns, self._session.request(method, url, data=content, headers=headers) as response:
            received = await response.read()
            if "json" in response.content_type and received:
                return response.status, orjson.loads(received)
            return response.status, received.decode("utf-8", "replace")


def with_query(path: str, query: dict[str, Any]) -> str:
    """The path with the parameters that are not None."""
    given = {name: str(value) for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path
