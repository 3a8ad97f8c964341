"""Two at once on every arrow of every lifecycle: one effect, one version, one set of events.

The arrows come from the tables that the code obeys; an arrow without a recipe, or a lifecycle of placement that no
noun has registered, fails.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

import placement.domain
from placement.testing import arrows  # noqa: F401 - registers the recipes
from placement.testing.races import ARROWS, RECIPES
from shared.kernel.lifecycle import Lifecycle


def test_every_arrow_has_a_recipe() -> None:
    """A new arrow is raced, or this fails."""
    assert {(name, arrow.action) for name, arrow in ARROWS.values()} == set(RECIPES)


def test_every_lifecycle_is_raced() -> None:
    """Every table that some module of the domain defines is registered."""
    found = set()
    for module in pkgutil.walk_packages(placement.domain.__path__, "placement.domain."):
        members = vars(importlib.import_module(module.name)).values()
        found |= {member.name for member in members if isinstance(member, Lifecycle)}

    assert found == {name for name, _ in ARROWS.values()}


@pytest.mark.parametrize("named", ARROWS)
async def test_two_at_once_have_one_effect(road: Any, named: str) -> None:
    """Exactly one effect, whoever comes first."""
    lifecycle, arrow = ARROWS[named]

    await RECIPES[lifecycle, arrow.action](road, str(arrow.source), arrow.action, str(arrow.target))
