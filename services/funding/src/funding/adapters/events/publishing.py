"""Fact → published contract; every fact of funding is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

from funding.domain import facts
from shared.contracts import funding as contracts
from shared.contracts.event import Event, Money
from shared.kernel.money import yuan


def money(amount: int) -> Money:
    """Fen as published money."""
    return Money(amount=yuan(amount))


def shares(parts: Iterable[tuple[str, int]]) -> tuple[contracts.BudgetShare, ...]:
    """Fen by code as published parts."""
    return tuple(contracts.BudgetShare(code=code, amount=money(amount)) for code, amount in parts)


_TABLE: Final[dict[type, Callable[[Any], Event]]] = {
    facts.BudgetApproved: lambda f: contracts.BudgetApproved(
        fund=f.fund, budget=f.budget, session=f.session, amount=money(f.amount)
    ),
    facts.BudgetAllocated: lambda f: contracts.BudgetAllocated(
        fund=f.fund,
        budget=f.budget,
        session=f.session,
        amount=money(f.amount),
        sources=shares(f.sources),
        purposes=shares(f.purposes),
    ),
    facts.FindingChanged: lambda f: contracts.FindingChanged.model_validate(asdict(f)),
    facts.FundingReserved: lambda f: contracts.FundingReserved(
        participation=f.participation, fund=f.fund, amount=money(f.amount)
    ),
    facts.FundingCommitted: lambda f: contracts.FundingCommitted(
        participation=f.participation, commitment=f.commitment, fund=f.fund, amount=money(f.amount)
    ),
    facts.FundingReleased: lambda f: contracts.FundingReleased(
        participation=f.participation, amount=money(f.amount), reason=f.reason
    ),
    facts.InstalmentDue: lambda f: contracts.InstalmentDue(
        participation=f.participation,
        instalment=f.instalment,
        milestone=f.milestone,
        amount=money(f.amount),
        due_on=f.due_on,
    ),
    facts.InstalmentPaid: lambda f: contracts.InstalmentPaid(
        participation=f.participation,
        instalment=f.instalment,
        milestone=f.milestone,
        amount=money(f.amount),
        paid_on=f.paid_on,
    ),
    facts.ClawbackDue: lambda f: contracts.ClawbackDue(
        participation=f.participation, amount=money(f.amount), reason=f.reason
    ),
    facts.ClawedBack: lambda f: contracts.ClawedBack(
        participation=f.participation, amount=money(f.amount), recovered_on=f.recovered_on
    ),
    facts.FundingSettled: lambda f: contracts.FundingSettled(
        participation=f.participation,
        entitled=money(f.entitled),
        paid=money(f.paid),
        clawed_back=money(f.clawed_back),
        settled_on=f.settled_on,
    ),
    facts.ClaimSubmitted: lambda f: contracts.ClaimSubmitted(
        claim=f.claim, participation=f.participation, session=f.session, claimed=money(f.claimed)
    ),
    facts.ClaimApproved: lambda f: contracts.ClaimApproved(
        claim=f.claim,
        participation=f.participation,
        session=f.session,
        claimed=money(f.claimed),
        amount=money(f.amount),
    ),
    facts.ClaimPaid: lambda f: contracts.ClaimPaid(
        claim=f.claim,
        participation=f.participation,
        session=f.session,
        amount=money(f.amount),
        paid_on=f.paid_on,
    ),
    facts.MoneyFrozen: lambda f: contracts.MoneyFrozen(freeze=f.freeze, kind=f.kind, thing=f.subject),
    facts.MoneyThawed: lambda f: contracts.MoneyThawed(freeze=f.freeze, kind=f.kind, thing=f.subject),
    facts.FundFrozen: lambda f: contracts.FundFrozen(fund=f.fund),
    facts.FundThawed: lambda f: contracts.FundThawed(fund=f.fund),
}


def translate(fact: Any) -> Event | None:
    """The contract of a fact, or None for what stays inside."""
    make = _TABLE.get(type(fact))
    return None if make is None else make(fact)
