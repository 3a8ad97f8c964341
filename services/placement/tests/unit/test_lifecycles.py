"""Every arrow that is not drawn is refused, for every lifecycle of placement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from placement.domain.agreements import AGREEMENT
from placement.domain.agreements.filings import FILING
from placement.domain.checkins.checkin import CHECKIN
from placement.domain.classes.questions import CLASS_QUESTION
from placement.domain.classes.seats import CLASS_SEAT
from placement.domain.classes.short_class import SHORT_CLASS
from placement.domain.groups.group import GROUP
from placement.domain.groups.meetings import MEETING
from placement.domain.groups.reports import GROUP_REPORT
from placement.domain.inspections.drawing import DRAW
from placement.domain.inspections.inspection import INSPECTION
from placement.domain.mentorships import MENTORSHIP
from placement.domain.missions.mission import MISSION
from placement.domain.offers import OFFER
from placement.domain.placements.segments import SEGMENT
from placement.domain.placements.states import PLACEMENT
from placement.domain.plans import PLAN
from placement.domain.pretraining import INVITATION, PRE_TRAINING
from placement.domain.reports import REPORT
from placement.domain.runs import RUN
from shared.kernel.actor import Role, system
from shared.kernel.lifecycle import Lifecycle
from shared.kernel.refusals import Conflict, Forbidden
from shared.testing.actors import someone

LIFECYCLES: list[Lifecycle[Any]] = [
    SHORT_CLASS,
    CLASS_SEAT,
    CLASS_QUESTION,
    MISSION,
    PLACEMENT,
    SEGMENT,
    OFFER,
    RUN,
    AGREEMENT,
    FILING,
    MENTORSHIP,
    PLAN,
    PRE_TRAINING,
    INVITATION,
    REPORT,
    GROUP,
    GROUP_REPORT,
    MEETING,
    INSPECTION,
    CHECKIN,
    DRAW,
]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_only_drawn_arrows_lead_anywhere(lifecycle: Lifecycle[Any]) -> None:
    """For every (state, action, role): the drawn target, or a refusal."""
    drawn = {(t.action, t.source): t for t in lifecycle.transitions}
    for state in type(lifecycle.initial):
        for action in lifecycle.actions:
            for role in Role:
                actor = system("placement") if role is Role.SYSTEM else someone(role)
                arrow = drawn.get((action, state))
                if arrow is None:
                    with pytest.raises(Conflict):
                        lifecycle.next(action, state, actor)
                elif role not in arrow.roles:
                    with pytest.raises(Forbidden):
                        lifecycle.next(action, state, actor)
                else:
                    assert lifecycle.next(action, state, actor) == arrow.target


def test_a_placement_can_always_come_to_an_end() -> None:
    """From every state some way leads to returned, ended or closed."""
    reach = {"returned_to_post", "ended", "closed"}
    while True:
        more = {str(t.source) for t in PLACEMENT.transitions if str(t.target) in reach} - reach
        if not more:
            break
        reach |= more

    assert reach == {str(state) for state in type(PLACEMENT.initial)}


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_the_readme_draws_the_lifecycles_as_they_are(lifecycle: Lifecycle[Any]) -> None:
    """The diagrams are generated from the tables."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    assert f"### {lifecycle.name}\n\n```mermaid\n{lifecycle.diagram()}\n```" in readme
