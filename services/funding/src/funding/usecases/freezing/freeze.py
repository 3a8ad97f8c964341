"""Freeze and thaw a thing."""

from __future__ import annotations

from uuid import UUID

from funding.domain.freezing.freeze import Freeze, FreezeKind, FreezeState, Thing
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, Malformed


async def freeze_thing(work: FundingWork, thing: Thing, *, reason: str) -> Freeze:
    """Stop every decision on a thing's money (F-07); who is deciding on it at this moment finishes first.

    Raises:
        NotFound: there is no such thing.
        Malformed: ``not-an-id``.
        Conflict: ``already-frozen``, ``wrong-state``, ``claim-frozen``.
    """
    await _hold(work, thing)
    match thing.kind:
        case FreezeKind.FUND:
            work.announce((await work.funds.get(UUID(thing.subject))).freeze(work.actor))
        case FreezeKind.CLAIM:
            (await work.claims.get(UUID(thing.subject))).freeze(reason, by=work.actor)
    await work.queue_up([thing.key])
    if await work.freezes.find(kind=thing.kind, subject=thing.subject, state=FreezeState.FROZEN) is not None:
        raise Conflict("already-frozen", "This is frozen already.", rule="F-07")
    freeze = Freeze(
        id=work.new_id(),
        kind=thing.kind,
        subject=thing.subject,
        reason=reason,
        frozen_by=work.actor.subject,
        frozen_on=work.today,
    )
    work.freezes.add(freeze)
    work.announce(freeze.begun())
    work.note(f"{thing.kind}.frozen", thing.kind, thing.subject, freeze=str(freeze.id))
    return freeze


async def thaw_freeze(work: FundingWork, freeze_id: UUID, *, reason: str, is_target: bool = True) -> Freeze:
    """Let a frozen thing go on. Raises ``NotFound``, ``StaleVersion``, ``Conflict``: ``wrong-state``."""
    freeze = await work.freezes.get(freeze_id, target=is_target)
    work.announce(freeze.thaw(reason, by=work.actor, today=work.today))
    work.note(f"{freeze.kind}.thawed", freeze.kind, freeze.subject, freeze=str(freeze.id))
    match freeze.kind:
        case FreezeKind.FUND:
            work.announce((await work.funds.get(UUID(freeze.subject))).thaw(work.actor))
        case FreezeKind.CLAIM:
            (await work.claims.get(UUID(freeze.subject))).thaw(by=work.actor)
    return freeze


async def thaw_thing(work: FundingWork, thing: Thing, *, reason: str) -> bool:
    """Let a thing go on by its name; False when it is not frozen."""
    freeze = await work.freezes.find(kind=thing.kind, subject=thing.subject, state=FreezeState.FROZEN)
    if freeze is not None:
        await thaw_freeze(work, freeze.id, reason=reason, is_target=False)
    return freeze is not None


async def _hold(work: FundingWork, thing: Thing) -> None:
    """Lock what deciding on the thing would lock, so that a decision is before or after, never beside."""
    if thing.kind is FreezeKind.PAYEE:
        return
    try:
        id = UUID(thing.subject)
    except ValueError as error:
        raise Malformed("not-an-id", "Name it by its id.", pointer="/subject") from error
    match thing.kind:
        case FreezeKind.FUND:
            await work.funds.get(id)
        case FreezeKind.BUDGET:
            await work.budgets.get(id)
        case FreezeKind.ALLOCATION:
            await work.allocations.get(id)
        case FreezeKind.PARTICIPATION:
            await work.participations.get(id)
            await work.instalments.list(participation=id)
        case FreezeKind.CLAIM:
            await work.claims.get(id)
