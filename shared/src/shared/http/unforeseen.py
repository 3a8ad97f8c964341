"""The last net: what nobody foresaw becomes a problem here, so that the connection lives on for the requests behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Answering = Callable[[Request, Exception], Awaitable[Response]]


class Unforeseen:
    """ASGI middleware. Without it the server would cut the connection after a 500, and break who waits on it.

    Args:
        app: what may fail.
        answering: writes the failure down and gives the 500.
    """

    def __init__(self, app: ASGIApp, answering: Answering) -> None:
        self._app, self._answering = app, answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an answer that had begun is cut, so that nobody takes it for whole."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            if scope["type"] != "http" or begun:
                raise
            await (await self._answering(Request(scope, receive), error))(scope, receive, send)
