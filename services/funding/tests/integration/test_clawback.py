"""Money that comes back: in parts, late, in a share, or not at all because the matrix let it go (F-03, F-04)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.adapters.http.policy_schema import require_valid
from funding.domain.payments.clawback import WayOut, clawback_findings, divide, read_clawback
from funding.testing.claims import fund_with_claims, granted, lodging, registered_class, submitted
from funding.testing.counter import (
    MINISTRY,
    PREPARER,
    REGIONAL,
    TREASURER,
    Counter,
    arrived,
    ended,
    placed,
    selected,
    yuan,
)
from funding.testing.office import SESSION, START, policy_content
from shared.kernel.refusals import Malformed

RULES = {
    "grace_days": 30,
    "rules": [
        {"on": "early_end", "reasons": ["illness"], "share": 0},
        {"on": "early_end", "share": 10_000},
        {"on": "revoked", "share": 5000},
    ],
}


@given(parts=st.dictionaries(st.text("abc", min_size=1), st.integers(0, 10**9), min_size=1, max_size=5), data=st.data())
@settings(max_examples=100, deadline=None)
def test_what_came_back_is_divided_to_the_fen_and_never_above_a_part(
    parts: dict[str, int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(parts.values())))

    found = divide(amount, parts)

    assert sum(found.values()) == amount
    assert all(0 < found[name] <= parts[name] for name in found)


def test_the_first_rule_that_fits_says_what_share_is_claimed_back() -> None:
    rules = read_clawback(RULES)

    assert rules.share(WayOut.EARLY_END, "illness") == 0
    assert rules.share(WayOut.EARLY_END, "family") == 10_000
    assert rules.share(WayOut.REVOKED, "") == 5000
    assert rules.share(None, "recomputed") == 10_000
    wrong = RULES | {"rules": [{"on": "failed", "share": 1}, {"on": "failed", "reasons": ["x"], "share": 2}]}
    assert [(each.code, each.pointer) for each in clawback_findings(wrong)] == [("never-fits", "/clawback/rules/1")]


async def owing(counter: Counter) -> dict[str, Any]:
    """Somebody who was paid the first instalment and left after a tenth of the year; what they have to give back."""
    await counter.allocated(await counter.fund(), 1)
    who = uuid4()
    counter.set_day(START)
    await counter.hears(selected(who), placed(who), arrived(who))
    await counter.pays()
    await counter.hears(ended(who, "early", START, 1))
    [found] = (await counter.get("/instalments?state=awaiting_clawback"))["items"]
    assert found["clawback_due_on"] == START.isoformat()
    return dict(found)


def slip(of: dict[str, Any], amount: str, number: str) -> dict[str, Any]:
    line = {"instalment": of["id"], "amount": yuan(amount), "recovered_on": "2024-07-01", "reference": number}
    return {"lines": [line]}


async def test_money_comes_back_in_parts_and_no_slip_counts_twice(counter: Counter) -> None:
    of = await owing(counter)
    whole = of["clawback"]["amount"]

    part = await counter.post(TREASURER, "/instalments/recover", slip(of, "1000.01", "bank-1"))
    again = await counter.post(TREASURER, "/instalments/recover", slip(of, "1000.01", "bank-1"), status=409)
    more = await counter.post(TREASURER, "/instalments/recover", slip(of, whole, "bank-2"), status=422)
    rest = f"{float(whole) - 1000.01:.2f}"
    done = await counter.post(TREASURER, "/instalments/recover", slip(of, rest, "bank-2"))

    assert (part["items"][0]["state"], part["items"][0]["clawed_back"]["amount"]) == ("awaiting_clawback", "1000.01")
    assert again["code"] == "already-posted"
    assert more["errors"][0]["code"] == "wrong-amount"
    assert (done["items"][0]["state"], done["items"][0]["clawback_due_on"]) == ("clawed_back", None)
    assert await counter.is_balanced()


async def test_what_does_not_come_back_is_given_up_by_two_persons(counter: Counter) -> None:
    """F-01, F-03: who asks does not sign; another amount than was asked for is not signed; then it stays disbursed."""
    of = await owing(counter)
    path = f"/instalments/{of['id']}/write-off"
    late = await counter.get("/instalments?clawback_overdue_on=2024-07-02")
    assert [each["id"] for each in late["items"]] == [of["id"]]
    await counter.post(REGIONAL, f"{path}/sign", {}, status=409)
    await counter.post(PREPARER, path, {"reason": "无法追回"})
    await counter.post(PREPARER, path, {"reason": "无法追回"}, status=409)
    await counter.post(PREPARER, f"{path}/sign", {}, status=403)
    await counter.post(TREASURER, "/instalments/recover", slip(of, "1.00", "bank-1"))
    changed = await counter.post(REGIONAL, f"{path}/sign", {}, status=422)
    await counter.post(REGIONAL, f"{path}/drop", {})
    await counter.post(PREPARER, path, {"reason": "无法追回"})

    done = await counter.post(REGIONAL, f"{path}/sign", {})

    account = (await counter.get("/trial-balance"))["by_kind"]
    assert changed["code"] == "amount-changed"
    assert (done["state"], done["clawback"], done["clawback_due_on"]) == ("paid", None, None)
    assert done["waived"] is not None
    assert {each["kind"]: each["balance"] for each in account}["receivable"] in (
        "0.00",
        {"amount": "0.00", "currency": "CNY"},
    )
    assert await counter.is_balanced()


async def test_a_paid_claim_is_asked_back_by_somebody_who_had_no_part_in_it(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    claim = await granted(counter, await submitted(counter, lodging("2024-07-01", "2024-07-02", "680.00", "I-1")))
    batch = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    await counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", counter.return_file(batch))
    path = f"/claims/{claim['id']}"
    ask = {"amount": yuan("340.00"), "reason": "住宿一晚未发生"}
    await counter.post(REGIONAL, f"{path}/claw-back", ask, status=403)
    await counter.post(MINISTRY, f"{path}/claw-back", ask | {"amount": yuan("680.01")}, status=422)

    asked = await counter.post(MINISTRY, f"{path}/claw-back", ask)
    line = {"amount": yuan("40.00"), "recovered_on": "2024-08-20", "reference": "bank-1"}
    part = await counter.post(TREASURER, f"{path}/recover", line)
    await counter.post(TREASURER, f"{path}/recover", line, status=409)
    done = await counter.post(TREASURER, f"{path}/recover", line | {"amount": yuan("300.00"), "reference": "bank-2"})

    assert (asked["state"], part["state"], done["state"]) == ("awaiting_clawback", "awaiting_clawback", "clawed_back")
    assert done["clawed_back"] == yuan("340.00")
    assert await counter.is_balanced()


@pytest.mark.parametrize("content", [{"rules": []}, {"grace_days": -1}, {"grace_days": 1, "rules": [{"on": "x"}]}])
def test_rules_that_say_nothing_are_no_policy(content: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="policy-malformed"):
        require_valid(policy_content("batch-3") | {"clawback": content})
