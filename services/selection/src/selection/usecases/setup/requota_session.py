"""Change the quota tree of a session; never below what is used (P-02)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from selection.domain.balancing.tree import QuotaNode
from selection.domain.programmes.programme import Session
from selection.domain.roster.roster import STANDING_STATES
from selection.usecases.ports import SelectionWork


async def requota_session(work: SelectionWork, session_id: UUID, nodes: Sequence[QuotaNode]) -> Session:
    """Replace the tree.

    Raises:
        RuleViolated: ``quota-tree`` (S-06).
        Conflict: ``quota-below-used`` naming the nodes.
    """
    session = await work.sessions.get(session_id, target=True)
    roster = await work.rosters.find(session_id=session_id, state=STANDING_STATES)
    session.requota(nodes, [entry.traits for entry in roster.selected] if roster else [])
    return session
