"""The guard of a route that takes a file as its body: counted while it arrives, refused by type before it is read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header, Request

from shared.http.commands import Command
from shared.http.guards import CommandGuard, authenticate
from shared.http.running import running_of
from shared.kernel.refusals import TooLarge, UnsupportedFile

_TAKEN = frozenset(
    {
        "text/csv", "application/csv", "text/plain", "application/vnd.ms-excel", "application/octet-stream",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)  # fmt: skip


class UploadGuard(CommandGuard):
    """As ``CommandGuard``; afterwards ``await request.body()`` gives the file.

    Args:
        action: of the policy table.
        limit: bytes.
        kinds: media types taken besides ``application/octet-stream``; None for sheets.
    """

    def __init__(self, action: str, limit: int, *, kinds: frozenset[str] | None = None) -> None:
        super().__init__(action)
        self.limit = limit
        self.kinds = None if kinds is None else kinds | {"application/octet-stream"}

    async def __call__(
        self,
        request: Request,
        idempotency_key: Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                description="Repeat the request with the same key and get the same answer, once.",
            ),
        ] = None,
        if_match: Annotated[str | None, Header(alias="If-Match", description="Not used by uploads.")] = None,
    ) -> Command[Any]:
        """The command, ready to run; the body is read. Raises ``TooLarge``, ``UnsupportedFile``."""
        running = running_of(request)
        if not running.service.policy.relations(self.action, authenticate(request, running)):
            request._body = b""
            return await super().__call__(request, idempotency_key, if_match)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if "macroenabled" in kind:
            raise UnsupportedFile("macro-file", "Save the workbook without macros (.xlsx) and send it again.")
        if self.kinds is not None and kind not in self.kinds:
            raise UnsupportedFile("wrong-file-type", f"Send one of: {', '.join(sorted(self.kinds))}.", found=kind)
        if self.kinds is None and kind not in _TAKEN:
            raise UnsupportedFile("not-a-sheet", "Send a .xlsx or .csv file.", found=kind)
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self.limit:
            raise self._too_large()
        pieces, size = [], 0
        async for piece in request.stream():
            size += len(piece)
            if size > self.limit:
                raise self._too_large()
            pieces.append(piece)
        request._body = b"".join(pieces)
        return await super().__call__(request, idempotency_key, if_match)

    def _too_large(self) -> TooLarge:
        return TooLarge("file-too-large", "The file is too large.", limit=self.limit)
