"""Start a matching run over the open cases of a session; it proposes only (M-01).

A small run is one request. A large one is a job: the same two use cases with the matching between them, outside any
other person's way. Both keep the input, so that anybody may repeat the run and get the same proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Final
from uuid import UUID

from placement.domain.matching.canonical import decode, encode, packed, sha256_of, unpacked
from placement.domain.matching.instance import Instance
from placement.domain.matching.proposal import Proposal, propose
from placement.domain.runs import MatchingRun, RunInput
from placement.usecases.matching.shaping import laid_out
from placement.usecases.ports import PlacementWork
from shared.kernel.job import RUNNABLE, Job, new_job
from shared.kernel.refusals import Conflict

MATCH: Final = "matching"
LARGEST_REQUEST: Final = 5000
"""People that one request matches; more are matched by a job."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run before its matching: the input, its bytes, and what the run will say of its policy."""

    id: UUID
    session: str
    instance: Instance
    content: bytes
    policy_versions: str
    within_window: bool
    began: float


async def run_matching(work: PlacementWork, session: str) -> MatchingRun:
    """Propose a matching and say how good it is; a person confirms or discards it.

    Raises:
        Conflict: ``nothing-to-match`` when no case of the session is open; ``run-too-large`` for a job's size.
    """
    prepared = await prepare_run(work, work.new_id(), session)
    if len(prepared.instance) > LARGEST_REQUEST:
        raise Conflict(
            "run-too-large", "So many people are matched by a job; start it at /matching-runs/start.", rule="M-01",
            people=len(prepared.instance), most=LARGEST_REQUEST,
        )  # fmt: skip
    return await finish_run(work, prepared, propose(prepared.instance))


async def start_matching(work: PlacementWork, session: str) -> Job:
    """Queue a run as a job; the job's subject is the id of the run it will make.

    Raises:
        Conflict: ``nothing-to-match``, ``matching-already`` while a job of the session runs.
    """
    if not await work.waiting(session):
        raise Conflict("nothing-to-match", "No case of this session waits for a match.", rule="M-01", session=session)
    running = await work.jobs.list(kind=MATCH, state=set(RUNNABLE))
    if any(job.params.get("session") == session for job in running):
        raise Conflict("matching-already", "This session is being matched; see its job.", rule="M-01")
    job = new_job(work, MATCH, work.new_id(), {"session": session})
    work.jobs.add(job)
    return job


async def prepare_run(work: PlacementWork, id: UUID, session: str) -> Prepared:
    """Lay the session out, without locking anybody.

    ``within_window`` tells whether today lies in the half-year of M-01, which the text asks for and does not demand.

    Raises:
        Conflict: ``nothing-to-match``.
    """
    began = perf_counter()
    cases = await work.waiting(session)
    instance = await laid_out(work, session, cases)
    if not len(instance):
        raise Conflict("nothing-to-match", "No case of this session waits for a match.", rule="M-01", session=session)
    versions = sorted({(case.programme, case.policy_version) for case in cases})
    window = (await work.rules(*versions[-1])).matching
    inside = window.window_from <= f"{work.today:%m-%d}" <= window.window_until
    content = encode(instance)
    return Prepared(id, session, instance, content, ",".join(version for _, version in versions), inside, began)


async def finish_run(work: PlacementWork, prepared: Prepared, proposal: Proposal) -> MatchingRun:
    """Keep what was proposed and from what."""
    took = round((perf_counter() - prepared.began) * 1000)
    run = MatchingRun(
        id=prepared.id,
        session=prepared.session,
        method=prepared.instance.method.name,
        policy_version=prepared.policy_versions,
        input_sha256=sha256_of(prepared.content),
        proposal_sha256=proposal.sha256,
        report=proposal.report | {"within_window": prepared.within_window, "milliseconds": took},
        proposals=list(proposal.lines),
        unmatched=proposal.unmatched,
        made_by=work.actor.subject,
    )
    work.runs.add(run)
    work.run_inputs.add(RunInput(id=run.id, content=packed(prepared.content)))
    return run


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came out when a stored input was matched again."""

    input_sha256: str
    proposal_sha256: str


def reproduce(stored: bytes) -> Reproduction:
    """Match a stored input again."""
    content = unpacked(stored)
    return Reproduction(sha256_of(content), propose(decode(content)).sha256)
