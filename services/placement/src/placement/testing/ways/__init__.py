"""Ways through placement on which every command is also given stale, twice and under a reused key.

Each is walked from empty tables on 1 March 2024 (``test_bad_input.py``). A noun joins with a module and one line.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from placement.testing.ways.checkins import checkins_seen_to
from placement.testing.ways.formalities import formalities
from placement.testing.ways.groups import groups_at_work
from placement.testing.ways.inspections import inspections_to_the_end
from placement.testing.ways.matching import matching_as_a_job, what_a_secondment_does
from placement.testing.ways.online import online_courses
from placement.testing.ways.papers import papers
from placement.testing.ways.pretraining import pre_training

WAYS: list[Callable[[Any], Awaitable[None]]] = [
    groups_at_work,
    inspections_to_the_end,
    matching_as_a_job,
    papers,
    what_a_secondment_does,
    checkins_seen_to,
    pre_training,
    online_courses,
    formalities,
]
"""``async def way(road)``; the road's ``post`` checks what is given."""
