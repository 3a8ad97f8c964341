"""Random histories of the books: ``python -m funding.testing.histories 2000`` lives so many and says how long it took."""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from funding.testing.machine import Books


def lives(count: int, steps: int = 40) -> settings:
    """So many histories of up to so many steps each."""
    return settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )


if __name__ == "__main__":
    count, begun = int(sys.argv[1]), time.process_time()
    run_state_machine_as_test(Books, settings=lives(count))
    seconds = time.process_time() - begun
    sys.stdout.write(f"{count} histories: every invariant held at every step; {seconds:.0f} s of processor time\n")
