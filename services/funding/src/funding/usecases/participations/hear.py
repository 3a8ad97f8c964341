"""What events of other services do: keep the fact, then keep the position."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from funding.domain.standing.story import Story
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork


async def hear(work: FundingWork, participation_id: UUID, *, cause: str, keep: Callable[[Story], None]) -> None:
    """Take a fact into the story of a participation, whatever else was heard before or not.

    ``cause`` is the id of the event; ``keep`` puts the fact into the story.
    """
    participation = await work.participation(participation_id)
    keep(participation.story)
    participation.host = participation.story.host
    await keep_positions(work, [participation], cause=cause)


async def hear_selected(
    work: FundingWork,
    participation_id: UUID,
    *,
    cause: str,
    programme: str,
    batch: str,
    session: str,
    account: str,
    sending_unit: str,
    keep: Callable[[Story], None],
) -> None:
    """Reserve for a selected person; a later version of the roster may say it again (S-07)."""
    participation = await work.participation(participation_id)
    participation.programme, participation.batch, participation.session = programme, batch, session
    participation.account, participation.sending_unit = account, sending_unit
    keep(participation.story)
    await keep_positions(work, [participation], cause=cause)
