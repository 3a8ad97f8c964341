"""Asks every service what waits for a caller: at the same time, within a few seconds, and without the ones that are away."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import orjson

from gateway.adapters.inbox.entry import Entry, entry_of
from shared.kernel.actor import Actor, Role
from shared.logs import logger

SECONDS = 3.0
"""How long a service may take in all."""

MOST = 500
"""Obligations that are asked of one service at most."""

_PAGE = 100
_log = logger("inbox")

SELECTING = (
    Role.APPLICANT, Role.UNIT_OFFICER, Role.LOCAL_REVIEWER, Role.PANEL_EXPERT, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER,
)  # fmt: skip
"""The roles that owe something in selection; its list shows watchers everybody's, so it is asked role by role."""


class Signer(Protocol):
    """Signs internal tokens."""

    def sign(self, actor: Actor, audience: str) -> str:
        """A token for ``audience`` that lives sixty seconds."""
        ...


@dataclass(slots=True)
class Found:
    """What the services said.

    Attributes:
        entries: in the order of the list.
        unavailable: services that did not answer.
        truncated: services that had more than was asked of them.
    """

    entries: list[Entry] = field(default_factory=list)
    unavailable: list[str] = field(default_factory=list)
    truncated: list[str] = field(default_factory=list)

    def add(self, entries: list[Entry]) -> None:
        """More entries, in their places."""
        self.entries = sorted([*self.entries, *entries], key=lambda entry: entry.place)


class Away(Exception):
    """A service does not answer as it should."""


class Inbox:
    """Composes inboxes.

    Args:
        upstreams: address of each service.
        session: the pool of the door.
        signer: speaks for the caller to the services.
    """

    def __init__(self, upstreams: Mapping[str, str], session: aiohttp.ClientSession, signer: Signer) -> None:
        self._upstreams = {name: address.rstrip("/") for name, address in upstreams.items()}
        self._session = session
        self._signer = signer

    async def of(self, actor: Actor) -> Found:
        """Everything that waits for the actor; never fails because a service does."""
        names = sorted(self._upstreams)
        answers = await asyncio.gather(*(self._bounded(name, actor) for name in names))
        found = Found()
        for name, answer in zip(names, answers, strict=True):
            if answer is None:
                found.unavailable.append(name)
                continue
            entries, more = answer
            found.entries += entries
            if more:
                found.truncated.append(name)
        found.add([])
        return found

    async def _bounded(self, service: str, actor: Actor) -> tuple[list[Entry], bool] | None:
        try:
            async with asyncio.timeout(SECONDS):
                items, more = await self._ask(service, actor)
            return [entry_of(service, item) for item in items], more
        except (Away, OSError, aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            _log.warning("inbox without a service", upstream=service, reason=type(error).__name__)
            return None

    async def _ask(self, service: str, actor: Actor) -> tuple[list[dict[str, Any]], bool]:
        if service != "selection":
            page = await self._get(service, actor, {"mine": "true", "limit": str(MOST)})
            return page.get("items", []), bool(page.get("more"))
        items: list[dict[str, Any]] = []
        for role in SELECTING:
            cursor, first = None, True
            while actor.has(role) and (first or cursor) and len(items) < MOST:
                query = {"role": role.value, "limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
                page = await self._get(service, actor, query)
                items += page.get("items", [])
                cursor, first = page.get("next_cursor"), False
            if cursor:
                return items, True
        return items, False

    async def _get(self, service: str, actor: Actor, query: Mapping[str, str]) -> dict[str, Any]:
        """One page; a role that owes nothing there gives an empty one. Raises ``Away`` and what the client raises."""
        headers = {"authorization": f"Bearer {self._signer.sign(actor, service)}", "accept": "application/json"}
        url = f"{self._upstreams[service]}/v1/{service}/obligations"
        async with self._session.get(url, params=query, headers=headers, allow_redirects=False) as response:
            body = await response.read()
            if response.status == 403:
                return {}
            if response.status != 200:
                raise Away(str(response.status))
        page: dict[str, Any] = orjson.loads(body)
        return page
