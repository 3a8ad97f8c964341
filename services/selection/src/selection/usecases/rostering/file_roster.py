"""What becomes of a roster after it is proposed: discarded, or filed, acknowledged, returned (S-07)."""

from __future__ import annotations

import re
from uuid import UUID

from selection.domain.roster.roster import Roster
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed

_RECEIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}")


async def file_roster(work: SelectionWork, roster_id: UUID) -> Roster:
    """Hand the current version to the ministry for the record. Raises ``Conflict`` ``wrong-state``."""
    roster = await work.rosters.get(roster_id, target=True)
    work.announce(roster.file(work.actor, work.now))
    return roster


async def acknowledge_roster(work: SelectionWork, roster_id: UUID, receipt: str) -> Roster:
    """Give the ministry's receipt.

    Raises:
        Malformed: ``bad-receipt`` unless it is a code.
        Conflict: ``wrong-state``.
    """
    if not _RECEIPT.fullmatch(receipt):
        raise Malformed(
            "bad-receipt", "Give the receipt number as letters, digits and . _ : / -.",
            findings=[Finding("bad-receipt", "This is no receipt number.", "/receipt")],
        )  # fmt: skip
    roster = await work.rosters.get(roster_id, target=True)
    work.announce(roster.acknowledge(receipt, work.actor, work.now))
    return roster


async def return_roster(work: SelectionWork, roster_id: UUID, reason: str) -> Roster:
    """Send a filing back with a reason; the roster stays in force. Raises ``Conflict`` ``wrong-state``."""
    roster = await work.rosters.get(roster_id, target=True)
    roster.send_back(reason, work.actor, work.now)
    return roster


async def discard_roster(work: SelectionWork, roster_id: UUID, reason: str) -> Roster:
    """Give up a roster that is not yet fixed. Raises ``Conflict`` ``wrong-state``."""
    roster = await work.rosters.get(roster_id, target=True)
    roster.discard(reason, work.actor)
    return roster
