"""The facts of a story in any order and any number give the same books, fen by fen."""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.domain.payments.instalment import InstalmentState
from funding.testing.bureau import Bureau
from funding.testing.machine import loop, run
from funding.testing.office import START
from funding.testing.stories import STORIES, Heard

WHO = UUID(int=1 << 70)
LAST_DAY = START.replace(year=2025, month=12)
OTHERS = settings(max_examples=40, deadline=None, database=None)


@cache
def _opened() -> bytes:
    office = Bureau()
    assert run(_open(office))
    return pickle.dumps(office)


async def _open(office: Bureau) -> None:
    await office.allocated(await office.opened(), 2)


def an_office() -> Bureau:
    """Money for two, on a day after everything."""
    office: Bureau = pickle.loads(_opened())  # noqa: S301 - made above
    office.today = LAST_DAY
    return office


async def tell(office: Bureau, facts: list[Heard]) -> None:
    """Tell the facts one by one."""
    for fact in facts:
        await fact(office, WHO)


def books(office: Bureau) -> Any:
    """Accounts, instalments that are not void, and what the participation says."""
    shelf = office.shelf
    accounts = {account: amount for account, amount in shelf.balances().items() if amount}
    plan = sorted(
        (x.sequence, x.milestone, x.state, x.payee, str(x.due_on), sorted(x.parts.items()), sorted(x.clawback.items()))
        for x in shelf.instalments.values()
        if x.state is not InstalmentState.VOID
    )
    person = shelf.participations[WHO]
    return accounts, plan, (person.state, person.entitled, person.paid, person.reserved, person.lacking, person.host)


@cache
def in_order(name: str) -> Any:
    """The books after each fact once, in the order of life."""
    office = an_office()
    loop.run_until_complete(tell(office, STORIES[name]))
    return books(office)


@pytest.mark.parametrize("name", STORIES)
@OTHERS
@given(drawn=st.data())
def test_any_order_and_five_times_each_give_the_same_books(name: str, drawn: st.DataObject) -> None:
    """Issue 6 (7): accounts, instalments and states are compared fen by fen."""
    office = an_office()
    shuffled = drawn.draw(st.permutations(STORIES[name] * 5))

    loop.run_until_complete(tell(office, shuffled))

    assert books(office) == in_order(name)


def _settle(office: Bureau) -> None:
    """Pay what is due and recover what is owed until nothing is left to do."""
    for _ in range(4):
        for act in (office.raises_due, office.pays, office.recovers):
            run(act())


@cache
def settled_in_order(name: str) -> dict[Any, int]:
    """The accounts after the story and all that follows from it."""
    office = an_office()
    loop.run_until_complete(tell(office, STORIES[name]))
    _settle(office)
    return {account: amount for account, amount in office.shelf.balances().items() if amount}


@pytest.mark.parametrize("name", STORIES)
@OTHERS
@given(drawn=st.data())
def test_payments_in_between_lead_to_the_same_end(name: str, drawn: st.DataObject) -> None:
    """However payments and recoveries fall between the facts, in the end the same is paid and the same is free."""
    office = an_office()
    for fact in drawn.draw(st.permutations(STORIES[name])):
        loop.run_until_complete(tell(office, [fact]))
        if drawn.draw(st.booleans()):
            _settle(office)

    _settle(office)

    assert {account: amount for account, amount in office.shelf.balances().items() if amount} == settled_in_order(name)
