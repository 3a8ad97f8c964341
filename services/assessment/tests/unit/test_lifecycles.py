"""Every arrow that is not drawn is refused; every drawn one only for its roles."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from assessment.domain.accrediting.accreditation import ACCREDITATION
from assessment.domain.accrediting.card import CARD
from assessment.domain.assessing.states import ASSESSMENT
from assessment.domain.certifying.certificate import CERTIFICATE
from assessment.domain.certifying.waiver import WAIVER
from assessment.domain.participation import PARTICIPATION
from assessment.domain.returning.achievement import ACHIEVEMENT
from assessment.domain.returning.follow_up import FOLLOW_UP
from assessment.domain.returning.link import LINK
from assessment.domain.schemes.policy import POLICY
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Lifecycle
from shared.kernel.refusals import Conflict, Forbidden

LIFECYCLES = [ASSESSMENT, CERTIFICATE, WAIVER, PARTICIPATION, POLICY, ACCREDITATION, CARD, ACHIEVEMENT, FOLLOW_UP, LINK]
ALL_ROLES = Actor("all", "cn", frozenset(Role))


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_arrows_that_are_not_drawn_are_refused(lifecycle: Lifecycle[Any]) -> None:
    drawn = {(arrow.action, arrow.source) for arrow in lifecycle.transitions}
    states: Any = type(lifecycle.initial)

    for action, state in itertools.product(lifecycle.actions, states):
        if (action, state) not in drawn:
            with pytest.raises(Conflict, match="wrong-state"):
                lifecycle.next(action, state, ALL_ROLES)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_arrows_are_for_their_roles_only(lifecycle: Lifecycle[Any]) -> None:
    for arrow, role in itertools.product(lifecycle.transitions, Role):
        by = Actor("one", "cn", frozenset({role}))
        if role in arrow.roles:
            assert lifecycle.next(arrow.action, arrow.source, by) is arrow.target
        else:
            with pytest.raises(Forbidden, match="wrong-role"):
                lifecycle.next(arrow.action, arrow.source, by)


def test_assessor_and_issuer_share_no_arrow() -> None:
    """C-02: who assesses never certifies."""
    assert all(Role.ASSESSOR not in arrow.roles for arrow in CERTIFICATE.transitions)
    assert all(Role.ISSUER not in arrow.roles for arrow in ASSESSMENT.transitions)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_the_readme_draws_every_lifecycle(lifecycle: Lifecycle[Any]) -> None:
    readme = Path(__file__).parents[2] / "README.md"

    assert lifecycle.diagram() in readme.read_text(encoding="utf-8")
