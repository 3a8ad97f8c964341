"""A state machine over the whole of funding: whatever happens in whatever order, the books hold (style.md, I4)."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Coroutine
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from funding.domain import facts
from funding.domain.claims.states import ClaimState
from funding.domain.ledger.accounts import AccountKind
from funding.domain.ledger.entries import EntryKind
from funding.domain.participation import ParticipationState
from funding.domain.payments.instalment import InstalmentState
from funding.testing.bureau import Bureau
from funding.testing.office import START
from shared.kernel.refusals import Refusal

PEOPLE = [UUID(int=(1 << 70) + 2 * n) for n in range(3)]
people = st.sampled_from(PEOPLE)
seldom = st.integers(0, 9).map(lambda drawn: 9 - drawn)
"""Zero once in a while, and never what shrinking begins with: for what ends most of a life."""
loop = asyncio.new_event_loop()
GRANTED_OR_PAID = {ClaimState.APPROVED, ClaimState.PART_APPROVED, ClaimState.INSTRUCTED, ClaimState.PAID}


def run(work: Coroutine[Any, Any, Any]) -> bool:
    """Do it; False when it was refused."""
    try:
        loop.run_until_complete(work)
    except Refusal:
        return False
    return True


@cache
def _opened() -> bytes:
    """An office with a fund and money for two, made once: every life begins with its own copy."""
    office = Bureau()

    async def open() -> None:
        await office.opens_everything()

    assert run(open())
    return pickle.dumps(office)


class Books(RuleBasedStateMachine):
    """Events and commands at random, on an allocation that pays for two of three people."""

    @initialize()
    def open(self) -> None:
        self.office: Bureau = pickle.loads(_opened())  # noqa: S301 - made above
        self.fund = next(iter(self.office.shelf.funds.values()))
        self.seen: list[Any] = []
        self.closed: dict[str, int] = {}

    @rule(who=people, version=st.integers(1, 3))
    def goes_there(self, who: UUID, version: int) -> None:
        run(self.office.selected(who, version))
        run(self.office.placed(who))
        run(self.office.arrived(who))

    @rule(who=people)
    def finishes(self, who: UUID) -> None:
        run(self.office.ended(who))
        run(self.office.assessed(who))
        run(self.office.certified(who))

    @rule(days=st.sampled_from([0, 0, 190]))
    def paid(self, days: int) -> None:
        self.office.today += timedelta(days)
        run(self.office.raises_due())
        run(self.office.pays())

    @rule(who=people, days=st.integers(0, 365))
    def breaks_off(self, who: UUID, days: int) -> None:
        run(self.office.ended(who, "early", START + timedelta(days), days))

    @rule(who=people, version=st.integers(1, 3))
    def selected(self, who: UUID, version: int) -> None:
        run(self.office.selected(who, version))

    @rule(who=people, version=st.integers(1, 3))
    def deselected(self, who: UUID, version: int) -> None:
        run(self.office.deselected(who, version))

    @rule(who=people)
    def withdrawn(self, who: UUID) -> None:
        run(self.office.withdrawn(who))

    @rule(who=people)
    def placed(self, who: UUID) -> None:
        run(self.office.placed(who))

    @rule(who=people, days=st.integers(0, 60))
    def arrived(self, who: UUID, days: int) -> None:
        run(self.office.arrived(who, START + timedelta(days), late=days > 7))

    @rule(who=people, days=st.integers(0, 365), kind=st.sampled_from(["normal", "early", "before_start", "no_show"]))
    def ended(self, who: UUID, days: int, kind: Any) -> None:
        run(self.office.ended(who, kind, START + timedelta(days), days))

    @rule(who=people, host=st.sampled_from(["hosts/H002", "hosts/H003"]), days=st.integers(1, 300))
    def transferred(self, who: UUID, host: str, days: int) -> None:
        run(self.office.transferred(who, host, START + timedelta(days)))

    @rule(who=people, passed=st.booleans(), days=st.integers(0, 100))
    def assessed(self, who: UUID, days: int, *, passed: bool) -> None:
        run(self.office.assessed(who, passed=passed, on=date(2025, 7, 1) + timedelta(days)))

    @rule(who=people)
    def certified(self, who: UUID) -> None:
        run(self.office.certified(who))

    @rule(who=people)
    def revoked(self, who: UUID) -> None:
        run(self.office.revoked(who))

    @rule(days=st.integers(0, 200))
    def time_passes(self, days: int) -> None:
        self.office.today += timedelta(days)
        run(self.office.raises_due())

    @rule()
    def signed(self) -> None:
        run(self.office.signs())

    @rule()
    def instructed(self) -> None:
        run(self.office.instructs())

    @rule(outcome=st.sampled_from(["paid", "paid", "rejected"]), nth=st.integers(0, 5))
    def treasury_says(self, outcome: Any, nth: int) -> None:
        batches = list(self.office.shelf.disbursements.values())
        if batches:
            run(self.office.treasury_says(batches[nth % len(batches)], outcome))

    @rule()
    def recovered(self) -> None:
        run(self.office.recovers())

    @rule()
    def more_money(self) -> None:
        run(self.office.allocated(self.fund, 1))

    @rule(reference=st.integers(1, 3), amount=st.integers(-1, 500_000))
    def granted(self, reference: int, amount: int) -> None:
        run(self.office.grants(self.fund.id, amount, f"more-{reference}"))

    @rule(nth=st.integers(0, 30))
    def reversed(self, nth: int) -> None:
        run(self.office.reverses(nth))

    @rule(chance=seldom)
    def frozen(self, chance: int) -> None:
        if chance == 0:
            run(self.office.freezes(self.fund.id))

    @rule()
    def thawed(self) -> None:
        run(self.office.thaws(self.fund.id))

    @rule(months=st.integers(0, 3))
    def month_closed(self, months: int) -> None:
        key = f"{self.office.today - timedelta(31 * months):%Y-%m}"
        if run(self.office.closes_month(key)):
            self.closed[key] = sum(entry.period == key for entry in self.office.shelf.entries)

    @rule(nth=st.integers(0, 30), days=st.integers(0, 100))
    def forged(self, nth: int, days: int) -> None:
        """Somebody books an old entry again, today or earlier, under its old key or a new one."""
        run(self.office.books_again(nth, self.office.today - timedelta(days), f"forged-{nth}"))
        assert not run(self.office.books_again(nth, self.office.today, None)), "the same source key was booked twice"

    @rule(chance=seldom)
    def budgets_closed(self, chance: int) -> None:
        if chance == 0:
            run(self.office.closes_budgets())

    @rule(
        part=st.sampled_from([(1, 30), (1, 10), (11, 30), (31, 40)]),
        amount=st.integers(1, 400_000),
        to=st.integers(0, 2),
    )
    def claimed(self, part: tuple[int, int], amount: int, to: int) -> None:
        """A claim on the way to its grant; two that overlap in days do not both get there."""
        self.office.today = max(self.office.today, date(2024, 8, 12))
        run(self.office.claims_and_gets(*part, amount, f"INV-{len(self.office.shelf.claims)}", steps=to))

    @rule(amount=st.integers(1, 30_000_000))
    def reallocated(self, amount: int) -> None:
        run(self.office.reallocates(amount))

    @invariant()
    def nothing_is_overdrawn_and_the_trial_balance_is_zero(self) -> None:
        balances = self.office.shelf.balances()
        assert sum(balances.values()) == 0
        assert all(amount >= 0 for account, amount in balances.items() if account.kind is not AccountKind.SOURCE)

    @invariant()
    def nothing_is_rewritten(self) -> None:
        entries = self.office.shelf.entries
        assert entries[: len(self.seen)] == self.seen
        assert len({entry.source_key for entry in entries}) == len(entries)
        self.seen = list(entries)

    @invariant()
    def a_closed_month_takes_nothing(self) -> None:
        entries = self.office.shelf.entries
        assert {key: sum(entry.period == key for entry in entries) for key in self.closed} == self.closed

    @invariant()
    def a_reversal_names_its_original_and_undoes_it_once(self) -> None:
        entries = {entry.id: entry for entry in self.office.shelf.entries}
        undone = [entry for entry in entries.values() if entry.reverses is not None]
        assert len({entry.reverses for entry in undone}) == len(undone)
        for entry in undone:
            original = entries[entry.reverses] if entry.reverses else None
            assert original is not None
            assert original.reverses is None
            assert {(x.account, -x.amount) for x in original.postings} == {
                (x.account, x.amount) for x in entry.postings
            }

    @invariant()
    def no_instalment_is_paid_twice(self) -> None:
        paid = [fact.instalment for fact in self.office.facts(facts.InstalmentPaid)]
        assert len(set(paid)) == len(paid)

    @invariant()
    def the_ledger_says_what_the_plans_say(self) -> None:
        shelf = self.office.shelf
        sums = self.office.sums()
        plans = list(shelf.instalments.values())
        expected = {
            "committed": sum(x.amount for x in plans if x.is_open)
            + self._claimed(ClaimState.APPROVED, ClaimState.PART_APPROVED),
            "in_transit": sum(x.amount for x in plans if x.state is InstalmentState.INSTRUCTED)
            + self._claimed(ClaimState.INSTRUCTED),
            "receivable": sum(sum(x.outstanding.values()) for x in plans),
            "disbursed": sum(sum(x.kept.values()) - sum(x.outstanding.values()) for x in plans if x.was_paid)
            + self._claimed(ClaimState.PAID),
            "reserved": sum(sum(each.reserved.values()) for each in shelf.participations.values()),
        }
        assert {kind: sums.get(kind, 0) for kind in expected} == expected

    def _claimed(self, *states: ClaimState) -> int:
        """Fen of claims in these states."""
        return sum(sum(x.parts.values()) for x in self.office.shelf.claims.values() if x.state in states)

    @invariant()
    def no_day_of_a_class_is_paid_twice(self) -> None:
        live = [x for x in self.office.shelf.claims.values() if x.state in GRANTED_OR_PAID]
        days = [line.from_day + timedelta(n) for x in live for line in x.lines for n in range(line.days)]
        assert len(set(days)) == len(days)

    @invariant()
    def what_is_paid_is_paid_once(self) -> None:
        paid = [entry.subject for entry in self.office.shelf.entries if entry.kind is EntryKind.PAID]
        assert None not in paid
        assert len(set(paid)) == len(paid)

    @invariant()
    def who_is_settled_has_what_is_owed(self) -> None:
        for each in self.office.shelf.participations.values():
            if each.state is ParticipationState.SETTLED and not each.lacking:
                assert each.paid - each.clawed_back == each.entitled, each
            if each.state is ParticipationState.RELEASED:
                assert each.paid == 0
