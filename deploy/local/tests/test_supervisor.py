"""The supervisor: what ends is started again, and what runs is taken over."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from talent_local.home import Home
from talent_local.running.plan import Plan
from talent_local.running.supervising import stop_supervisor, supervise, supervisor
from talent_local.running.units import Program, Recipe, record

SLEEPER = Recipe("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])


def eventually(true: Callable[[], object], seconds: float = 20) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def sleeper(home: Home) -> Iterator[Program]:
    """A program under a supervisor."""
    Plan([], [SLEEPER]).write(home)
    supervise(home)
    program = Program(home, SLEEPER)
    assert eventually(lambda: program.pid and supervisor(home))
    yield program
    stop_supervisor(home)
    program.kill()


def test_a_killed_program_is_back_within_a_second(sleeper: Program, home: Home) -> None:
    """Killing (-9) of any one process is mended without being asked; the restart is counted."""
    first = sleeper.pid

    sleeper.kill()
    began = time.monotonic()
    back = eventually(lambda: sleeper.pid not in {None, first})

    assert back
    assert time.monotonic() - began < 2
    assert eventually(lambda: (home.read("supervised") or {}).get("sleeper", {}).get("restarts") == 1)


def test_a_new_supervisor_takes_over_what_runs(sleeper: Program, home: Home) -> None:
    """The supervisor can die, too: nothing ends with it, and nothing is started twice."""
    pid = sleeper.pid
    running = supervisor(home)
    assert running is not None

    running.kill()
    assert eventually(lambda: supervisor(home) is None)
    supervise(home)
    assert eventually(lambda: supervisor(home))
    time.sleep(0.5)

    assert sleeper.pid == pid
    sleeper.kill()
    assert eventually(lambda: sleeper.pid not in {None, pid})


def test_ending_the_supervisor_leaves_the_program(sleeper: Program, home: Home) -> None:
    """It ends in order and leaves its units as they are."""
    pid = sleeper.pid

    stop_supervisor(home)

    assert supervisor(home) is None
    assert sleeper.pid == pid


def test_a_second_supervisor_gives_way(sleeper: Program, home: Home) -> None:
    """Two of them would start everything twice."""
    second = Program(home, Recipe("second", [sys.executable, "-m", "talent_local.running.supervisor", str(home.root)]))

    second.start()
    gone = eventually(lambda: second.pid is None)

    assert gone
    assert "another supervisor is at work" in home.log("second").read_text()
    assert sleeper.pid


def test_a_program_that_crashes_at_once_is_not_started_in_a_rush(home: Home) -> None:
    """The wait doubles with each early crash."""
    Plan([], [Recipe("crasher", [sys.executable, "-c", "raise SystemExit(3)"])]).write(home)

    supervise(home)
    time.sleep(4)
    stop_supervisor(home)

    starts = home.log("supervisor").read_text().count('"event": "started", "unit": "crasher"')
    assert 2 <= starts <= 5
    assert '"earlier_exit": 3' in home.log("supervisor").read_text()


def test_a_clock_that_is_set_right_makes_nobody_look_dead(home: Home) -> None:
    """The time of day of a start moves with the clock of the machine; the process is the same one."""
    record(home.pids / "sleeper.json", os.getpid())
    noted = home.read("pids/sleeper")
    assert noted is not None

    home.write("pids/sleeper", noted | {"started": noted["started"] + 3600})

    assert Program(home, SLEEPER).pid == os.getpid()


def test_a_start_noted_by_time_of_day_alone_still_counts(home: Home) -> None:
    """Where there is no /proc, or an older release wrote the note."""
    home.write("pids/sleeper", {"pid": os.getpid(), "started": psutil.Process().create_time() + 1})

    assert Program(home, SLEEPER).pid == os.getpid()


def test_a_reused_process_number_is_not_taken_for_the_program(home: Home) -> None:
    """Number and start time together name a process."""
    other = psutil.Process()
    home.write("pids/sleeper", {"pid": other.pid, "started": other.create_time() - 100})

    assert Program(home, SLEEPER).pid is None
