"""Seats and the counted quota tree: requests and representations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from selection.domain.quota.counting import Drift, NodeState
from selection.domain.quota.seat import Seat
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class SeatBody(Body):
    """A place to hold at a node of the quota tree; ``reason`` is a code."""

    node: CodeText
    unit: CodeText | None = None
    expires_at: AwareDatetime | None = None
    reason: CodeText = "held"


class SeatOut(Resource):
    """One place: reserved, used, or the trace of one."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    session: UUID
    node: str
    application: UUID | None
    unit: str | None
    expires_at: AwareDatetime | None
    reason: str

    @classmethod
    def of(cls, thing: Seat, actor: Actor) -> SeatOut:
        """The representation of a seat."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            session=thing.session_id, node=thing.node, application=thing.participation, unit=thing.unit,
            expires_at=thing.expires_at, reason=thing.reason,
        )  # fmt: skip


class NodeStateOut(Resource):
    """A node with its counters.

    ``remaining`` counts the nodes above as well; ``bound_by`` is the full node that leaves nothing; ``missing`` is what
    is still needed to reach ``min``.
    """

    code: str
    parent: str | None
    min: int
    max: int
    reserved: int
    used: int
    remaining: int
    bound_by: str | None
    missing: int


class QuotaOut(Resource):
    """The quota tree of a session with its counters, parents first; ``binding`` names the full nodes."""

    session: UUID
    places: Annotated[int, Field(ge=0)]
    remaining: int
    binding: list[str]
    nodes: list[NodeStateOut]

    @classmethod
    def of(cls, session: UUID, states: Sequence[NodeState]) -> QuotaOut:
        """The representation of counted nodes."""
        nodes = [
            NodeStateOut(
                code=s.counter.code, parent=s.counter.parent, min=s.counter.min, max=s.counter.max,
                reserved=s.counter.reserved, used=s.counter.used, remaining=s.remaining, bound_by=s.bound_by,
                missing=s.missing,
            )
            for s in states
        ]  # fmt: skip
        binding = [s.counter.code for s in states if s.counter.free <= 0]
        root = nodes[0]
        return cls(session=session, places=root.max, remaining=root.remaining, binding=binding, nodes=nodes)


class DriftOut(Resource):
    """A node whose counters are not what a recount says; ``roster_used`` only where a roster is in force."""

    node: str
    reserved: int
    used: int
    seats_reserved: int
    seats_used: int
    roster_used: int | None


class QuotaReconciliationOut(Resource):
    """Counters against seats and roster; ``drift`` is empty when they agree."""

    session: UUID
    nodes: int
    drift: list[DriftOut]

    @classmethod
    def of(cls, session: UUID, nodes: int, found: Sequence[Drift]) -> QuotaReconciliationOut:
        """The representation of a reconciliation."""
        drift = [
            DriftOut(
                node=d.node, reserved=d.reserved, used=d.used, seats_reserved=d.seats_reserved, seats_used=d.seats_used,
                roster_used=d.roster_used,
            )
            for d in found
        ]  # fmt: skip
        return cls(session=session, nodes=nodes, drift=drift)
