"""Sources: every sum is divided to the fen, moves with its shares and is traced in balance (P-09, F-05, F-08)."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funding.domain.budgets.allocation import Allocation
from funding.domain.budgets.budget import Budget
from funding.domain.budgets.sources import SourcePlan, SourceRule, divided, source_inconsistencies
from funding.domain.budgets.tracing import traced
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Posting
from funding.domain.policy import effective, read_policy
from funding.testing.memory import FundingMemory
from funding.testing.office import PREPARER, Office, policy_content, shares
from funding.usecases.budgets.plan_budget import plan_budget
from shared.kernel.refusals import Malformed

FUND = UUID(int=1)
parts = st.dictionaries(st.sampled_from(["central", "regional", "provincial"]), st.integers(1, 10**9), min_size=1)


@given(basis=parts, data=st.data())
def test_a_division_is_exact_and_takes_no_more_than_is_there(basis: dict[str, int], data: st.DataObject) -> None:
    """To the fen: the parts are the whole, and nobody gives more than they gave."""
    amount = data.draw(st.integers(0, sum(basis.values())))
    found = divided(amount, basis)

    assert sum(found.values()) == amount
    assert all(0 <= part <= basis[code] for code, part in found.items())


@given(given=parts, taken=st.lists(st.integers(0, 10**6), max_size=6))
@example(given={"central": 1}, taken=[1, 0, 0])
def test_the_contributions_of_a_pot_are_its_amount(given: dict[str, int], taken: list[int]) -> None:
    """Whatever moves between two pots: each knows whose money it holds, together what was allocated."""
    pots = [
        Allocation(id=UUID(int=n), fund=FUND, session=str(n), programme="p", batch="b", policy_version="v", amount=0)
        for n in (1, 2)
    ]
    pots[0].take(given)
    for nth, amount in enumerate(taken):
        giver, taker = pots[nth % 2], pots[1 - nth % 2]
        taker.take(giver.give(min(amount, giver.amount)))

    assert all(sum(pot.contributions.values()) == pot.amount for pot in pots)
    assert all(part >= 0 for pot in pots for part in pot.contributions.values())
    assert sum(pot.amount for pot in pots) == sum(given.values())


@given(amount=st.integers(0, 10**12), granted=st.lists(st.integers(0, 10**12), min_size=3, max_size=3))
def test_a_waterfall_drains_the_first_before_the_next(amount: int, granted: list[int]) -> None:
    """What nobody has is asked of the last, where the ledger refuses it."""
    codes = ["central", "regional", "provincial"]
    plan = SourcePlan(SourceRule.WATERFALL, tuple((code, 0) for code in codes))
    found = plan.divide(amount, dict(zip(codes, granted, strict=True)))

    assert sum(found.values()) == amount
    for nth, code in enumerate(codes[:-1]):
        later = any(found.get(other) for other in codes[nth + 1 :])
        assert found.get(code, 0) == (granted[nth] if later else found.get(code, 0)) <= granted[nth]


@given(amount=st.integers(1, 10**12))
def test_fixed_shares_add_up(amount: int) -> None:
    """Proportional, half up on the running total."""
    plan = SourcePlan(SourceRule.PROPORTIONAL, (("central", 3_333), ("regional", 3_333), ("provincial", 3_334)))

    assert sum(plan.divide(amount, {}).values()) == amount


@given(basis=parts, sides=st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
def test_a_traced_entry_balances_by_source(basis: dict[str, int], sides: list[int]) -> None:
    """However many postings: each adds up, and every source's debits are its credits."""
    pot, held = (
        [Account(FUND, kind, "x", f"c{nth}") for nth in range(len(sides))]
        for kind in (AccountKind.AVAILABLE, AccountKind.RESERVED)
    )
    postings = [Posting(account, -amount) for account, amount in zip(pot, sides, strict=True)]
    postings += [Posting(account, amount) for account, amount in zip(held, reversed(sides), strict=True)]
    found = traced(postings, basis)
    by_source: dict[str, int] = {}
    for own in found:
        for code, part in own.items():
            by_source[code] = by_source.get(code, 0) + part

    assert [sum(own.values()) for own in found] == [posting.amount for posting in postings]
    assert set(by_source.values()) == {0}


def test_wrong_shares_are_told() -> None:
    """A proportional plan is the whole; a source is named once."""
    row = {"source": "central", "share": 4_000}

    found = list(source_inconsistencies({"sources": {"rule": "proportional", "order": [row, row]}}))

    assert [finding.code for finding in found] == ["twice", "shares"]
    content = policy_content("batch-4") | {"sources": {"rule": "waterfall", "order": [{"source": "central"}]}}
    assert read_policy(effective(policy_content("batch-3"), content)).sources is not None


@pytest.mark.parametrize("has_rule", [True, False])
async def test_a_budget_without_contributions_is_divided_by_the_policy(has_rule: bool) -> None:
    """The policy's rule, or a refusal that says what is missing."""
    rule = {"rule": "waterfall", "order": [{"source": "central"}, {"source": "regional"}]}
    office = Office()
    fund = await office.opened(granted=3_000_000, **({"sources": rule} if has_rule else {}))

    async def plan(work: FundingMemory) -> Budget:
        return await plan_budget(
            work, fund_id=fund.id, session="2024", batch="batch-4", policy="batch-4", lines=shares(2), contributions=()
        )

    if not has_rule:
        with pytest.raises(Malformed, match="budget-wrong"):
            await office.do(PREPARER, plan)
        return
    budget = await office.do(PREPARER, plan)

    given = [(part.source, part.amount) for part in budget.contributions]
    assert given == [("central", 3_000_000), ("regional", 1_000_000)]
