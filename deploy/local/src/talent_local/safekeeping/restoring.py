"""`talent restore`: all databases as they were at one moment, the event log in step with them, the platform up."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from talent_local.home import Home
from talent_local.running import platform
from talent_local.running.servers import postgres
from talent_local.safekeeping.keeping import altered, backups, damaged, folder_of
from talent_local.safekeeping.refilling import refill
from talent_local.trouble import Trouble

RECOVERY_SECONDS: Final = 600.0
Say = Callable[[str], None]


def restore(home: Home, until: datetime | None = None, say: Say = print) -> None:
    """Put the databases back to a moment, or to the last change that was archived, and start the platform.

    All databases are of one cluster, so they are put back to the same moment and agree with each other. The embedded log
    is one of them. A Kafka log is not: it knows events that were never committed in the restored world, so it is begun
    anew and refilled. What is replaced is kept beside it as ``pgdata.before-…``.

    Args:
        home: the deployment; its keys must be those under which the backup was written.
        until: restored are all transactions committed before; None for everything there is.
        say: hears a line per step.

    Raises:
        Trouble: no backup from before ``until``; damaged segments; or the moment was not reached.
    """
    if home.read("plan") is not None:
        platform.stop(home, say=say)
    restore_databases(home, until, say)
    if (home.read("log") or {}).get("kind", platform.EMBEDDED) != platform.EMBEDDED:
        refill(home, say)
    platform.start(home, say=say)


def restore_databases(home: Home, until: datetime | None = None, say: Say = print) -> None:
    """The databases alone, of a platform whose programs do not run; PostgreSQL runs afterwards.

    Raises:
        Trouble: as ``restore``.
    """
    chosen = [backup for backup in backups(home) if until is None or backup.taken_at < until]
    if not chosen:
        raise Trouble("There is no base backup from before that moment.", f"See {folder_of(home) / 'base'}.")
    if wrong := damaged(home):
        raise Trouble(f"Archived segments were altered: {', '.join(wrong)}.", "Use another copy of the archive.")
    server = postgres(home)
    base = chosen[-1].folder
    if wrong := altered(base):
        raise Trouble(f"The base backup was altered: {', '.join(wrong[:5])}.", "Use another copy or an earlier backup.")
    say(f"restoring from {base.name}, checksums verified")
    server.kill()
    if server.pgdata.exists():
        server.pgdata.rename(server.pgdata.with_name(f"pgdata.before-{time.time_ns()}"))
    shutil.copytree(base, server.pgdata, symlinks=True)
    with (server.pgdata / "postgresql.auto.conf").open("a") as settings:
        settings.write(f'restore_command = \'cp "{folder_of(home)}/wal/%f" "%p"\'\n')
        settings.write("recovery_target_timeline = 'latest'\nrecovery_target_action = 'promote'\n")
        if until is not None:
            settings.write(f"recovery_target_time = '{until.isoformat()}'\nrecovery_target_inclusive = 'off'\n")
    (server.pgdata / "recovery.signal").touch()
    server.hand_over(server.pgdata)
    server.start()
    _await_promotion(home)
    _forget_the_target(home)
    say("databases restored")


def _await_promotion(home: Home) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while postgres(home).execute("SELECT pg_is_in_recovery()").strip() == "t":
        if time.monotonic() > deadline:
            raise Trouble("The databases did not reach the moment.", f"See {postgres(home).log}.")
        time.sleep(0.05)


def _forget_the_target(home: Home) -> None:
    """The next start is an ordinary one."""
    for name in ("restore_command", "recovery_target_time", "recovery_target_inclusive", "recovery_target_timeline"):
        postgres(home).execute(f"ALTER SYSTEM RESET {name}")
