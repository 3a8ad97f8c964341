"""Every lifecycle of funding: every arrow that is not drawn is refused, every drawn one is for its roles only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from funding.domain.approvals.approval import APPROVAL
from funding.domain.approvals.delegation import DELEGATION
from funding.domain.audit.finding import FINDING
from funding.domain.budgets.allocation import ALLOCATION
from funding.domain.budgets.budget import BUDGET
from funding.domain.budgets.fund import FUND
from funding.domain.budgets.reallocation import REALLOCATION
from funding.domain.claims.states import CLAIM
from funding.domain.freezing.freeze import FREEZE
from funding.domain.ledger.period import PERIOD
from funding.domain.participation import PARTICIPATION, ParticipationState, way
from funding.domain.payments.disbursement import DISBURSEMENT
from funding.domain.payments.instalment import INSTALMENT
from funding.domain.payments.returns import DISCREPANCY
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Lifecycle
from shared.kernel.refusals import Conflict, Forbidden

ALL = [
    ALLOCATION,
    APPROVAL,
    BUDGET,
    CLAIM,
    DELEGATION,
    DISBURSEMENT,
    DISCREPANCY,
    FINDING,
    FREEZE,
    FUND,
    INSTALMENT,
    PARTICIPATION,
    PERIOD,
    REALLOCATION,
]
EVERY_ROLE = Actor("all", "cn", frozenset(Role))


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda each: each.name)
def test_only_drawn_arrows_move_and_only_for_their_roles(lifecycle: Lifecycle[Any]) -> None:
    drawn = {(arrow.action, arrow.source): arrow for arrow in lifecycle.transitions}
    for action in lifecycle.actions:
        for state in type(lifecycle.initial):
            arrow = drawn.get((action, state))
            if arrow is None:
                with pytest.raises(Conflict):
                    lifecycle.next(action, state, EVERY_ROLE)
                continue
            assert lifecycle.next(action, state, EVERY_ROLE) is arrow.target
            with pytest.raises(Forbidden):
                lifecycle.next(action, state, Actor("none", "cn", frozenset(Role) - arrow.roles))


def test_the_way_of_a_participation_is_the_shortest() -> None:
    """Facts may all be there at once: the states between are passed, none is left out."""
    state = ParticipationState

    assert way(state.NOTED, state.SETTLED) == ["reserve", "commit", "settle"]
    assert way(state.RELEASED, state.RESERVED) == ["reserve"]
    assert way(state.SETTLED, state.SETTLED) == []
    with pytest.raises(LookupError):
        way(state.SETTLED, state.NOTED)


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda each: each.name)
def test_the_readme_draws_every_lifecycle(lifecycle: Lifecycle[Any]) -> None:
    readme = Path(__file__).parents[2] / "README.md"

    assert lifecycle.diagram() in readme.read_text(encoding="utf-8")
