"""The press as the service sees it: started when something is to be printed, gone after a minute of rest."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from assessment.adapters.papers.sheet import Sheet
from shared.http.problems import Unavailable

_KEPT: Final = ("PATH", "LANG", "LC_ALL", "PYTHONUTF8", "SYSTEMROOT", "SSL_CERT_FILE")
"""All that the press learns of the service's environment; secrets stay with the service."""


class Press:
    """Prints sheets in a process of its own.

    Args:
        key, certificates: PEM files of the seal, or None where no seal is configured.
        timestamps: address of an RFC 3161 service, or None.
        rest: seconds without work after which the process ends.
        patience: seconds for one request.
    """

    def __init__(
        self, key: Path | None, certificates: Path | None, timestamps: str | None = None, *, rest: float = 60.0,
        patience: float = 60.0,
    ) -> None:  # fmt: skip
        self._files, self._timestamps = (key, certificates), timestamps
        self._rest, self._patience = rest, patience
        self._one_at_a_time = asyncio.Lock()
        self._process: Process | None = None
        self._going: asyncio.TimerHandle | None = None

    async def print(self, sheets: Sequence[Sheet]) -> list[bytes]:
        """The sealed papers, in order.

        Raises:
            Unavailable: ``no-seal`` when none is configured; ``papers-unavailable`` when the press or the timestamp
                service fails. Nothing was printed.
        """
        if None in self._files:
            raise Unavailable("no-seal", "No seal for papers is configured here.")
        async with self._one_at_a_time:
            if self._going is not None:
                self._going.cancel()
            try:
                async with asyncio.timeout(self._patience):
                    papers = await self._printed(json.dumps(sheets, ensure_ascii=False).encode())
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                await self.close()
                raise _unavailable() from error
            self._going = asyncio.get_running_loop().call_later(self._rest, self._send_home)
        return papers

    async def close(self) -> None:
        """End the process, now."""
        if self._going is not None:
            self._going.cancel()
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()

    async def _printed(self, request: bytes) -> list[bytes]:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(len(request).to_bytes(4) + request)
        await process.stdin.drain()
        head = json.loads(await process.stdout.readexactly(int.from_bytes(await process.stdout.readexactly(4))))
        if "refused" in head:
            raise _unavailable()
        return [await process.stdout.readexactly(size) for size in head["sizes"]]

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            key, certificates = self._files
            more = [] if self._timestamps is None else ["--timestamps", self._timestamps]
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "assessment.adapters.papers.pressing", str(key), str(certificates), *more,
                stdin=PIPE, stdout=PIPE, env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )  # fmt: skip
        return self._process

    def _send_home(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None


def _unavailable() -> Unavailable:
    return Unavailable("papers-unavailable", "The paper cannot be printed right now; try again.")
