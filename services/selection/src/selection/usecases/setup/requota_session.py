"""Change the quota tree of a session; never below what is used (P-02)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from selection.domain.balancing.tree import QuotaNode
from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import home_code
from selection.domain.quota.seat import LIVE
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict


async def requota_session(work: SelectionWork, session_id: UUID, nodes: Sequence[QuotaNode]) -> Session:
    """Replace the tree.

    Raises:
        RuleViolated: ``quota-tree`` (S-06).
        Conflict: ``quota-below-used`` naming the nodes, reservations counted; ``quota-node-held``.
    """
    session = await work.sessions.get(session_id, target=True)
    await work.quotas.hold(session_id)
    tree = session.requota(nodes)
    seats = await work.seats.list(session_id=session_id, state=LIVE)
    gone = {seat.node for seat in seats if not seat.traits} - {cell.code for cell in tree.cells}
    if gone:
        raise Conflict(
            "quota-node-held", "Places are reserved at a node that the new tree does not have; release them first.",
            rule="P-02", nodes=sorted(gone),
        )  # fmt: skip
    for seat in seats:
        if seat.traits:
            seat.rehome(home_code(tree, seat.traits), seat.traits, seat.expires_at)
    await work.quotas.lay_out(session, seats)
    return session
