"""Adjustment: bring a participation into its position, and say what was booked and what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from funding.domain import facts
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.participation import Participation, ParticipationState
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.domain.standing.position import Position

P = ParticipationState


@dataclass(slots=True)
class Adjustment:
    """What came of it.

    Attributes:
        entries: to be posted.
        announced: facts, in order.
        added: new instalments.
    """

    entries: list[Entry] = field(default_factory=list)
    announced: list[object] = field(default_factory=list)
    added: list[Instalment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an adjustment is made on: the event or command, the day, who acts, and a source of ids."""

    cause: str
    today: date
    subject: str
    new_id: Callable[[], UUID]


def adjust(participation: Participation, held: list[Instalment], to: Position, on: Occasion) -> Adjustment:
    """Move the participation and its instalments to ``to``; the caller has seen to it that the money is there.

    ``held`` are all instalments of the participation; new ones are appended.
    """
    done = Adjustment()
    before = participation.state
    reserved = participation.reserved
    moves = _revise(participation, held, to, on, done)
    participation.reserved = to.reserved
    participation.entitled = to.entitled
    participation.lacking = 0
    moves += [
        (
            participation.ledger_account(AccountKind.RESERVED, category),
            to.reserved.get(category, 0) - reserved.get(category, 0),
        )
        for category in {*to.reserved, *reserved}
    ]
    moves += [
        (Account(_fund(participation), AccountKind.AVAILABLE, participation.session or "", category), -amount)
        for category, amount in to.need.items()
    ]
    _claim_back(participation, held, to, on, done)
    passed = participation.reach(target_state(participation, held))
    _book(participation, moves, _kind(before, passed), on, done)
    done.announced[:0] = _told(participation, passed, to, on)
    if P.SETTLED in passed and participation.state is P.SETTLED:
        done.announced.append(settled(participation, on.today))
    return done


def target_state(participation: Participation, held: list[Instalment]) -> ParticipationState:
    """Where the money of a selected participation stands, given its instalments."""
    states = {each.state for each in held}
    moving = states & {*_OPEN, InstalmentState.INSTRUCTED}
    touched = moving or any(each.was_paid for each in held)
    if participation.story.never_began is not None and not touched:
        return P.RELEASED
    if participation.story.placing is None and not touched:
        return P.RESERVED
    if moving:
        return P.COMMITTED
    if any(each.outstanding for each in held):
        return P.RECOVERING
    return P.SETTLED if participation.story.is_told else P.COMMITTED


def settled(participation: Participation, today: date) -> facts.FundingSettled:
    """State that the participation is settled as things stand."""
    participation.settled_on = today
    return facts.FundingSettled(
        participation.id, participation.entitled, participation.paid, participation.clawed_back, today
    )


def reason_of(participation: Participation) -> str:
    """Why money goes back, as a code."""
    story = participation.story
    if story.never_began is not None:
        return story.never_began
    if story.ended_early and story.ending is not None:
        return story.ending.reason
    if story.revoked:
        return "certificate-revoked"
    return "assessment-failed" if story.failed else "recomputed"


_OPEN = (InstalmentState.PLANNED, InstalmentState.DUE, InstalmentState.PREPARED, InstalmentState.APPROVED)


