"""A small cohort, carried once on the embedded log; the tests look at what it left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.run import carry
from talent_local.cohort.trial import Outcome, a_platform, outcome
from talent_local.home import Home


@dataclass(frozen=True, slots=True)
class Carried:
    """A platform that still runs, and what the cohort left on it."""

    home: Home
    outcome: Outcome


@pytest.fixture(scope="session")
async def carried() -> AsyncIterator[Carried]:
    with ExitStack() as stack:
        home = stack.enter_context(a_platform())
        await carry(home, SMALL, say=lambda _: None)
        yield Carried(home, await outcome(home, SMALL))
