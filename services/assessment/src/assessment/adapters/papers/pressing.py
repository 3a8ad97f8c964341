"""The press: a process of its own that sets and seals papers, so that the service itself stays small.

Started by ``Press`` when something is to be printed. Reads requests from its input and answers on its output, each with
a head of four bytes (length, big endian). A request is JSON: a list of sheets. An answer is JSON ``{"sizes": […]}``
followed by the papers, or ``{"refused": name of the error}``. Ends when its input ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import BinaryIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from typst import TypstError

from assessment.adapters.papers.sealing import LocalSealKey, Sealer
from assessment.adapters.papers.sheet import Sheet
from assessment.adapters.papers.typesetting import Typesetter


class PrintingPress:
    """Sets and seals; keeps fonts, template and key between papers."""

    def __init__(self, sealer: Sealer) -> None:
        self._typesetter, self._sealer = Typesetter(), sealer

    async def paper(self, sheet: Sheet) -> bytes:
        """One sealed paper."""
        return await self._sealer.seal(self._typesetter.pdf(sheet))


async def _answer(press: PrintingPress, request: bytes, out: BinaryIO) -> None:
    try:
        papers = [await press.paper(sheet) for sheet in json.loads(request)]
    except (TypstError, SigningError, TimestampRequestError, PdfError, OSError) as error:
        _write(out, {"refused": type(error).__name__}, [])
        return
    _write(out, {"sizes": [len(paper) for paper in papers]}, papers)


def _write(out: BinaryIO, head: dict[str, object], papers: list[bytes]) -> None:
    content = json.dumps(head).encode()
    out.write(len(content).to_bytes(4) + content)
    out.writelines(papers)
    out.flush()


async def _work(key: Path, certificates: Path, timestamps: str | None) -> None:
    sealing = LocalSealKey(key, certificates)
    if timestamps is None:
        await _serve(PrintingPress(Sealer(sealing)))
        return
    import aiohttp
    from pyhanko.sign.timestamps.aiohttp_client import AIOHttpTimeStamper

    async with aiohttp.ClientSession() as session:
        stamper: TimeStamper = AIOHttpTimeStamper(timestamps, session)
        await _serve(PrintingPress(Sealer(sealing, stamper)))


async def _serve(press: PrintingPress) -> None:
    requests, out = sys.stdin.buffer, sys.stdout.buffer
    while head := await asyncio.to_thread(requests.read, 4):
        await _answer(press, await asyncio.to_thread(requests.read, int.from_bytes(head)), out)


def main() -> None:
    """Print until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m assessment.adapters.papers.pressing")
    parser.add_argument("key", type=Path)
    parser.add_argument("certificates", type=Path)
    parser.add_argument("--timestamps", help="address of an RFC 3161 timestamp service")
    arguments = parser.parse_args()
    asyncio.run(_work(arguments.key, arguments.certificates, arguments.timestamps))


if __name__ == "__main__":
    main()
