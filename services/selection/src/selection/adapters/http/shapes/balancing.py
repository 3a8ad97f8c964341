"""Balancing runs, their outcomes, certificates and checks: representations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from selection.adapters.http.reasons import BalanceReasonOut
from selection.domain.balancing.explain import Explanation
from selection.domain.balancing.proposal import NodeCount
from selection.domain.eligibility.targets import TargetAnswer
from selection.domain.roster.run import BalancingRun
from shared.http.resources import Resource
from shared.kernel.actor import Actor


class OutcomeOut(Resource):
    """One candidate's line: where, and why."""

    application: UUID
    outcome: str
    position: int
    score: Decimal
    binding_node: str | None
    margin_score: Decimal | None
    swap_with: UUID | None
    minimum_node: str | None
    price: Decimal | None
    distance: Decimal | None
    pressing: tuple[str, ...]

    @classmethod
    def of(cls, line: Explanation) -> OutcomeOut:
        """The representation of a line."""
        return cls(
            application=line.application, outcome=line.standing, position=line.position, score=line.score,
            binding_node=line.binding_node, margin_score=line.margin_score, swap_with=line.swap_with,
            minimum_node=line.minimum_node, price=line.price, distance=line.distance, pressing=line.pressing,
        )  # fmt: skip


class RunOut(Resource):
    """A balancing run; repeatable from its inputs and ``seed``."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    session: UUID
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
    outcomes: list[OutcomeOut]
    method: str
    proved: bool

    @classmethod
    def of(cls, thing: BalancingRun, actor: Actor) -> RunOut:
        """The representation of a run."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            session=thing.session_id, policy_version=thing.policy_version, seed=thing.seed,
            input_sha256=thing.input_sha256, places=thing.places, candidates=thing.candidates,
            selected_count=thing.selected_count, reserve_count=thing.reserve_count, total_score=thing.total_score,
            nodes=thing.nodes, targets=thing.targets,
            outcomes=[OutcomeOut.of(line) for line in thing.outcomes], method=thing.method, proved=thing.proved,
        )  # fmt: skip


class BalancingCertificateOut(Resource):
    """Everything that is needed to repeat a run and to check that its answer is the only right one.

    ``input`` and ``answer`` are the two documents of ``docs/balancing.md``; whole numbers may pass 2**53.
    """

    run: UUID
    input_sha256: str
    proved: bool
    input: dict[str, Any]
    answer: dict[str, Any]


class BalancingVerificationOut(Resource):
    """What the checker, which uses no solver, says of a stored run now."""

    run: UUID
    holds: bool
    problems: list[str]


class ExplainedOut(Resource):
    """One candidate's line of a run in words."""

    run: UUID
    line: OutcomeOut
    reasons: list[BalanceReasonOut]
