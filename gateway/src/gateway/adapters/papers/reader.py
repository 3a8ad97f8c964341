"""What a certificate file says: its credential, and whether the file is as it was sealed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.adapters.papers.reading import LONGEST
from gateway.adapters.refusals import TooMany
from shared.kernel.refusals import Malformed

FILE_LIMIT: Final = 1024 * 1024
_SECONDS: Final = 20.0
_AT_ONCE: Final = 2
_WAITING: Final = 8


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that was read: ``intact`` is False for a PDF whose seal is missing, broken or somebody else's."""

    credential: str
    intact: bool


class PaperReader:
    """Reads uploaded files, two at a time; a PDF in a process of its own.

    Args:
        root: PEM of the authority under which papers are sealed; without it only the integrity of the seal is looked at.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def read(self, content: bytes) -> PaperFile:
        """The credential in a PDF, or the text of a JWT, JSON or slip.

        Raises:
            Malformed: ``unreadable-file``; it is none of these, or too long.
            TooMany: too many files are being read at this moment.
        """
        if content.lstrip()[:5] == b"%PDF-":
            return await self._pdf(content)
        try:
            text = content.decode().strip()
        except UnicodeDecodeError:
            raise _unreadable() from None
        if not 0 < len(text) <= LONGEST:
            raise _unreadable()
        return PaperFile(text, intact=True)

    async def _pdf(self, content: bytes) -> PaperFile:
        if self._waiting >= _WAITING:
            raise TooMany("too-many-requests", "Too many files are being read; try again shortly.", retry_after=10)
        self._waiting += 1
        try:
            async with self._turns:
                found = await self._taken_apart(content)
        finally:
            self._waiting -= 1
        if not isinstance(found.get("credential"), str):
            raise _unreadable()
        return PaperFile(str(found["credential"]), intact=found.get("sealed") is True)

    async def _taken_apart(self, content: bytes) -> dict[str, object]:
        command = [sys.executable, "-m", "gateway.adapters.papers.reading", *([str(self._root)] if self._root else [])]
        environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment | {"PYTHONDONTWRITEBYTECODE": "1"}
        )
        try:
            async with asyncio.timeout(_SECONDS):
                said, _ = await process.communicate(content)
        except TimeoutError:
            raise _unreadable() from None
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode != 0:
            raise _unreadable()
        found: dict[str, object] = json.loads(said)
        return found


def _unreadable() -> Malformed:
    return Malformed("unreadable-file", "This is not a certificate file: send the PDF, the JWT or the JSON.")
