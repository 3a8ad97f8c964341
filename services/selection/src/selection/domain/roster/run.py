"""A balancing run: what it was asked, what it proposes and why; it proposes only, a person confirms (S-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from selection.domain.balancing.explain import Explanation, Standing
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.proposal import NodeCount, Proposal
from selection.domain.eligibility.predicates import CandidateFacts
from selection.domain.eligibility.rules import Rule
from selection.domain.eligibility.targets import TargetAnswer, answer_targets
from selection.domain.policy.registered import digest_of
from selection.domain.programmes.programme import Session
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class RunState(StrEnum):
    """A proposal waits for a person; a later proposal or a confirmation ends it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"


_REGION = frozenset({Role.REGIONAL_OFFICER})

RUN = Lifecycle(
    "balancing run",
    initial=RunState.PROPOSED,
    transitions=[
        Transition("confirm", RunState.PROPOSED, RunState.CONFIRMED, _REGION),
        Transition("supersede", RunState.PROPOSED, RunState.SUPERSEDED, _REGION),
    ],
)


@dataclass(kw_only=True)
class BalancingRun(Aggregate):
    """One proposal, repeatable by anyone: same inputs, policy version and seed give the same answer.

    Attributes:
        input_sha256: of the canonical JSON of everything that went in.
        outcomes: one line per candidate, selected first.
        method: ``greedy`` under a tree, ``duals`` where quotas cross.
        proved: True when the certificate proves that no other answer is right.
    """

    lifecycle: ClassVar[Lifecycle[RunState]] = RUN

    state: RunState = field(default=RunState.PROPOSED)
    session_id: UUID
    policy_version: str
    seed: str
    input_sha256: str
    places: int
    candidates: int
    selected_count: int
    reserve_count: int
    total_score: Decimal
    nodes: list[NodeCount]
    targets: list[TargetAnswer]
    outcomes: list[Explanation]
    method: str = "greedy"
    proved: bool = True

    def confirm(self, by: Actor) -> None:
        """Be confirmed by a person."""
        self._advance("confirm", by)

    def supersede(self, by: Actor) -> None:
        """Give way to a later proposal."""
        self._advance("supersede", by)


@dataclass(kw_only=True)
class RunCertificate:
    """What went into a run and what came out with its proof: enough for anyone to repeat and check it.

    Attributes:
        given: the input document; ``answer``: the answer document, for ``check_certificate``.
    """

    id: UUID
    version: int = 0
    run_id: UUID
    given: dict[str, Any]
    answer: dict[str, Any]


def run_of(
    id: UUID,
    session: Session,
    problem: Problem,
    proposal: Proposal,
    input_sha256: str,
    chosen: Sequence[CandidateFacts],
    targets: Sequence[Rule],
) -> BalancingRun:
    """The run of a proposal.

    Args:
        id: of the run.
        session: the intake.
        problem: what was asked.
        proposal: the answer.
        input_sha256: digest of what was asked.
        chosen: facts of everybody selected, for the TARGET rules.
        targets: rules with modality TARGET.
    """
    standings = [line.standing for line in proposal.lines]
    return BalancingRun(
        id=id, session_id=session.id, policy_version=session.policy_version, seed=problem.seed,
        input_sha256=input_sha256, places=session.quota, candidates=len(problem.people),
        selected_count=standings.count(Standing.SELECTED), reserve_count=standings.count(Standing.RESERVE),
        total_score=proposal.balance.total, nodes=list(proposal.nodes),
        targets=answer_targets(targets, chosen, None),
        outcomes=list(proposal.lines), method=proposal.balance.method, proved=proposal.balance.proved,
    )  # fmt: skip


def input_digest(problem: Problem, policy_version: str) -> str:
    """SHA-256 of the canonical JSON of everything that decides the answer."""
    nodes = [[n.code, n.parent, n.min, n.max, {k: sorted(v) for k, v in n.match.items()}] for n in problem.tree.nodes]
    across = [[n.code, n.min, n.max, {k: sorted(v) for k, v in n.match.items()}] for n in problem.crossing]
    crossing = {"crossing": across, "unit_cap": problem.unit_cap} if across or problem.unit_cap is not None else {}
    return digest_of(
        {
            "seed": problem.seed,
            "policy_version": policy_version,
            "places": problem.tree.places,
            "nodes": nodes,
            "candidates": sorted([str(each.participation), str(each.score), each.traits] for each in problem.people),
        }
        | crossing
    )
