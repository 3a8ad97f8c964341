"""Asks every service what waits for a caller: at the same time, within a few seconds, and without the ones that are away."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from gateway.adapters.calling import UNANSWERED, Services
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


class Inbox:
    """Composes inboxes."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def of(self, actor: Actor) -> Found:
        """Everything that waits for the actor; never fails because a service does."""
        names = self._services.names
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
        except UNANSWERED as error:
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
        """One page; a role that owes nothing there gives an empty one."""
        try:
            return await self._services.get(service, actor, "obligations", query)
        except aiohttp.ClientResponseError as refusal:
            if refusal.status == 403:
                return {}
            raise
