"""Programs that this process starts and that live on when it ends."""

from __future__ import annotations

import atexit
import subprocess
from typing import Final

_STARTED: Final[list[subprocess.Popen[bytes]]] = []


def outliving(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """Hold ``process`` until we end and then let it go without a warning about a forgotten child."""
    _STARTED.append(process)
    return process


@atexit.register
def _let_go() -> None:
    for process in _STARTED:
        if process.poll() is None:
            process.returncode = 0  # its end is nobody's business here: what runs is found by its noted number
