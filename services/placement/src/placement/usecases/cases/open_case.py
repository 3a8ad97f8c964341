"""Moved by ``selected``: open the case of a person on a fixed roster."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from placement.domain.pairing.terms import last_day
from placement.domain.placements.closing import leave
from placement.domain.placements.placement import Placement
from placement.domain.placements.states import MATCHABLE, PlacementState
from placement.domain.policies import Rules
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import NotFound, TooEarly


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What selection says of the selected person; codes and ids only."""

    participation: UUID
    account: str
    programme: str
    batch: str
    session: str
    roster: UUID
    roster_version: int
    direction: str
    specialty: str
    specialty_group: str
    study_direction: str
    focus_area: str | None
    sending_unit: str
    origin_area: str
    title_level: str
    rank: int
    planned_start: date
    planned_end: date
    term: str
    host_preferences: list[str]
    policy_version: str
    position_class: str | None = None
    destination: str | None = None
    staff_category: str | None = None


async def open_case(work: PlacementWork, selection: Selection) -> None:
    """One participation has one case, whatever comes twice or late; one that has left already is opened closed.

    A later roster version reopens a closed case, and its words count while no host has been asked.

    Raises:
        TooEarly: the policy of the selection is not applied here yet.
    """
    try:
        rules = await work.rules(selection.programme, selection.policy_version, use=True)
    except NotFound as error:
        raise TooEarly(f"placement policy {selection.programme}/{selection.policy_version}") from error
    selection = _in_term(selection, rules)
    leavings = await work.leavings.list(id=[selection.participation])
    known = await work.placements.list(id=[selection.participation])
    if not known:
        placement = Placement(id=selection.participation, **_members(selection))
        work.placements.add(placement)
        for leaving in leavings:
            leave(placement, [], leaving, work.today)
        return
    placement = known[0]
    if selection.roster_version <= placement.roster_version:
        return
    held = any(leaving.holds_against(selection.roster_version) for leaving in leavings)
    if placement.state in MATCHABLE or placement.state is PlacementState.CLOSED:
        for name, value in _members(selection).items():
            setattr(placement, name, value)
    if placement.state is PlacementState.CLOSED and not held:
        placement.reopen(by=work.actor)
    placement.roster_version = selection.roster_version


def _in_term(selection: Selection, rules: Rules) -> Selection:
    """The term of the direction decides the planned days, where the programme pairs places (W-02 to W-04)."""
    direction = rules.pairings.directions.get(selection.direction) if rules.pairings else None
    if direction is None:
        return selection
    return replace(selection, term=direction.term, planned_end=last_day(selection.planned_start, direction.term))


def _members(selection: Selection) -> dict[str, Any]:
    return {field.name: getattr(selection, field.name) for field in fields(selection) if field.name != "participation"}
