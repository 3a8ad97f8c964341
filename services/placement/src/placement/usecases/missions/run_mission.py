"""The team goes, does things, comes back and reports; the region closes the mission (X-01, X-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.missions.facts import MissionCompleted
from placement.domain.missions.mission import (
    Beneficiaries,
    Mission,
    MissionActivity,
    MissionState,
    Outcome,
    activity_findings,
)
from placement.domain.placements.placement import Placement
from placement.domain.placements.states import SERVING, PlacementState
from placement.domain.placements.term import arrive, end
from placement.usecases.batches import grouped
from placement.usecases.cases.winding_up import wind_up
from placement.usecases.missions.prepare_mission import mission_rules, the_mission
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, Malformed


async def _placed(work: PlacementWork, id: UUID, states: Sequence[PlacementState]) -> list[Placement]:
    experts = await work.mission_experts.list(mission_id=id)
    ids = [expert.participation for expert in experts if expert.participation is not None]
    return [case for case in await work.placements.list(id=ids) if case.state in states] if ids else []


async def depart(work: PlacementWork, id: UUID, on: date) -> Mission:
    """The team is in the field: experts whom selection chose have arrived. Raises ``RuleViolated`` ``date-in-future``."""
    mission = await the_mission(work, id)
    mission.depart(on, await mission_rules(work, mission), today=work.today, by=work.actor)
    cases = await _placed(work, id, [PlacementState.CONFIRMED])
    segments = grouped(await work.segments.list(placement=[case.id for case in cases]), "placement") if cases else {}
    for case in cases:
        rules = await work.rules(case.programme, case.policy_version)
        work.announce(arrive(case, segments[case.id], rules, on=on, today=work.today, by=work.actor))
    return mission


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityText:
    """An activity as it is handed in."""

    kind: str
    topic: str
    held_on: date
    county: str
    experts: list[str]
    beneficiaries: list[Beneficiaries]


async def record_activities(work: PlacementWork, id: UUID, texts: Sequence[ActivityText]) -> list[MissionActivity]:
    """Record what the team did, while it is in the field.

    Raises:
        Malformed: ``activities-wrong`` with a finding for everything that does not fit.
        Conflict: ``mission-not-in-field``.
    """
    mission = await the_mission(work, id)
    if mission.state is not MissionState.IN_FIELD:
        raise Conflict("mission-not-in-field", "The team is not in the field.", rule="X-01", state=mission.state)
    rules = await mission_rules(work, mission)
    first = await work.mission_activities.count(mission_id=id) + 1
    activities = [
        MissionActivity(
            id=work.new_id(), mission_id=id, number=first + n, kind=text.kind, topic=text.topic, held_on=text.held_on,
            county=text.county, experts=list(text.experts), beneficiaries=list(text.beneficiaries),
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    found = [
        finding
        for place, activity in enumerate(activities)
        for finding in activity_findings(mission, activity, rules, f"/items/{place}")
    ]
    if found:
        raise Malformed("activities-wrong", "The activities do not fit; see errors.", findings=found)
    for activity in activities:
        work.mission_activities.add(activity)
    return activities


async def report_mission(
    work: PlacementWork, id: UUID, text: str, reference: str | None, returned_on: date, outcomes: Sequence[Outcome]
) -> Mission:
    """The leader, or the region, reports. Raises as ``Mission.report`` does."""
    mission = await the_mission(work, id)
    mission.report(text, reference, returned_on, outcomes, today=work.today, by=work.actor)
    return mission


async def close_mission(work: PlacementWork, id: UUID) -> Mission:
    """The region accepts the report; the terms of experts whom selection chose end, and the world hears of it."""
    mission = await the_mission(work, id)
    days = mission.close(by=work.actor)
    assert mission.returned_on is not None
    cases = await _placed(work, id, SERVING)
    segments = grouped(await work.segments.list(placement=[case.id for case in cases]), "placement") if cases else {}
    for case in cases:
        rules = await work.rules(case.programme, case.policy_version)
        work.announce(
            end(
                case, segments[case.id], on=mission.returned_on, today=work.today, reason=None, rules=rules,
                by=work.actor,
            ),
            MissionCompleted(
                participation=case.id, programme=mission.programme, session=mission.session, mission=mission.id,
                days=days, completed_on=mission.returned_on,
            ),
        )  # fmt: skip
    await wind_up(work, cases)
    return mission
