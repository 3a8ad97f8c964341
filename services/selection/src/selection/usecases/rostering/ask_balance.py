"""What a session asks of balancing, and what was prepared for it outside any transaction (S-06)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import BEFORE_ROSTER, steps_missing
from selection.domain.balancing.greedy import Candidate
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.proposal import Proposal
from selection.domain.policy.policy import Policy
from selection.domain.programmes.programme import Session
from selection.domain.roster.run import input_digest
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict, RuleViolated


@dataclass(frozen=True, slots=True)
class Question:
    """Everybody who has passed the steps of their call, under the session's quotas.

    Attributes:
        sha256: of everything that goes in.
    """

    session: Session
    policy: Policy
    ready: list[Application]
    problem: Problem
    sha256: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A proposal, or the refusal, for the question with this digest."""

    sha256: str
    proposal: Proposal | None
    refusal: RuleViolated | None


async def question_of(work: SelectionWork, session_id: UUID) -> Question:
    """Read the question; takes no lock. Places that the authority holds for others are not given away.

    Raises:
        NotFound: ``session-not-found``.
        Conflict: ``nobody-ready``.
    """
    session = await work.readings.session(session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    ready = [
        each
        for each in await work.readings.session_applications(session_id, BEFORE_ROSTER)
        if not steps_missing("select", each.state, each.required_steps)
    ]
    if not ready:
        raise Conflict("nobody-ready", "No application of this session has passed the steps of its call.")
    people = tuple(Candidate(each.id, each.score, policy.traits(each)) for each in ready)
    crossing = policy.balancing.crossing(session.session, session.quota)
    tree = session.tree.without(await work.readings.held_places(session_id))
    problem = Problem(session.seed, tree, crossing, policy.balancing.unit_cap, people)
    return Question(session, policy, ready, problem, input_digest(problem, session.policy_version))
