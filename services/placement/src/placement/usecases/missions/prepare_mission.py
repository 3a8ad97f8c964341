"""A locality asks; the region declines or plans and names the team; the ministry approves (P-06, X-01)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.missions.mission import Mission, MissionExpert, Need, Stop
from placement.domain.missions.rules import MissionRules
from placement.domain.placements.segments import Segment
from placement.domain.placements.states import PlacementState
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets, lies_within, system
from shared.kernel.refusals import Conflict, Finding, Malformed, NotFound, RuleViolated

_SERVICE = system("placement")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionRequest:
    """What a locality asks for."""

    programme: str
    policy_version: str
    batch: str
    session: str
    region: str
    locality: str
    needs: list[Need]
    wanted_from: date
    wanted_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """A member of the team."""

    account: str
    specialty: str
    participation: UUID | None
    leads: bool


async def mission_rules(work: PlacementWork, thing: Mission | MissionRequest, *, use: bool = False) -> MissionRules:
    """What the policy says about missions. Raises ``RuleViolated`` ``no-missions`` when it says nothing."""
    rules = await work.rules(thing.programme, thing.policy_version, use=use)
    if rules.mission is None:
        raise RuleViolated("no-missions", "The policy of this programme has no missions.", rule="P-06")
    return rules.mission


async def the_mission(work: PlacementWork, id: UUID) -> Mission:
    """The mission that the request names, locked and authorised."""
    mission = await work.missions.get(id, target=True)
    work.authorise(mission.facets)
    return mission


async def request_mission(work: PlacementWork, text: MissionRequest) -> Mission:
    """A locality (or the region for it) asks for a mission.

    Raises:
        Malformed: ``request-wrong`` with a finding for each unknown topic, kind and impossible day.
        RuleViolated: ``no-missions``.
    """
    work.authorise(Facets(unit=text.region, reviewer=text.locality))
    rules = await mission_rules(work, text, use=True)
    found = []
    if not lies_within(text.locality, text.region):
        found.append(Finding("outside-region", "The locality is not in the region.", "/locality", "X-01"))
    if text.wanted_until < text.wanted_from:
        found.append(Finding("ends-before-start", "The last day is before the first.", "/wanted_until", "X-01"))
    for place, need in enumerate(text.needs):
        if need.topic not in rules.needs:
            found.append(Finding("unknown-code", "The policy has no such topic.", f"/needs/{place}/topic", "X-02"))
        if need.kind not in rules.activity_kinds:
            found.append(Finding("unknown-kind", "The policy has no such kind.", f"/needs/{place}/kind", "P-06"))
    if found:
        raise Malformed("request-wrong", "This cannot be asked for; see errors.", findings=found)
    members = {name: getattr(text, name) for name in MissionRequest.__dataclass_fields__}
    mission = Mission(id=work.new_id(), year=text.wanted_from.year, **members)
    work.missions.add(mission)
    return mission


async def decline_mission(work: PlacementWork, id: UUID, reason: str) -> Mission:
    """No mission is sent."""
    mission = await the_mission(work, id)
    mission.decline(reason, by=work.actor)
    return mission


async def plan_mission(
    work: PlacementWork, id: UUID, starts_on: date, ends_on: date, itinerary: Sequence[Stop]
) -> Mission:
    """Set days and itinerary. Raises ``Malformed`` ``itinerary-wrong``."""
    mission = await the_mission(work, id)
    mission.plan(starts_on, ends_on, itinerary, by=work.actor)
    return mission


async def form_team(work: PlacementWork, id: UUID, experts: Sequence[Expert]) -> Mission:
    """Name the team; before the approval it may be named anew.

    Raises:
        RuleViolated: ``team-size``, ``other-session``.
        Malformed: ``duplicate-item``, ``one-leader``.
        NotFound: for a participation that there is not.
        Conflict: ``wrong-state``, ``expert-taken``.
    """
    mission = await the_mission(work, id)
    rules = await mission_rules(work, mission)
    leaders = [expert.account for expert in experts if expert.leads]
    named = [expert.participation for expert in experts if expert.participation is not None]
    cases = by(await work.placements.list(id=named), "id") if named else {}
    counted, batch = Counter(expert.account for expert in experts), Batch()
    for number, expert in enumerate(experts):
        with batch.at(number, "account"):
            if counted[expert.account] > 1:
                raise Malformed("duplicate-item", "The list names this twice.")
        if expert.participation is None:
            continue
        with batch.at(number, "participation"):
            case = cases.get(expert.participation)
            if case is None or case.account != expert.account:
                raise NotFound("not-found", "There is no such thing, or you may not see it.")
            if (case.programme, case.session) != (mission.programme, mission.session):
                raise RuleViolated("other-session", "This person was selected for something else.", rule="P-06")
    batch.settle()
    if len(leaders) != 1:
        raise Malformed("one-leader", "A team has one leader.", rule="X-01")
    mission.form_team([expert.account for expert in experts], leaders[0], rules, by=work.actor)
    await work.dissolve_team(id)
    for expert in experts:
        work.mission_experts.add(
            MissionExpert(
                id=work.new_id(), mission_id=id, account=expert.account, specialty=expert.specialty,
                participation=expert.participation, leads=expert.leads,
            )
        )  # fmt: skip
    return mission


async def approve_mission(work: PlacementWork, id: UUID) -> Mission:
    """The ministry agrees; experts whom selection chose are placed with the region.

    Raises:
        Conflict: ``expert-left`` with a finding for each expert who is not awaiting a place any more.
    """
    mission = await the_mission(work, id)
    mission.approve(by=work.actor)
    ids = [e.participation for e in await work.mission_experts.list(mission_id=id) if e.participation is not None]
    cases = await work.placements.list(id=ids) if ids else []
    gone = [
        Finding("expert-left", "This expert is not available any more.", f"/team/{case.id}", "P-06")
        for case in cases
        if case.state is not PlacementState.AWAITING_MATCH
    ]
    if gone:
        raise Conflict("expert-left", "Name the team anew; see errors.", rule="P-06", findings=gone)
    for case in cases:
        fact = case.enrol(host=mission.region, province=mission.itinerary[0].county[:2], by=_SERVICE)
        work.segments.add(
            Segment(
                id=work.new_id(), placement=case.id, account=case.account, host=fact.host,
                starts_on=case.planned_start, ends_on=case.planned_end,
            )
        )  # fmt: skip
        work.announce(fact)
    return mission
