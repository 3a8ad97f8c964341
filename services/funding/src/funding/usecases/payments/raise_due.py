"""Dated instalments whose day has come fall due."""

from __future__ import annotations

from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork


async def raise_due(work: FundingWork, session: str | None = None) -> list[Instalment]:
    """Make every instalment due that should be by today; a duty of the clock and a command. Gives those that became so."""
    ids = await work.coming_due(work.today, session)
    if not ids:
        return []
    participations = await work.participations.get_many(ids)
    planned = await work.instalments.list(participation=ids, state=InstalmentState.PLANNED)
    await keep_positions(work, participations, cause=str(work.new_id()))
    return [each for each in planned if each.state is InstalmentState.DUE]
