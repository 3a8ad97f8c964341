"""Refuse to decide on what is frozen."""

from __future__ import annotations

from collections.abc import Iterable

from funding.domain.freezing.freeze import FreezeKind, Thing
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, Finding

_QUEUED = (FreezeKind.PAYEE, FreezeKind.CLAIM)
"""Kinds that deciding does not lock by row; who decides queues up with who freezes."""


async def require_free(work: FundingWork, *things: tuple[FreezeKind, str]) -> None:
    """Raises ``Conflict``: ``frozen`` with a finding for each of these that is (F-07)."""
    if found := await frozen_among(work, [Thing(*each) for each in things]):
        raise refusal(found)


async def frozen_among(work: FundingWork, things: Iterable[Thing]) -> set[Thing]:
    """Which of these are frozen; call it when the things are locked, and before approvals and accounts are."""
    wanted = set(things)
    await work.queue_up(each.key for each in wanted if each.kind in _QUEUED)
    return wanted & await work.frozen()


def refusal(found: Iterable[Thing]) -> Conflict:
    """What is said of frozen things."""
    findings = [
        Finding("frozen", f"The {each.kind} {each.subject} is frozen.", rule="F-07", values=each._asdict())
        for each in sorted(found)
    ]
    return Conflict("frozen", "This is frozen; its money does not move until it is thawed.", findings=findings)
