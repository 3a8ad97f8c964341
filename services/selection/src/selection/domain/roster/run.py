"""A balancing run: what it was asked, what it proposes and why; it proposes only, a person confirms (S-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.balancing.explain import Explanation, Standing, explain
from selection.domain.balancing.greedy import Candidate, choose
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


@dataclass(frozen=True, slots=True)
class NodeCount:
    """A quota node with how many candidates it had and how many are chosen."""

    code: str
    min: int
    max: int
    available: int
    chosen: int


@dataclass(kw_only=True)
class BalancingRun(Aggregate):
    """One proposal, repeatable by anyone: same inputs, policy version and seed give the same answer.

    Attributes:
        input_sha256: of the canonical JSON of everything that went in.
        outcomes: one line per candidate, selected first.
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

    def confirm(self, by: Actor) -> None:
        """Be confirmed by a person."""
        self._advance("confirm", by)

    def supersede(self, by: Actor) -> None:
        """Give way to a later proposal."""
        self._advance("supersede", by)


def balance(
    id: UUID,
    session: Session,
    applications: Sequence[Application],
    facts: Sequence[CandidateFacts],
    targets: Sequence[Rule],
    reserve_size: int,
) -> BalancingRun:
    """Propose the best roster for a session.

    Args:
        id: of the run.
        session: places, quota tree, seed and policy version.
        applications: everybody who is ready for the roster.
        facts: of the same people, in the same order; for the TARGET rules.
        targets: rules with modality TARGET.
        reserve_size: length of the ordered reserve.

    Raises:
        RuleViolated: ``quota-infeasible`` (S-06) naming the nodes.
    """
    tree = session.tree
    choice = choose(tree, [Candidate(each.id, each.score, each.traits) for each in applications], session.seed)
    outcomes = explain(tree, choice, reserve_size)
    chosen = {line.application for line in outcomes if line.standing is Standing.SELECTED}
    inside = [fact for each, fact in zip(applications, facts, strict=True) if each.id in chosen]
    return BalancingRun(
        id=id,
        session_id=session.id,
        policy_version=session.policy_version,
        seed=session.seed,
        input_sha256=digest_of(
            {
                "seed": session.seed,
                "policy_version": session.policy_version,
                "places": session.quota,
                "nodes": [
                    [n.code, n.parent, n.min, n.max, {k: sorted(v) for k, v in n.match.items()}] for n in tree.nodes
                ],
                "candidates": sorted([str(each.id), str(each.score), each.traits] for each in applications),
            }
        ),
        places=session.quota,
        candidates=len(applications),
        selected_count=len(chosen),
        reserve_count=sum(line.standing is Standing.RESERVE for line in outcomes),
        total_score=sum((line.score for line in outcomes if line.standing is Standing.SELECTED), Decimal(0)),
        nodes=[
            NodeCount(cell.code, cell.min, cell.max, available, taken)
            for cell, available, taken in zip(tree.cells, choice.available, choice.counts, strict=True)
        ],
        targets=answer_targets(targets, inside, None),
        outcomes=outcomes,
    )
