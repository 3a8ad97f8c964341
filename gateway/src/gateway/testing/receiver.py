"""A receiver of webhooks on a real socket, that does what it is told: takes, refuses, is slow, hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web


@dataclass(frozen=True, slots=True)
class Received:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    answered: int

    @property
    def id(self) -> str:
        """``webhook-id``."""
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict[str, Any]:
        """The body."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found


Answer = Callable[[str, int], tuple[int, dict[str, str]]]
"""Gives status and headers for a path and the number of the request at it (from 1)."""


class Receiver:
    """``async with Receiver() as receiver``; then ``receiver.url("/hook")``."""

    def __init__(self, answer: Answer = lambda _path, _count: (204, {})) -> None:
        self.answer = answer
        self.received: list[Received] = []
        self.came = asyncio.Condition()
        self._counts: dict[str, int] = {}
        self._port = 0

    def url(self, path: str = "/hook") -> str:
        """Address of a path."""
        return f"http://127.0.0.1:{self._port}{path}"

    def taken(self, path: str = "/hook") -> list[Received]:
        """What was answered with 2xx at a path, in order."""
        return [one for one in self.received if one.path == path and 200 <= one.answered < 300]

    def ids(self, path: str = "/hook") -> list[str]:
        """Ids of what was taken at a path; only the first time that each came."""
        return list(dict.fromkeys(one.id for one in self.taken(path)))

    async def until(self, fulfilled: Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait until something that came in makes it true."""
        async with asyncio.timeout(seconds), self.came:
            await self.came.wait_for(fulfilled)

    async def _take(self, request: web.Request) -> web.Response:
        self._counts[request.path] = count = self._counts.get(request.path, 0) + 1
        body = await request.read()
        status, headers = self.answer(request.path, count)
        kept = {name.lower(): value for name, value in request.headers.items()}
        async with self.came:
            self.received.append(Received(request.path, kept, body, status))
            self.came.notify_all()
        return web.Response(status=status, headers=headers, text="" if status < 300 else "no, 540102199001011234")

    async def __aenter__(self) -> Receiver:
        application = web.Application()
        application.router.add_route("*", "/{rest:.*}", self._take)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
