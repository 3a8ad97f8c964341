"""Region or ministry put an actual date right; what it was and what it is stays in the audit trail (M-03)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.placements.correcting import Correction, correct
from placement.domain.placements.placement import Placement
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, Malformed


async def correct_dates(work: PlacementWork, id: UUID, correction: Correction, reason: str) -> Placement:
    """Correct the arrival, a suspension, resumption or transfer, the end or the return of a placement.

    Raises:
        Malformed: ``unknown-reason``.
        Conflict: ``nothing-to-correct``; ``overlapping-placement`` from the database.
        Conflict, RuleViolated: what ``correct`` says.
    """
    placement = await work.placements.get(id, target=True)
    work.authorise(placement.facets)
    rules = await work.rules(placement.programme, placement.policy_version)
    if reason not in rules.correction_reasons:
        raise Malformed("unknown-reason", f"Use one of: {', '.join(rules.correction_reasons)}.")
    before = {name: str(getattr(placement, name)) for name in ("arrived_on", "ended_on", "returned_on", "days_served")}
    segments = await work.segments.list(placement=id)
    facts = correct(placement, segments, correction, rules, today=work.today, by=work.actor)
    after = {name: str(getattr(placement, name)) for name in before}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    moved = correction.moved
    if moved is not None and moved.recorded_on != moved.effective_on:
        changes[moved.change] = [str(moved.recorded_on), str(moved.effective_on)]
    if not changes:
        raise Conflict("nothing-to-correct", "Name at least one date that differs from what is on record.", rule="M-03")
    work.note("placement.corrected", "placement", str(id), reason=reason, changes=changes)
    work.announce(*facts)
    return placement
