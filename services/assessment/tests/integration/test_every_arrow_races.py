"""Two at once on every arrow of every lifecycle: one effect, one version, one set of events.

The arrows come from the tables that the code obeys; an arrow without a recipe fails. A noun is added by its table in
``LIFECYCLES`` and a module of recipes in ``assessment.testing.racing`` named in ``NOUNS``.
"""

from __future__ import annotations

from importlib import import_module
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
from assessment.testing.racing.recipes import RECIPES

LIFECYCLES: tuple[Any, ...] = (
    ASSESSMENT,
    PARTICIPATION,
    POLICY,
    CERTIFICATE,
    WAIVER,
    ACCREDITATION,
    CARD,
    ACHIEVEMENT,
    FOLLOW_UP,
    LINK,
)
NOUNS = (
    "assessments",
    "certificates",
    "accreditations",
    "returning",
)
for noun in NOUNS:
    import_module(f"assessment.testing.racing.{noun}")
ARROWS = {f"{table.name}: {t.source} {t.action}": (table.name, t) for table in LIFECYCLES for t in table.transitions}


def test_every_arrow_has_a_recipe() -> None:
    """A new arrow is raced, or this fails."""
    assert {(name, arrow.action) for name, arrow in ARROWS.values()} == set(RECIPES)


@pytest.mark.parametrize("named", ARROWS)
async def test_two_at_once_have_one_effect(road: Any, named: str) -> None:
    """Exactly one effect, whoever comes first."""
    lifecycle, arrow = ARROWS[named]

    await RECIPES[lifecycle, arrow.action](road, str(arrow.source), arrow.action, str(arrow.target))
