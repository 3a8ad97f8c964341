"""Builders of placements, their days and the rules of the programme's own policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment
from placement.domain.placements.states import PlacementState
from placement.domain.policies import Rules, resolve
from shared.kernel.actor import Role
from shared.testing.actors import someone

PROGRAMME = Path(__file__).parents[5] / "programmes" / "tibet-special-training"
START, END = date(2024, 7, 1), date(2025, 6, 30)
HOST = someone(Role.HOST_OFFICER, organisation="hosts/H001")
REGION = someone(Role.REGIONAL_OFFICER, organisation="cn/54")


def content(version: str, service: str = "placement") -> dict[str, Any]:
    """A file of the programme."""
    read: dict[str, Any] = yaml.safe_load((PROGRAMME / version / f"{service}.yaml").read_text(encoding="utf-8"))
    return read


RULES = Rules.of(resolve(content("batch-3"), {k: v for k, v in content("batch-4").items() if k != "inherits"}))


def a_placement(**more: Any) -> Placement:
    """A confirmed placement with an agreement, mentor and plan in force."""
    members: dict[str, Any] = {
        "id": UUID(int=1), "account": "account-1", "programme": "p", "batch": "batch-4", "session": "2024",
        "roster": UUID(int=7), "roster_version": 1, "direction": "outbound", "specialty": "nursing",
        "specialty_group": "health", "study_direction": "clinical-practice", "sending_unit": "cn/54/5401/U0001",
        "origin_area": "5401", "title_level": "senior", "rank": 1, "planned_start": START, "planned_end": END,
        "term": "P1Y", "policy_version": "batch-4", "state": PlacementState.CONFIRMED, "host": "hosts/H001",
        "host_province": "11", "offer": UUID(int=2), "agreement_on": START, "mentor_on": START, "plan_on": START,
    }  # fmt: skip
    return Placement(**members | more)


def a_segment(placement: Placement) -> Segment:
    """The planned days."""
    return Segment(
        id=UUID(int=3),
        placement=placement.id,
        account=placement.account,
        host="hosts/H001",
        starts_on=START,
        ends_on=END,
    )
