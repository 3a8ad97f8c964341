"""A unit is what is kept running: a program of the platform, PostgreSQL, or a Kafka broker. All speak one language."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

import psutil

from talent_local.home import Home, replace
from talent_local.running.outliving import outliving

GRACE_SECONDS = 15.0
"""How long a program may take to end by itself; requests and transactions in flight are finished in that time."""
_CLOCK_MOVES_SECONDS = 2.0
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "TZDIR", "SSL_CERT_FILE", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")


class Unit(Protocol):
    """What the supervisor and the commands need to know of a thing that runs."""

    @property
    def pid(self) -> int | None:
        """Process id of the live unit, or None."""
        ...

    def start(self) -> None:
        """Start it unless it runs."""
        ...

    def stop(self) -> None:
        """End it in order, by force only when it does not end."""
        ...

    def kill(self) -> None:
        """Crash it: SIGKILL."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a program is started, as data: it is written to `plan.json` and read by the supervisor.

    Attributes:
        name: name of the process and of its log.
        command: program and arguments.
        environment: settings of the program, in addition to a few variables of the machine.
        port: loopback port it listens on, or None.
        ready: path that answers 200 once the program can serve.
    """

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    port: int | None = None
    ready: str = "/health/ready"

    @property
    def url(self) -> str | None:
        """Origin of the program's HTTP interface, or None."""
        return f"http://127.0.0.1:{self.port}" if self.port else None

    def as_dict(self) -> dict[str, Any]:
        """For `plan.json`."""
        return asdict(self)

    @classmethod
    def of(cls, content: dict[str, Any]) -> Self:
        """From `plan.json`."""
        return cls(**content)


class Program:
    """One program in the background: its own session, output to its log, process id in a file that survives us."""

    def __init__(self, home: Home, recipe: Recipe) -> None:
        self.recipe = recipe
        self._log = home.log(recipe.name)
        self._record = home.pids / f"{recipe.name}.json"
        self._cwd = home.root
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the live program, or None; a reused number is not taken for it."""
        if self._child is not None:
            self._child.poll()  # reaps it when it has ended
        process = recorded(self._record)
        return process.pid if process else None

    @property
    def last_exit(self) -> int | None:
        """Exit status of the program when it was our child and has ended; minus the number of a signal."""
        return self._child.poll() if self._child else None

    def start(self) -> None:
        """Start it unless it runs."""
        if self.pid is not None:
            return
        environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
        environment |= {key: value for key, value in os.environ.items() if key.startswith("OTEL_")}  # where traces go
        environment |= {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "TZ": "UTC"}
        with self._log.open("ab") as log:
            self._child = outliving(
                subprocess.Popen(
                    self.recipe.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self._cwd,
                    env=environment | self.recipe.environment,
                    start_new_session=True,
                )
            )
        record(self._record, self._child.pid)

    def stop(self) -> None:
        """Ask it to end; after `GRACE_SECONDS` by force."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Crash it."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> None:
        process = recorded(self._record)
        if process is None:
            return
        send(process, sign)
        if not ended(process, GRACE_SECONDS):
            send(process, signal.SIGKILL)
            ended(process, GRACE_SECONDS)


def record(path: Path, pid: int) -> None:
    """Note a process by number and start."""
    replace(path, json.dumps({"pid": pid, "started": psutil.Process(pid).create_time(), "ticks": _ticks(pid)}))


def recorded(path: Path) -> psutil.Process | None:
    """The live process that was noted, or None when it has ended, even when its number lives on."""
    try:
        noted = json.loads(path.read_text())
        process = psutil.Process(noted["pid"])
        ticks = _ticks(process.pid)
        if ticks is not None and noted.get("ticks") is not None:
            same = ticks == noted["ticks"]
        else:
            same = abs(process.create_time() - noted["started"]) < _CLOCK_MOVES_SECONDS
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, KeyError, psutil.Error):
        return None


def _ticks(pid: int) -> int | None:
    """Clock ticks between the machine's start and the process's, where /proc tells them.

    The time of day of a start is computed from the time of day of the machine's start, which moves when the clock is set
    right: a whole platform then looked as if it had died.
    """
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return None


def send(process: psutil.Process, sign: signal.Signals) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    try:
        process.send_signal(sign)
    except psutil.NoSuchProcess:
        return


def ended(process: psutil.Process, seconds: float) -> bool:
    """Wait until a process has ended (it may or may not be our child); False when it still runs after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.Error:
            return True
        time.sleep(0.02)
    return False
