"""Asks the services that hold personal data for their logs, and merges them into one by time; all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from typing import Any, Final

from gateway.adapters.calling import UNANSWERED, Services
from gateway.adapters.refusals import UpstreamDown
from shared.kernel.actor import Actor
from shared.logs import logger

KEEPERS: Final = ("assessment", "selection")
"""The services that hold personal data; placement and funding know people by ids and codes (decision 0042)."""

SECONDS: Final = 5.0
"""How long a service may take."""

_log = logger("purposes")


@dataclass(slots=True)
class Logged:
    """A page of the merged log.

    Attributes:
        entries: by time of recording, each with ``service``.
        cursors: where to go on at each service; empty when there is nothing more.
        watermarks: of the services that were asked, RFC 3339.
    """

    entries: list[dict[str, Any]]
    cursors: dict[str, str] = field(default_factory=dict)
    watermarks: list[str] = field(default_factory=list)


class PurposeLog:
    """Composes the log."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def page(self, actor: Actor, query: Mapping[str, str], limit: int, cursors: Mapping[str, str]) -> Logged:
        """The next ``limit`` entries after ``cursors``; every service says its next ``limit`` and the earliest count.

        Args:
            actor: who asks; the services decide what is seen.
            limit: entries of the page.
            query: filters as the services take them.
            cursors: where to go on; a service that is missing is asked from its beginning, an empty text means done.

        Raises:
            UpstreamDown: a service does not answer; a log with holes would be a false one.
        """
        names = [name for name in KEEPERS if cursors.get(name) != ""]
        asked = {name: dict(query) | {"limit": str(limit)} | _after(cursors.get(name)) for name in names}
        pages = await asyncio.gather(*(self._get(name, actor, asked[name]) for name in names))
        found = dict(zip(names, pages, strict=True))
        streams = [[each | {"service": name} for each in page["items"]] for name, page in found.items()]
        entries = list(merge(*streams, key=_place))[:limit]
        result = Logged(entries, watermarks=[page["watermark"] for page in pages])
        following = dict(cursors)
        for name, page in found.items():
            taken = [each for each in entries if each["service"] == name]
            if taken:
                following[name] = taken[-1]["cursor"]
            if len(taken) == len(page["items"]) and not page["next_cursor"]:
                following[name] = ""
        if any(following.get(name) != "" for name in KEEPERS):
            result.cursors = following
        return result

    async def _get(self, service: str, actor: Actor, query: Mapping[str, str]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SECONDS):
                page = await self._services.get(service, actor, "personal-reads", query)
            return {name: page[name] for name in ("items", "next_cursor", "watermark")}
        except UNANSWERED as error:
            _log.warning("purpose log without a service", upstream=service, reason=type(error).__name__)
            raise UpstreamDown("upstream-down", f"{service} does not answer; try again.", retry_after=1) from error


def _place(entry: Mapping[str, Any]) -> tuple[datetime, str]:
    return datetime.fromisoformat(entry["recorded_at"]), entry["service"]


def _after(cursor: str | None) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}
