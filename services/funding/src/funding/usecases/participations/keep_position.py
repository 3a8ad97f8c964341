"""Keep participations in the position that follows from what was heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.budgets.allocation import Allocation
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.participation import Participation, ParticipationState
from funding.domain.payments.instalment import SIGNED_STATES, Instalment
from funding.domain.standing.adjustment import Adjustment, Occasion, adjust
from funding.domain.standing.position import Position, position
from funding.usecases.approvals.ask import withdraw_approvals
from funding.usecases.ports import FundingWork


async def keep_positions(
    work: FundingWork,
    participations: Sequence[Participation],
    *,
    cause: str,
    allocation: Allocation | None = None,
) -> None:
    """Compare how their money stands with how it should, and book the difference; nothing to book is the usual case.

    Who cannot be paid for is noted as lacking and tried again when money comes. ``cause`` is the id of the event or
    command, part of every source key; ``allocation`` is the session's where the caller has just made it.
    """
    ready = [each for each in participations if await _is_charged(work, each, allocation)]
    if not ready:
        return
    held = await work.instalments_of([each.id for each in ready])
    targets = [(each, await _target(work, each, held[each.id])) for each in ready]
    purse = await _purse(work, targets)
    occasion = Occasion(cause, work.today, work.actor.subject, work.new_id)
    done: list[Adjustment] = []
    signed = [each for own in held.values() for each in own if each.state in SIGNED_STATES]
    for each, target in targets:
        if short := _shortage(each, target, purse):
            each.lack(short)
            continue
        for category, need in target.need.items():
            purse[_pot(each, category)] -= need
        done.append(adjust(each, held[each.id], target, occasion))
    unsigned = [each.id for each in signed if each.state not in SIGNED_STATES]
    await withdraw_approvals(work, ApprovalKind.PAYMENT, unsigned)
    for adjustment in done:
        for new in adjustment.added:
            work.instalments.add(new)
        work.announce(*adjustment.announced)
    entries = [entry for adjustment in done for entry in adjustment.entries]
    if entries:
        await work.books.post(entries)


async def _is_charged(work: FundingWork, each: Participation, allocation: Allocation | None) -> bool:
    """True when the participation has a pot to be paid from; who is selected and has none waits for one."""
    if each.story.selection is None or each.session is None:
        return False
    if each.fund is None:
        found = allocation or await work.allocation_of(each.session)
        if found is None:
            _go_without(each)
            return False
        each.charge_to(found)
    return True


def _go_without(each: Participation) -> None:
    """There is no allocation yet: wait for one, unless the person has left already."""
    if each.story.never_began is None:
        each.lack(0)
    elif each.state is not ParticipationState.RELEASED:
        each.reach(ParticipationState.RELEASED)


async def _target(work: FundingWork, each: Participation, held: list[Instalment]) -> Position:
    policy = await work.policy(each.programme or "", each.policy_version or "")
    return position(each, held, policy, work.today)


async def _purse(work: FundingWork, targets: list[tuple[Participation, Position]]) -> dict[Account, int]:
    """What is free in the pots that somebody needs more from; those pots stay locked."""
    pots = {_pot(each, category) for each, to in targets for category, need in to.need.items() if need > 0}
    return defaultdict(int, await work.books.balances(pots) if pots else {})


def _shortage(each: Participation, target: Position, purse: dict[Account, int]) -> int:
    """Fen that the pots lack for what the participation needs more."""
    return sum(max(0, need - purse[_pot(each, category)]) for category, need in target.need.items() if need > 0)


def _pot(each: Participation, category: str) -> Account:
    if each.fund is None:
        raise LookupError("no allocation was found yet")
    return Account(each.fund, AccountKind.AVAILABLE, each.session or "", category)
