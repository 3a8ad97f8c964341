"""Dividing money, the ledger's book, budgets and policies by themselves."""

from __future__ import annotations

import itertools
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.domain.budgets.allocation import Allocation
from funding.domain.budgets.budget import Line
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.book import Book
from funding.domain.ledger.entries import Entry, EntryKind, Posting
from funding.domain.payments.proration import WHOLE, half_up, running_shares
from funding.domain.standing.entitlement import months_after
from funding.testing.office import MINISTRY, PREPARER, REGIONAL, Office, shares
from funding.usecases.budgets.approve_budget import approve_budget, return_budget, submit_budget
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated

FUND, OTHER = UUID(int=1), UUID(int=2)
DAY = date(2024, 3, 1)


def pot(owner: str = "2024", category: str = "travel", fund: UUID = FUND) -> Account:
    return Account(fund, AccountKind.AVAILABLE, owner, category)


def an_entry(key: str, *sides: tuple[Account, int], reverses: UUID | None = None) -> Entry:
    kind = EntryKind.REVERSED if reverses else EntryKind.RESERVED
    postings = tuple(Posting(account, amount) for account, amount in sides)
    return Entry(UUID(int=9), FUND, kind, key, DAY, postings, "me", reverses=reverses)


@pytest.mark.parametrize(
    ("amount", "days", "standard", "expected"),
    [
        (800_000, 365, 365, 800_000),
        (800_000, 100, 365, 219_178),
        (900_000, 100, 365, 246_575),
        (1, 1, 2, 1),
        (3, 1, 2, 2),
        (800_000, 0, 365, 0),
        (100, 1, 3, 33),
        (200, 1, 3, 67),
    ],
)
def test_pro_rata_is_half_up_on_the_fen(amount: int, days: int, standard: int, expected: int) -> None:
    """The rounding rule, example by example."""
    assert half_up(amount, days, standard) == expected


@given(
    amount=st.integers(0, 10**13),
    cuts=st.lists(st.integers(0, WHOLE), min_size=0, max_size=8),
)
def test_shares_add_up_and_never_fall(amount: int, cuts: list[int]) -> None:
    """Whatever the shares: no step is negative and the last takes the remainder."""
    edges = [0, *sorted(cuts), WHOLE]
    owed = running_shares(amount, [b - a for a, b in itertools.pairwise(edges)])

    assert owed[-1] == amount
    assert all(a <= b for a, b in zip([0, *owed], owed, strict=False))


@given(amount=st.integers(0, 10**12), standard=st.integers(1, 4000), data=st.data())
def test_more_days_never_earn_less(amount: int, standard: int, data: st.DataObject) -> None:
    """Pro rata is monotone and never above the whole."""
    days = data.draw(st.integers(0, standard - 1))

    assert half_up(amount, days, standard) <= half_up(amount, days + 1, standard) <= amount


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 7, 1), 6, date(2025, 1, 1)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 12, 15), 12, date(2025, 12, 15)),
    ],
)
def test_months_end_with_the_month(start: date, months: int, expected: date) -> None:
    """A dated milestone falls on the same day or the last of a shorter month."""
    assert months_after(start, months) == expected


@pytest.mark.parametrize(
    "sides",
    [
        [(pot(), 5)],
        [(pot(), 5), (pot("x"), -4)],
        [(pot(), 5), (pot("x"), 0), (pot("y"), -5)],
        [(pot(), 5), (pot("x", fund=OTHER), -5)],
        [(pot(), 5), (pot(), -5)],
        [(pot(), 0.5), (pot("x"), -0.5)],
    ],
    ids=["one side", "unequal", "nothing", "two funds", "one account", "float"],
)
def test_what_is_no_entry_cannot_be_made(sides: list[tuple[Account, int]]) -> None:
    """An entry balances, stays in one fund and knows whole fen only."""
    with pytest.raises(ValueError, match=r"entry|posting"):
        an_entry("k", *sides)


