"""The region lets hosts be drawn and decides on the draw (D-03)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from placement.domain.inspections.drawing import NEVER_DAYS, Candidate, InspectionDraw, draw, how_many, seed_of
from placement.domain.inspections.inspection import Inspection, InspectionState
from placement.usecases.inspections.ports import InspectionWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import RuleViolated


async def make_draw(work: InspectionWork, programme: str, session: str) -> InspectionDraw:
    """Propose hosts of the caller's region for the rest of this year; nothing is planned by it.

    Raises:
        RuleViolated: ``nothing-to-inspect`` when no host has trainees or the year's share is reached.
    """
    region = work.actor.organisation
    work.authorise(Facets(unit=region))
    hosts = await work.hosts_with_trainees(region, programme, session)
    earlier = [
        each for each in await work.inspections.list(region=region, programme=programme)
        if each.state is not InspectionState.CANCELLED
    ]  # fmt: skip
    busy = {each.host for each in earlier if each.state is InspectionState.PLANNED}
    version = min(hosts.values(), default="")
    count = 0
    if hosts:
        rules = (await work.rules(programme, version)).year.inspections
        this_year = sum((each.conducted_on or each.planned_on).year == work.today.year for each in earlier)
        count = how_many(len(hosts), rules.share_percent, this_year)
    candidates = [_candidate(host, earlier, work.today) for host in sorted(hosts) if host not in busy]
    if not count or not candidates:
        raise RuleViolated("nothing-to-inspect", "The year's share is reached, or no host has trainees.", rule="D-03")
    id = work.new_id()
    first, last = work.today + timedelta(days=1), max(date(work.today.year, 12, 31), work.today + timedelta(days=1))
    seed = seed_of(id, work.today)
    proposed = InspectionDraw(
        id=id, region=region, programme=programme, policy_version=version, session=session, seed=seed, first_day=first,
        last_day=last, candidates=candidates, drawn=draw(candidates, count, seed, first, last),
        made_by=work.actor.subject,
    )  # fmt: skip
    work.inspection_draws.add(proposed)
    return proposed


def _candidate(host: str, earlier: list[Inspection], today: date) -> Candidate:
    seen = [each.conducted_on for each in earlier if each.host == host and each.conducted_on is not None]
    return Candidate(host=host, days_since=(today - max(seen)).days if seen else NEVER_DAYS)


async def decide_draw(work: InspectionWork, id: UUID, action: str) -> InspectionDraw:
    """Confirm a draw (its inspections are planned from now on) or discard it."""
    made = await work.inspection_draws.get(id, target=True)
    work.authorise(made.facets)
    made.decide(action, by=work.actor)
    if action == "confirm":
        for each in made.drawn:
            work.inspections.add(
                Inspection(
                    id=work.new_id(), region=made.region, host=each.host, programme=made.programme,
                    policy_version=made.policy_version, session=made.session,
                    planned_on=max(each.planned_on, work.today), draw=made.id,
                )
            )  # fmt: skip
    return made