def _revise(
    participation: Participation, held: list[Instalment], to: Position, on: Occasion, done: Adjustment
) -> list[tuple[Account, int]]:
    moves: list[tuple[Account, int]] = []
    for standing, step, worth in to.revised:
        change = {c: worth.get(c, 0) - standing.parts.get(c, 0) for c in {*worth, *standing.parts}}
        moves += [(standing.account(AccountKind.COMMITTED, c), amount) for c, amount in change.items()]
        if not worth:
            standing.void()
            continue
        payee = _payee(participation, standing.payee_kind) or standing.payee
        if any(change.values()) or payee != standing.payee:
            _say(done, standing.revise(worth, payee))
        standing.due_on = step.due_on or standing.due_on
        if standing.state is InstalmentState.PLANNED and step.reached:
            _say(done, standing.fall_due(step.due_on or on.today))
    for step, sequence, revision, worth in to.added:
        new = Instalment(
            id=on.new_id(),
            participation=participation.id,
            session=participation.session or "",
            fund=_fund(participation),
            milestone=step.rule.milestone,
            sequence=sequence,
            revision=revision,
            parts=worth,
            payee=_payee(participation, step.rule.payee) or "",
            payee_kind=step.rule.payee,
            due_on=step.due_on,
        )
        held.append(new)
        done.added.append(new)
        moves += [(new.account(AccountKind.COMMITTED, c), amount) for c, amount in worth.items()]
        if step.reached:
            _say(done, new.fall_due(step.due_on or on.today))
    return moves


def _claim_back(
    participation: Participation, held: list[Instalment], to: Position, on: Occasion, done: Adjustment
) -> None:
    total = 0
    for paid in [each for each in held if each.id in to.clawback]:
        before = paid.outstanding
        total += paid.owe_back(to.clawback[paid.id])
        after = paid.outstanding
        if after and paid.clawback_due_on is None:
            paid.clawback_due_on = on.today + timedelta(to.grace_days)
        parts = {c: after.get(c, 0) - before.get(c, 0) for c in {*after, *before}}
        moves = paid.move(AccountKind.DISBURSED, AccountKind.RECEIVABLE, parts)
        _book(participation, moves, EntryKind.CLAWBACK_DUE, on, done, about=paid)
    if total > 0:
        done.announced.append(facts.ClawbackDue(participation.id, total, reason_of(participation)))


def _told(participation: Participation, passed: list[ParticipationState], to: Position, on: Occasion) -> list[object]:
    told: list[object] = []
    fund, need = _fund(participation), sum(to.need.values())
    if P.RESERVED in passed:
        told.append(facts.FundingReserved(participation.id, fund, sum(to.reserved.values()) or to.entitled))
    first = participation.commitment is None and participation.state in (P.COMMITTED, P.RECOVERING, P.SETTLED)
    if first:
        participation.commitment = on.new_id()
    if participation.commitment is not None and (first or need > 0) and participation.state is not P.RESERVED:
        told.append(facts.FundingCommitted(participation.id, participation.commitment, fund, to.entitled))
    if need < 0:
        told.append(facts.FundingReleased(participation.id, -need, reason_of(participation)))
    return told


def _kind(before: ParticipationState, passed: list[ParticipationState]) -> EntryKind:
    if P.RELEASED in passed:
        return EntryKind.RELEASED
    if P.COMMITTED in passed and before is not P.SETTLED:
        return EntryKind.COMMITTED
    return EntryKind.RESERVED if P.RESERVED in passed else EntryKind.RECOMPUTED


def _book(
    participation: Participation,
    moves: list[tuple[Account, int]],
    kind: EntryKind,
    on: Occasion,
    done: Adjustment,
    about: Instalment | None = None,
) -> None:
    gathered = gather(moves)
    key = "" if about is None else f"{about.id}:"
    if gathered:
        done.entries.append(
            Entry(
                id=on.new_id(),
                fund=_fund(participation),
                kind=kind,
                source_key=f"{on.cause}:{participation.id}:{key}{kind}",
                booked_on=on.today,
                postings=gathered,
                posted_by=on.subject,
                participation=participation.id,
                session=participation.session,
                subject=about.id if about else None,
                payee=about.payee if about else None,
            )
        )


def _say(done: Adjustment, fact: object | None) -> None:
    if fact is not None:
        done.announced.append(fact)


def _payee(participation: Participation, kind: str) -> str | None:
    return participation.host if kind == "host" else participation.sending_unit


def _fund(participation: Participation) -> UUID:
    if participation.fund is None:
        raise LookupError("no allocation was found yet")
    return participation.fund
