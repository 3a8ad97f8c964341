"""The published contract: fetched from the services when somebody asks, merged, kept for a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import orjson

from gateway.adapters.contract.complete import complete
from gateway.adapters.contract.merge import Document, merge
from gateway.adapters.contract.words import API_VERSION
from gateway.adapters.forwarding.table import Route, RouteTable
from gateway.adapters.refusals import UpstreamDown

KEPT_SECONDS = 60.0
OPEN = ("/verify", "/openapi.json", "/problems/", "/board/", "/journey/", "/docs", "/static/", "/v1/verifications",
        "/v1/reference")  # fmt: skip

Fetch = Callable[[str], Awaitable[Any]]


class Contract:
    """Gives the merged document.

    Args:
        upstreams: address of each service.
        own: makes the gateway's own document.
        fetch: GET of a JSON document.
        table: the route table; it knows which ways are open, public or closed.
    """

    def __init__(
        self,
        upstreams: Mapping[str, str],
        own: Callable[[], Document],
        fetch: Fetch,
        table: RouteTable | None = None,
    ) -> None:
        self._upstreams = dict(upstreams)
        self._own = own
        self._fetch = fetch
        self._table = table or RouteTable()
        self._lock = asyncio.Lock()
        self._kept: tuple[float, bytes] | None = None

    async def document(self) -> bytes:
        """The merged document as JSON.

        Raises:
            UpstreamDown: a service does not answer and nothing was kept.
            ContractConflict: the services contradict each other.
        """
        async with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > KEPT_SECONDS:
                self._kept = (time.monotonic(), orjson.dumps(await self._build()))
            return self._kept[1]

    async def _build(self) -> Document:
        names = sorted(self._upstreams)
        try:
            found = await asyncio.gather(*(self._fetch(self._upstreams[name] + "/openapi.json") for name in names))
        except (OSError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise UpstreamDown(
                "upstream-down", "A service does not answer with its contract; try again shortly.", retry_after=2
            ) from error
        documents = dict(zip(names, found, strict=True)) | {"gateway": self._own()}
        return await asyncio.to_thread(self._whole, documents)

    def _whole(self, documents: Mapping[str, Document]) -> Document:
        """Merged and completed; takes about a second, so it is done beside the event loop."""
        merged = merge(
            documents, title="Talent Programme Platform", version=API_VERSION, is_public=self.is_public
        )  # fmt: skip
        return complete(merged)

    def is_public(self, method: str, path: str) -> bool | None:
        """True without a token, False with one, None for a way that is closed at the door."""
        route: Route | None = self._table.match(path)
        if route is None:
            return True if path.startswith(OPEN) else False if path.startswith("/v1/") else None
        if route.methods is not None and method not in route.methods:
            return None
        return route.public