def test_an_account_has_a_purpose_unless_the_money_has_none_yet() -> None:
    """F-05: money before a budget has no category; all other money has one."""
    with pytest.raises(ValueError, match="category"):
        Account(FUND, AccountKind.RESERVED, "p", None)
    with pytest.raises(ValueError, match="category"):
        Account(FUND, AccountKind.GRANTED, "central", "travel")


def test_the_book_refuses_overdraft_purpose_repetition_and_closed_months() -> None:
    """Each rule with its code; a refused entry leaves nothing."""
    purposes = {FUND: frozenset({"travel"})}
    book = Book(balances={pot(): 10}, purposes=purposes, posted=["old"], reversed_entries=[UUID(int=5)])
    with pytest.raises(RuleViolated, match="overdrawn") as short:
        book.post(an_entry("a", (pot(), -11), (pot("x"), 11)))
    with pytest.raises(RuleViolated, match="purpose-locked"):
        book.post(an_entry("b", (pot(category="feast"), -1), (pot("x"), 1)))
    with pytest.raises(Conflict, match="already-posted"):
        book.post(an_entry("old", (pot(), -1), (pot("x"), 1)))
    with pytest.raises(Conflict, match="already-reversed"):
        book.post(an_entry("c", (pot(), -1), (pot("x"), 1), reverses=UUID(int=5)))
    with pytest.raises(Conflict, match="period-closed"):
        Book(balances={pot(): 10}, purposes=purposes, closed=["2024-03"]).post(
            an_entry("d", (pot(), -1), (pot("x"), 1))
        )

    assert short.value.findings[0].values == {"short": "0.01", "balance": "0.10"}
    assert (book.balance(pot()), book.balance(pot("x"))) == (10, 0)


async def test_a_returned_budget_loses_its_signatures() -> None:
    """After a return the whole chain signs again."""
    office = Office()
    budget = await office.planned(await office.opened(), [Line("travel", 300_000_000)])
    await office.do(PREPARER, lambda work: submit_budget(work, budget.id))
    await office.do(REGIONAL, lambda work: approve_budget(work, budget.id))
    await office.do(MINISTRY, lambda work: return_budget(work, budget.id, reason="too dear"))

    assert (budget.state, budget.chain, budget.rolling_amount) == ("planned", [], 0)
    await office.do(PREPARER, lambda work: submit_budget(work, budget.id))
    with pytest.raises(Forbidden, match="not-your-step"):
        await office.do(MINISTRY, lambda work: approve_budget(work, budget.id))


@given(unused=st.integers(0, 300_000))
def test_unused_money_goes_back_to_the_sources_to_the_fen(unused: int) -> None:
    """F-05: in proportion to what each gave, together exactly what is left."""
    pot = Allocation(
        id=UUID(int=3), fund=FUND, session="2024", programme="p", batch="b", policy_version="v", amount=0,
    )  # fmt: skip
    pot.take({"central": 200_000, "regional": 100_000})
    entry = pot.closing_entry({"travel": unused}, id=UUID(int=4), on=DAY, by=REGIONAL)

    back = {side.account.owner: side.amount for side in entry.postings} if entry else {}
    assert sum(amount for owner, amount in back.items() if owner != "2024") == unused


async def test_closing_a_session_returns_what_is_free() -> None:
    """The last budget of a session gives its free money back; nothing is left in the pot."""
    from funding.usecases.budgets.allocate_budget import close_budget

    office = Office()
    budget = await office.allocated(await office.opened(), 3)
    who = UUID(int=1 << 70)
    await office.selected(who)
    with pytest.raises(Conflict, match="still-open"):
        await office.do(REGIONAL, lambda work: close_budget(work, budget.id))
    await office.withdrawn(who)
    await office.do(REGIONAL, lambda work: close_budget(work, budget.id))

    assert office.sums() == {"source": -2_000_000_000, "granted": 2_000_000_000}
    assert sum(line.amount for line in shares(3)) == budget.amount
