"""Hold of the supervisor's process: find it, start it, end it."""

from __future__ import annotations

import signal
import subprocess
import sys

import psutil

from talent_local.home import Home
from talent_local.running.outliving import outliving
from talent_local.running.units import GRACE_SECONDS, ended, recorded, send


def supervisor(home: Home) -> psutil.Process | None:
    """The live supervisor, or None."""
    return recorded(home.pids / "supervisor.json")


def supervise(home: Home) -> None:
    """See to it that a supervisor is at work; it takes over what runs and starts what does not."""
    if supervisor(home) is not None:
        return
    command = [sys.executable, "-m", "talent_local.running.supervisor", str(home.root)]
    with home.log("supervisor").open("ab") as log:
        outliving(
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=home.root
            )
        )


def stop_supervisor(home: Home) -> None:
    """End the supervisor; what it watched runs on."""
    process = supervisor(home)
    if process is not None:
        send(process, signal.SIGTERM)
        if not ended(process, GRACE_SECONDS):
            send(process, signal.SIGKILL)
            ended(process, GRACE_SECONDS)
