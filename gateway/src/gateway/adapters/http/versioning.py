"""Every answer of the door says which version of the interface gave it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from gateway.adapters.contract.words import API_VERSION

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_STAMP = (b"api-version", API_VERSION.encode())


def stamped(send: Send) -> Send:
    """``send`` that adds ``API-Version`` to the head of the answer."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), _STAMP]
        await send(message)

    return sending
