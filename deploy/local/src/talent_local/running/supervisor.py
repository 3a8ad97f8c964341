"""The supervisor: starts what the plan names, and starts again within a second what has ended without being asked to.

It is a process of its own (`python -m talent_local.running.supervisor <home>`). When it ends or is killed, the units
run on; the next supervisor finds them by their recorded process ids and takes them over.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

from talent_local.home import Home
from talent_local.running.plan import Plan
from talent_local.running.units import Unit, record

TICK_SECONDS: Final = 0.4
FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 15.0
STEADY_SECONDS: Final = 20.0
"""A unit that has run this long is forgiven its earlier crashes."""


class Watch:
    """Keeps one unit running until it is told to stop; the unit is then left running.

    Attributes:
        starts: how often this supervisor has started the unit.
        trouble: why the last start failed, or None.
    """

    def __init__(self, name: str, unit: Unit, stop: threading.Event) -> None:
        self.name = name
        self.unit = unit
        self.starts = 0
        self.trouble: str | None = None
        self._stop_asked = stop
        self._taken_over = unit.pid is not None
        self._delay = 0.0
        self._started = time.monotonic()

    def run(self) -> None:
        """Look every `TICK_SECONDS`, start what is down; a unit that crashes early waits longer each time."""
        if self._taken_over:
            say("taken over", unit=self.name, pid=self.unit.pid)
        while not self._stop_asked.wait(TICK_SECONDS if self.unit.pid is not None else 0):
            if self.unit.pid is not None:
                continue
            if time.monotonic() - self._started > STEADY_SECONDS:
                self._delay = 0.0
            if self._delay and self._stop_asked.wait(self._delay):
                return
            self._start()

    def _start(self) -> None:
        self._delay = min(max(FIRST_DELAY_SECONDS, self._delay * 2), LONGEST_DELAY_SECONDS)
        self._started = time.monotonic()
        status = getattr(self.unit, "last_exit", None)
        try:
            self.unit.start()
            self.trouble = None
        except Exception as error:  # noqa: BLE001 - the main loop of this thread; it tries again
            self.trouble = str(error)
        self.starts += 1
        say("started", unit=self.name, pid=self.unit.pid, earlier_exit=status, trouble=self.trouble)

    def report(self) -> dict[str, Any]:
        """What `talent status` shows besides the process itself; the first start is not a restart."""
        restarts = self.starts if self._taken_over else max(self.starts - 1, 0)
        return {"restarts": restarts, "trouble": self.trouble}


def say(event: str, **details: Any) -> None:
    """One line of the supervisor's log."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    known = {key: value for key, value in details.items() if value is not None}
    print(json.dumps({"timestamp": stamp, "event": event} | known, ensure_ascii=False), flush=True)


def watch(home: Home, stop: threading.Event) -> None:
    """Keep the units of the plan running until `stop` is set."""
    watches = [Watch(name, unit, stop) for name, unit in Plan.read(home).units(home).items()]
    threads = [threading.Thread(target=one.run, name=one.name, daemon=True) for one in watches]
    for thread in threads:
        thread.start()
    reported: dict[str, Any] = {}
    while not stop.wait(TICK_SECONDS):
        report = {one.name: one.report() for one in watches}
        if report != reported:
            home.write("supervised", report)
            reported = report
    for thread in threads:
        thread.join(timeout=1)


def main(arguments: list[str]) -> int:
    """Run as the only supervisor of a state directory; 1 when there is another one."""
    home = Home(Path(arguments[0]))
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    try:
        with home.locked("supervisor.lock", wait=False):
            record(home.pids / "supervisor.json", os.getpid())
            say("supervising", home=str(home.root))
            watch(home, stop)
            say("leaving the units as they are")
    except BlockingIOError:
        say("another supervisor is at work")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
