"""Problems of the door: the shared wording with the gateway's own codes, also for the raw ASGI path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from fastapi import Request, Response

from gateway.adapters.refusals import STATUS, TITLES, ZH
from shared.http import messages, problems
from shared.kernel.refusals import Refusal

problems.STATUS.update(STATUS)
messages.TITLES.update(TITLES)
WORDING = problems.Wording(ZH)

CLOSING = {408, 431}
"""After these the connection ends with the answer."""

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def render(refusal: Refusal, locale: str) -> Response:
    """A refusal as an RFC 9457 answer with ``Retry-After`` where waiting helps and ``Allow`` where the method is wrong."""
    response = WORDING.refusal(refusal, locale)
    if "retry_after" in refusal.values:
        response.headers["retry-after"] = str(refusal.values["retry_after"])
    if response.status_code in CLOSING:
        response.headers["connection"] = "close"
    if "allow" in refusal.values:
        response.headers["allow"] = str(refusal.values["allow"])
    response.headers["x-content-type-options"] = "nosniff"
    return response


def locale_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """``zh-CN`` or ``en`` of raw headers."""
    return problems.locale_of(Request({"type": "http", "headers": list(headers)}))


async def send_problem(send: Send, headers: Iterable[tuple[bytes, bytes]], refusal: Refusal) -> None:
    """Answer a raw ASGI request with a problem in the caller's language."""
    response = render(refusal, locale_of(headers))
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": False})
