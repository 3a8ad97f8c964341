"""Backups of a PostgreSQL with nothing but a table: to a moment, after a loss, with damage noticed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from talent_local.home import Home
from talent_local.running.servers import postgres
from talent_local.safekeeping import keeping
from talent_local.safekeeping.restoring import restore_databases
from talent_local.trouble import Trouble


@pytest.fixture
def home() -> Iterator[Home]:
    root = Path(tempfile.mkdtemp(prefix="talent-keeping-"))
    root.chmod(0o755)  # PostgreSQL may run as another account
    found = Home(root).create()
    postgres(found).start()
    postgres(found).execute("CREATE TABLE note (id int)")
    try:
        yield found
    finally:
        postgres(found).kill()
        shutil.rmtree(root, ignore_errors=True)


def note(home: Home, *numbers: int) -> None:
    for number in numbers:
        postgres(home).execute(f"INSERT INTO note VALUES ({number})")


def noted(home: Home) -> list[int]:
    return [int(line) for line in postgres(home).execute("SELECT id FROM note ORDER BY id").split()]


def lose(home: Home) -> None:
    server = postgres(home)
    server.kill()
    shutil.rmtree(server.pgdata)


def quiet(_: str) -> None:
    return


def test_a_mistake_is_undone_and_a_lost_machine_comes_back(home: Home) -> None:
    """The moment before the mistake; later, after a total loss, everything that was archived, on the new time line too."""
    keeping.switch_on(home, home.root / "kept", 1)
    note(home, 1)
    backup = keeping.take(home)
    note(home, 2)
    time.sleep(0.1)
    moment = datetime.now(UTC)
    time.sleep(0.1)
    note(home, 3)
    keeping.flush(home)

    restore_databases(home, moment, quiet)
    assert noted(home) == [1, 2]

    note(home, 4)
    keeping.flush(home)
    lose(home)
    restore_databases(home, None, quiet)
    assert noted(home) == [1, 2, 4]
    note(home, 5)
    assert noted(home) == [1, 2, 4, 5]
    assert keeping.backups(home) == [backup]
    assert keeping.damaged(home) == []


def test_damage_and_missing_backups_are_said_before_anything_is_touched(home: Home) -> None:
    """A segment that was altered, a base backup that was altered, a moment before the first backup."""
    with pytest.raises(Trouble):
        keeping.take(home)
    keeping.switch_on(home, home.root / "kept", 1)
    backup = keeping.take(home)
    note(home, 1)
    keeping.flush(home)
    with pytest.raises(Trouble, match="no base backup"):
        restore_databases(home, backup.taken_at - timedelta(seconds=1), quiet)

    segment = next(path for path in sorted((home.root / "kept" / "wal").iterdir()) if not path.suffix)
    content = segment.read_bytes()
    segment.write_bytes(b"\x00" + content[1:])
    assert keeping.damaged(home) == [segment.name]
    with pytest.raises(Trouble, match="altered"):
        restore_databases(home, None, quiet)
    segment.write_bytes(content)
    (backup.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble, match="PG_VERSION"):
        restore_databases(home, None, quiet)

    assert noted(home) == [1]
