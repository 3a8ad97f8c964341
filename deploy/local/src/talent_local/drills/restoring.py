"""Drill: a mistake is undone by going back to the moment before it; then the machine is lost and the archive is all there is."""

from __future__ import annotations

import asyncio
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from talent_local.cohort.run import door_of
from talent_local.cohort.trial import rebuilt_equals_live, rest
from talent_local.drills.books import verify
from talent_local.drills.table import Table
from talent_local.drills.writing import Writer
from talent_local.home import Home
from talent_local.running.servers import postgres
from talent_local.running.supervising import stop_supervisor
from talent_local.safekeeping import keeping
from talent_local.safekeeping.restoring import restore

RTO_SECONDS = 1800.0


async def drill(home: Home, to: Path, *, archive_seconds: int = 10, writing_seconds: float = 15.0) -> Table:
    """Run on a platform that holds something; afterwards it holds the same and a few funds.

    Args:
        home: a running platform.
        to: folder of the archive.
        archive_seconds: the promise on which the demand on what may be lost rests.
        writing_seconds: how long somebody writes before the machine is lost.
    """
    table = Table("Backup and restore")
    await asyncio.to_thread(keeping.switch_on, home, to, archive_seconds)
    async with door_of(home) as door:
        writer = Writer(door)
        await writer.open(3)
        began = time.monotonic()
        backup = await asyncio.to_thread(keeping.take, home)
        table.add(
            "base backup, verified by its SHA-256 manifest", f"{time.monotonic() - began:.1f} s, {_size(backup.folder)}"
        )
        await _mistake(home, writer, table)
        await _loss(home, writer, table, archive_seconds, writing_seconds)
        await writer.open(3)
        table.add("commands after that", 3, "accepted")
    found = await rest(home)
    table.add("invariants of the auditor violated", len(found), "0", not found)
    same, _ = await asyncio.to_thread(rebuilt_equals_live, home)
    table.add("read model rebuilt from the log equals live", same, "True", same)
    await asyncio.to_thread(verify, home, table)
    return table


async def _mistake(home: Home, writer: Writer, table: Table) -> None:
    """Five funds that stay, the moment, five that were a mistake."""
    await writer.open(5)
    kept = set(writer.acknowledged)
    await asyncio.sleep(0.2)
    moment = datetime.now(UTC)
    await asyncio.sleep(0.2)
    await writer.open(5)
    await asyncio.to_thread(keeping.flush, home)
    began = time.monotonic()
    await asyncio.to_thread(restore, home, moment, _quiet)
    seconds = time.monotonic() - began
    stored = await writer.stored()
    table.add("restore to a moment, until the platform serves", f"{seconds:.1f} s", "≤ 30 min", seconds <= RTO_SECONDS)
    table.add("of 13 funds, those of before the moment", len(stored), str(len(kept)), stored == kept)
    for number in set(writer.acknowledged) - kept:
        del writer.acknowledged[number]
    found = await rest(home)
    table.add("invariants violated after it", len(found), "0", not found)


async def _loss(home: Home, writer: Writer, table: Table, archive_seconds: int, writing_seconds: float) -> None:
    """Somebody writes; PostgreSQL and all its files are gone; what the archive holds comes back."""
    stop = asyncio.Event()
    writing = asyncio.create_task(writer.write(stop))
    await asyncio.sleep(writing_seconds)
    stop.set()
    await writing
    lost_at = time.monotonic()
    await asyncio.to_thread(_lose, home)
    began = time.monotonic()
    await asyncio.to_thread(restore, home, None, _quiet)
    seconds = time.monotonic() - began
    stored = await writer.stored()
    missing = {number: at for number, at in writer.acknowledged.items() if number not in stored}
    for number in missing:
        del writer.acknowledged[number]
    loss = lost_at - min(missing.values()) if missing else 0.0
    bound = 2 * archive_seconds
    table.add(
        "machine lost, restored from the archive alone, until it serves",
        f"{seconds:.1f} s",
        "≤ 30 min",
        seconds <= RTO_SECONDS,
    )
    table.add(
        "acknowledged commands of the last seconds that were lost",
        f"{len(missing)}, from the last {loss:.1f} s",
        f"≤ {bound} s, none refused",
        loss <= bound and not writer.refused,
    )


def _lose(home: Home) -> None:
    stop_supervisor(home)  # a lost machine supervises nothing
    server = postgres(home)
    server.kill()
    shutil.rmtree(server.pgdata)


def _size(folder: Path) -> str:
    return f"{sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:.0f} MB"


def _quiet(_: str) -> None:
    """Say nothing."""
