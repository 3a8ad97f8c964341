"""Every arrow that is not drawn is refused; the README shows the tables that the code obeys."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from selection.domain.appeals.appeal import APPEAL
from selection.domain.applying.lifecycle import APPLICATION, ApplicationState, steps_missing
from selection.domain.applying.recommendation import RECOMMENDATION
from selection.domain.codes import Step
from selection.domain.eligibility.waiver import WAIVER
from selection.domain.panel.assigned import ASSIGNMENT
from selection.domain.panel.panel import PANEL
from selection.domain.people.rights import CORRECTION
from selection.domain.programmes.call import CALL
from selection.domain.quota.seat import SEAT
from selection.domain.roster.roster import ROSTER
from selection.domain.roster.run import RUN
from selection.domain.roster.vacancy import VACANCY
from shared.kernel.actor import Actor, Role
from shared.kernel.job import JOB
from shared.kernel.refusals import Conflict, Forbidden

LIFECYCLES = [
    CALL,
    APPLICATION,
    RECOMMENDATION,
    WAIVER,
    PANEL,
    ASSIGNMENT,
    RUN,
    ROSTER,
    SEAT,
    VACANCY,
    JOB,
    APPEAL,
    CORRECTION,
]
README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_what_is_not_drawn_is_refused(lifecycle: Any) -> None:
    """Every (action, state, role) against the table."""
    drawn = {(arrow.action, arrow.source): arrow for arrow in lifecycle.transitions}
    kind: Any = type(lifecycle.initial)
    states: list[Any] = list(kind)
    for action, state, role in itertools.product(lifecycle.actions, states, list(Role)):
        actor = Actor("someone", roles=frozenset({role}))
        arrow = drawn.get((action, state))
        if arrow is None:
            with pytest.raises(Conflict):
                lifecycle.next(action, state, actor)
        elif role not in arrow.roles:
            with pytest.raises(Forbidden):
                lifecycle.next(action, state, actor)
        else:
            assert lifecycle.next(action, state, actor) is arrow.target


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_the_readme_draws_the_lifecycle(lifecycle: Any) -> None:
    """Diagrams are generated; a changed table needs a changed README."""
    assert lifecycle.diagram() in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("required", "state", "action", "missing"),
    [
        ([Step.LOCAL_REVIEW, Step.PANEL], "submitted", "conclude_panel", [Step.LOCAL_REVIEW]),
        ([Step.PANEL], "submitted", "conclude_panel", []),
        ([Step.LOCAL_REVIEW, Step.PANEL, Step.CLASSIFICATION], "local_approved", "classify", [Step.PANEL]),
        ([], "submitted", "select", []),
        (list(Step), "panel_reviewed", "select", [Step.CLASSIFICATION]),
        (list(Step), "classified", "select", []),
    ],
)
def test_steps_that_the_call_does_not_require_are_passed_over(
    required: list[Step], state: str, action: str, missing: list[Step]
) -> None:
    """By policy, never by a branch on a programme."""
    assert steps_missing(action, ApplicationState(state), required) == missing
