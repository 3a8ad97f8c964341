"""Confirm or discard a matching run: the human decision that makes proposals out of it (M-01, PIPL 24)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.matching.canonical import encode, sha256_of
from placement.domain.runs import MatchingRun
from placement.usecases.matching.shaping import shape
from placement.usecases.ports import PlacementWork


async def confirm_run(work: PlacementWork, id: UUID) -> MatchingRun:
    """Send every proposal of the run to its host. Raises ``Conflict`` ``run-stale`` when the input has changed.

    The pairing rules are part of the input: a register or policy that changed since makes the run stale too.
    """
    run = await work.runs.get(id, target=True)
    instance, cases = await shape(work, run.session)
    run.confirm(sha256_of(encode(instance)), by=work.actor)
    for line in run.proposals:
        case = cases[str(line.participation)]
        work.announce(case.propose(host=line.host, offer=line.offer, run=run.id, on=work.today, by=work.actor))
    return run


async def discard_run(work: PlacementWork, id: UUID) -> MatchingRun:
    """Use nothing of the run."""
    run = await work.runs.get(id, target=True)
    run.discard(by=work.actor)
    return run
