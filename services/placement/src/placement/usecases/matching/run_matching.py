"""Start a matching run over the open cases of a session; it proposes only (M-01)."""

from __future__ import annotations

from time import perf_counter

from placement.domain.matching.proposal import propose
from placement.domain.runs import MatchingRun
from placement.usecases.matching.shaping import shape
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict


async def run_matching(work: PlacementWork, session: str) -> MatchingRun:
    """Propose a stable matching and say how good it is; a person confirms or discards it.

    ``within_window`` tells whether today lies in the half-year of M-01, which the text asks for and does not demand.

    Raises:
        Conflict: ``nothing-to-match`` when no case of the session is open.
    """
    began = perf_counter()
    instance, cases, _ = await shape(work, session)
    if not cases:
        raise Conflict("nothing-to-match", "No case of this session waits for a match.", rule="M-01", session=session)
    proposals, unmatched, report = propose(instance)
    versions = sorted({case.policy_version for case in cases.values()})
    first = next(iter(cases.values()))
    window = (await work.rules(first.programme, first.policy_version)).matching
    report["within_window"] = window.window_from <= f"{work.today:%m-%d}" <= window.window_until
    report["milliseconds"] = round((perf_counter() - began) * 1000)
    run = MatchingRun(
        id=work.new_id(),
        session=session,
        method=window.method,
        policy_version=",".join(versions),
        input_sha256=instance.sha256(),
        report=report,
        proposals=proposals,
        unmatched=unmatched,
        made_by=work.actor.subject,
    )
    work.runs.add(run)
    return run
