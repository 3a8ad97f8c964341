"""`talent backup`: base backups and the archived log of changes, both with checksums, in a folder that may be elsewhere."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from talent_local.home import Home
from talent_local.running.servers import postgres
from talent_local.running.supervising import stop_supervisor, supervise, supervisor
from talent_local.trouble import Trouble

ARCHIVE_SECONDS: Final = 60
"""A segment that is not full is archived after so long: what a total loss of the machine may cost."""
_SCRIPT: Final = """\
#!/bin/sh
# archive_command: copies a segment once, flushed and with its checksum; a second call for the same segment changes nothing.
set -e
cd "{wal}"
if [ -f "$2" ]; then cmp -s "{pgdata}/$1" "$2"; exit; fi
cp "{pgdata}/$1" ".$2"
sha256sum ".$2" | cut -d' ' -f1 > "$2.sha256"
sync ".$2" "$2.sha256"
mv ".$2" "$2"
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A base backup: its folder and the moment from which it can be restored."""

    folder: Path
    taken_at: datetime


def switch_on(home: Home, to: Path, seconds: int = ARCHIVE_SECONDS) -> None:
    """From the next start on archive every change into ``to``; the server is restarted when it runs.

    Args:
        home: the deployment.
        to: folder for base backups and segments; on another disk or a mounted share it survives this machine.
        seconds: the longest time for which a change may be here only.
    """
    server = postgres(home)
    for folder in (to, to / "wal", to / "base"):
        server.hand_over(folder)
    (to / "archive.sh").write_text(_SCRIPT.format(wal=to / "wal", pgdata=server.pgdata))
    server.hand_over(to)
    home.write("backup", {"to": str(to), "seconds": seconds})
    if server.is_running():
        watched = supervisor(home) is not None
        stop_supervisor(home)  # it would start the server with the old settings
        server.stop()
        postgres(home).start()
        if watched:
            supervise(home)


def take(home: Home) -> Backup:
    """Take a base backup while everything runs, and verify it by its manifest.

    Raises:
        Trouble: archiving was not switched on, or the backup is damaged.
    """
    to = folder_of(home)
    at = datetime.now(UTC)
    folder = to / "base" / at.strftime("%Y%m%dT%H%M%S.%fZ")
    server = postgres(home)
    server.program(
        "pg_basebackup",
        *("-d", server.dsn(), "-D", str(folder), "--checkpoint=fast", "--wal-method=none"),
        *("--manifest-checksums=SHA256", "--no-sync"),
    )
    if wrong := altered(folder):
        raise Trouble(f"The base backup is not what was sent: {', '.join(wrong[:5])}.", f"Is {to} sound?")
    flush(home)
    return Backup(folder, at)


def backups(home: Home) -> list[Backup]:
    """The base backups, oldest first; one that was broken off is not among them."""
    found = sorted((folder_of(home) / "base").glob("*Z"))
    return [
        Backup(folder, datetime.strptime(folder.name, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC))
        for folder in found
        if (folder / "backup_manifest").exists()
    ]


def altered(folder: Path) -> list[str]:
    """Files of a base backup that are missing or not what its manifest says, the manifest itself among them."""
    content = (folder / "backup_manifest").read_bytes()
    manifest = json.loads(content)
    signed = content[: content.rindex(b'"Manifest-Checksum"')]
    wrong = [] if hashlib.sha256(signed).hexdigest() == manifest["Manifest-Checksum"] else ["backup_manifest"]
    for each in manifest["Files"]:
        file = folder / (each["Path"] if "Path" in each else bytes.fromhex(each["Encoded-Path"]).decode())
        if not file.exists() or _sha256(file) != each["Checksum"]:
            wrong.append(str(file.relative_to(folder)))
    return wrong


def flush(home: Home, seconds: float = 30.0) -> None:
    """Archive now what was committed until now.

    Raises:
        Trouble: when the archive does not take it in time.
    """
    server = postgres(home)
    wanted = server.execute("SELECT pg_walfile_name(pg_create_restore_point('flushed'))").strip()
    server.execute("SELECT pg_switch_wal()")  # without effect where the time-out was faster
    deadline = time.monotonic() + seconds
    while not (folder_of(home) / "wal" / wanted).exists():
        if time.monotonic() > deadline:
            raise Trouble(f"The segment {wanted} was not archived.", f"Is there room in {folder_of(home)}?")
        time.sleep(0.05)


def damaged(home: Home) -> list[str]:
    """Names of archived segments whose content is not what was archived."""
    wal = folder_of(home) / "wal"
    return [
        sums.stem
        for sums in sorted(wal.glob("*.sha256"))
        if (segment := wal / sums.stem).exists() and _sha256(segment) != sums.read_text().strip()
    ]


def folder_of(home: Home) -> Path:
    """Where backups are kept. Raises ``Trouble`` when they are not."""
    kept = home.read("backup")
    if kept is None:
        raise Trouble("No backups are kept here.", "Switch them on: talent backup on FOLDER")
    return Path(kept["to"])


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
