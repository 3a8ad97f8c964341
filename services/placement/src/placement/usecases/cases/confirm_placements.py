"""The ministry confirms accepted placements: the world hears ``placed`` (M-01)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment
from placement.usecases.batches import Batch
from placement.usecases.pairing.checking import hosts_by_path, must_pair
from placement.usecases.ports import PlacementWork
from placement.usecases.sectors.give_tasks import give_tasks


async def confirm_placements(
    work: PlacementWork, participations: Sequence[UUID], *, alone: bool = False
) -> list[Placement]:
    """Confirm, and plan the days of the term; the database refuses days that overlap another placement of the person.

    Raises:
        Conflict: ``wrong-state``, ``overlapping-placement``.
        RuleViolated: what the pairing rules say against the host (W-02 to W-07).
    """
    batch = Batch(alone=alone)
    cases = await batch.load(work.placements, participations, "participation")
    rules = {key: await work.rules(*key) for key in {(case.programme, case.policy_version) for case in cases.values()}}
    paired = [case.host for case in cases.values() if rules[case.programme, case.policy_version].pairings]
    hosts = await hosts_by_path(work, paired)
    for number, id in enumerate(participations):
        with batch.at(number):
            case = cases[id]
            work.authorise(case.facets)
            fact = case.confirm(by=work.actor)
            must_pair(rules[case.programme, case.policy_version].pairings, case, hosts.get(fact.host))
            work.segments.add(
                Segment(
                    id=work.new_id(),
                    placement=case.id,
                    account=case.account,
                    host=fact.host,
                    starts_on=case.planned_start,
                    ends_on=case.planned_end,
                )
            )
            work.announce(fact)
    batch.settle()
    await give_tasks(work, list(cases.values()), since=work.today)
    return [cases[id] for id in participations]
