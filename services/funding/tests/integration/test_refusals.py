"""What bad input gets at every POST: a problem that names the rule, and nothing posted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from funding.testing.counter import (
    AUDITOR,
    MINISTRY,
    OPERATOR,
    PREPARER,
    REGIONAL,
    TREASURER,
    Counter,
    arrived,
    budget_body,
    ended,
    expect,
    placed,
    selected,
    yuan,
)  # fmt: skip
from funding.testing.office import PROGRAMME, SESSION, START, policy_content
from shared.kernel.actor import Role
from shared.testing.actors import someone

APPLICANT = someone(Role.APPLICANT, subject="acc-other")
BOTH = someone(Role.FINANCE_PREPARER, Role.FINANCE_APPROVER, Role.TREASURER, subject="one-man", organisation="cn/54")


async def entries(counter: Counter) -> int:
    found: int = await counter.service.scalar("SELECT count(*) FROM entry")
    return found


async def due(counter: Counter, persons: int = 1) -> list[dict[str, Any]]:
    """People who arrived; their first instalments."""
    await counter.allocated(await counter.fund(), persons)
    counter.set_day(START)
    for _ in range(persons):
        who = uuid4()
        await counter.hears(selected(who), placed(who), arrived(who))
    found: list[dict[str, Any]] = (await counter.get("/instalments?state=due"))["items"]
    return found


async def approved(counter: Counter, persons: int = 1) -> None:
    await due(counter, persons)
    await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION})
    await counter.post(REGIONAL, "/instalments/approve", {"session": SESSION})


NOWHERE = "00000000-0000-7000-8000-000000000000"
"""An id that nothing has; the same in every process that collects these tests."""
POSTS = [
    ("/funds", PREPARER),
    (f"/funds/{NOWHERE}/grants", TREASURER),
    (f"/funds/{NOWHERE}/freeze", REGIONAL),
    (f"/funds/{NOWHERE}/thaw", REGIONAL),
    ("/budgets", PREPARER),
    (f"/budgets/{NOWHERE}/submit", PREPARER),
    (f"/budgets/{NOWHERE}/approve", REGIONAL),
    (f"/budgets/{NOWHERE}/return", REGIONAL),
    (f"/budgets/{NOWHERE}/allocate", PREPARER),
    (f"/budgets/{NOWHERE}/close", REGIONAL),
    ("/cost-objects", PREPARER),
    (f"/claims/{NOWHERE}/claw-back", REGIONAL),
    (f"/claims/{NOWHERE}/recover", TREASURER),
    (f"/instalments/{NOWHERE}/write-off", PREPARER),
    (f"/instalments/{NOWHERE}/write-off/sign", REGIONAL),
    (f"/instalments/{NOWHERE}/write-off/drop", PREPARER),
    (f"/claims/{NOWHERE}/check", PREPARER),
    (f"/claims/{NOWHERE}/return", PREPARER),
    (f"/claims/{NOWHERE}/approve", REGIONAL),
    (f"/claims/{NOWHERE}/refuse", REGIONAL),
    (f"/claims/{NOWHERE}/revoke", REGIONAL),
    (f"/claims/{NOWHERE}/freeze", REGIONAL),
    (f"/claims/{NOWHERE}/thaw", REGIONAL),
    ("/instalments/raise-due", PREPARER),
    ("/instalments/prepare", PREPARER),
    ("/instalments/approve", REGIONAL),
    ("/instalments/recover", TREASURER),
    ("/disbursements", TREASURER),
    (f"/disbursements/{NOWHERE}/returns", TREASURER),
    (f"/discrepancies/{NOWHERE}/resolve", REGIONAL),
    (f"/entries/{NOWHERE}/reverse", REGIONAL),
    ("/periods/2024-01/close", REGIONAL),
]


@pytest.mark.parametrize(("path", "who"), POSTS, ids=[path.replace("-", "_")[:60] for path, _ in POSTS])
async def test_every_post_refuses_unknown_members_wrong_roles_and_strangers(
    counter: Counter, path: str, who: Any
) -> None:
    """Unknown member 400, wrong role 403, no token 401; nothing is written."""
    unknown = await counter.post(who, path, {"surprise": 1}, status=400)
    await counter.post(APPLICANT, path, {}, status=403)
    await counter.post(AUDITOR, path, {}, status=403)
    nobody = await counter.service.post(None, f"/v1/funding{path}", {})

    assert any(error["code"] in {"extra-forbidden", "missing"} for error in unknown["errors"])
    assert nobody.status_code == 401
    assert await entries(counter) == 0


@pytest.mark.parametrize("amount", [1.5, 100, "1.505", "1e3", "-5.00", "", "01.00", None])
async def test_an_amount_is_a_decimal_string_with_two_decimals(counter: Counter, amount: Any) -> None:
    """No float and no third decimal anywhere."""
    fund = await counter.fund()
    before = await entries(counter)
    grant = {"source": "central", "amount": {"amount": amount}, "reference": "x", "granted_on": "2024-03-01"}

    problem = await counter.post(TREASURER, f"/funds/{fund}/grants", grant, status=400)

    assert problem["errors"][0]["pointer"] == "/amount/amount"
    assert await entries(counter) == before


async def test_a_grant_counts_once_per_document(counter: Counter) -> None:
    """The same document number is not booked twice, an unknown source, a future day or nothing at all not once."""
    fund = await counter.fund()
    path = f"/funds/{fund}/grants"
    good = {"source": "central", "amount": yuan(5), "reference": "doc-central", "granted_on": "2024-03-01"}

    assert (await counter.post(TREASURER, path, good, status=409))["code"] == "already-posted"
    unknown = good | {"source": "moon", "reference": "n"}
    assert (await counter.post(TREASURER, path, unknown, status=400))["code"] == "unknown-source"
    early = good | {"granted_on": "2024-03-02", "reference": "n"}
    assert (await counter.post(TREASURER, path, early, status=400))["code"] == "in-the-future"
    nothing = good | {"amount": yuan(0), "reference": "n"}
    assert (await counter.post(TREASURER, path, nothing, status=400))["code"] == "not-positive"


async def test_a_budget_holds_the_purpose_lock_and_adds_up(counter: Counter) -> None:
    """F-05: a category outside the fund's list is refused; lines and contributions must be equal; all at once."""
    fund = await counter.fund()
    foreign = budget_body(fund, 1) | {"lines": [{"category": "banquets", "amount": yuan(20_000)}]}
    unequal = budget_body(fund, 1) | {
        "contributions": [{"source": "moon", "amount": yuan(1)}, {"source": "central", "amount": yuan(0)}]
    }

    locked = await counter.post(PREPARER, "/budgets", foreign, status=422)
    wrong = await counter.post(PREPARER, "/budgets", unequal, status=400)

    assert (locked["code"], locked["rule"], locked["categories"]) == ("purpose-locked", "F-05", ["banquets"])
    assert {error["code"] for error in wrong["errors"]} == {"unequal", "unknown-source", "not-positive"}


async def test_the_chain_of_a_budget(counter: Counter) -> None:
    """F-01, F-03: the preparer does not sign, nobody signs twice, authorities sign in their order."""
    fund = await counter.fund()
    budget = await counter.post(PREPARER, "/budgets", budget_body(fund, 180), status=201)
    path = f"/budgets/{budget['id']}"
    early = await counter.post(REGIONAL, f"{path}/approve", {}, status=409)
    submitted = await counter.post(PREPARER, f"{path}/submit", {})

    assert (early["code"], [step["organisation"] for step in submitted["chain"]]) == ("wrong-state", ["cn/54", "cn"])
    wrong_turn = await counter.post(MINISTRY, f"{path}/approve", {}, status=403)
    assert (wrong_turn["code"], wrong_turn["rule"]) == ("not-your-step", "F-03")
    await counter.post(REGIONAL, f"{path}/approve", {})
    again = await counter.post(REGIONAL, f"{path}/approve", {}, status=403)
    preparer = someone(Role.FINANCE_APPROVER, subject=PREPARER.subject, organisation="cn")
    own = await counter.post(preparer, f"{path}/approve", {}, status=403)
    assert (again["code"], own["code"]) == ("same-person", "same-person")
    assert (await counter.post(PREPARER, f"{path}/allocate", {}, status=409))["code"] == "wrong-state"
    assert (await counter.post(MINISTRY, f"{path}/approve", {}))["state"] == "approved"


async def test_splitting_a_budget_does_not_lower_its_tier(counter: Counter) -> None:
    """F-03: the rolling sum per session and categories decides; 60 + 60 persons need the ministry too."""
    fund = await counter.fund()
    chains = []
    for _ in range(2):
        budget = await counter.post(PREPARER, "/budgets", budget_body(fund, 60), status=201)
        chains.append((await counter.post(PREPARER, f"/budgets/{budget['id']}/submit", {}))["chain"])

    assert [[step["authority"] for step in chain] for chain in chains] == [["regional"], ["regional", "ministry"]]


async def test_a_budget_above_the_grants_is_not_approved(counter: Counter) -> None:
    """No fund is overdrawn: the last signature is refused and nothing is posted."""
    fund = await counter.fund(granted=1_000)
    budget = await counter.post(PREPARER, "/budgets", budget_body(fund, 1), status=201)
    await counter.post(PREPARER, f"/budgets/{budget['id']}/submit", {})
    before = await entries(counter)

    problem = await counter.post(REGIONAL, f"/budgets/{budget['id']}/approve", {}, status=422)

    assert (problem["code"], problem["rule"], len(problem["errors"])) == ("overdrawn", "F-02", 2)
    assert await entries(counter) == before
    assert (await counter.get(f"/budgets/{budget['id']}"))["state"] == "in_approval"


async def test_stale_if_match_and_reused_keys(counter: Counter) -> None:
    """412 for a version that is no longer current; the same key answers the same, another body is 422."""
    fund = await counter.fund()
    body = budget_body(fund, 1)
    first = await counter.post(PREPARER, "/budgets", body, status=201, key="k-1")
    again = await counter.post(PREPARER, "/budgets", body, status=201, key="k-1")
    other = await counter.post(PREPARER, "/budgets", body | {"session": "2025"}, status=422, key="k-1")
    path = f"/budgets/{first['id']}"
    await counter.post(PREPARER, f"{path}/submit", {}, if_match=first["version"])
    stale = await counter.post(REGIONAL, f"{path}/approve", {}, status=412, if_match=first["version"])

    assert first == again
    assert (other["code"], stale["code"]) == ("key-reused", "stale-version")


async def test_preparing_approving_and_paying_are_three_persons(counter: Counter) -> None:
    """F-01: whoever holds all roles still cannot do two of the three; every line is named."""
    await due(counter, 2)
    await counter.post(BOTH, "/instalments/prepare", {"session": SESSION})

    own = await counter.post(BOTH, "/instalments/approve", {"session": SESSION}, status=403)
    await counter.post(REGIONAL, "/instalments/approve", {"session": SESSION})
    paying = await counter.post(BOTH, "/disbursements", {"session": SESSION}, status=403)

    assert (own["code"], own["rule"], len(own["errors"])) == ("same-person", "F-01", 2)
    assert paying["code"] == "same-person"
    assert (await counter.get("/disbursements"))["items"] == []


async def test_bulk_is_all_or_nothing(counter: Counter) -> None:
    """One instalment in the wrong state and none is prepared; every problem has its pointer."""
    first, second = await due(counter, 2)
    await counter.post(PREPARER, "/instalments/prepare", {"instalments": [first["id"]]})

    both = {"instalments": [first["id"], second["id"]]}
    problem = await counter.post(PREPARER, "/instalments/prepare", both, status=409)
    missing = await counter.post(PREPARER, "/instalments/prepare", {"instalments": [str(uuid4())]}, status=404)
    neither = await counter.post(PREPARER, "/instalments/prepare", {}, status=400)
    nothing = await counter.post(REGIONAL, "/instalments/approve", {"session": "1999"}, status=409)

    assert [error["pointer"] for error in problem["errors"]] == ["/instalments/0"]
    assert (await counter.get(f"/instalments/{second['id']}"))["state"] == "due"
    assert (missing["code"], neither["code"], nothing["code"]) == ("not-found", "bad-request", "nothing-to-do")


async def test_a_return_file_with_unknown_references_posts_nothing(counter: Counter) -> None:
    """Every wrong line is reported, right lines of the same file are not booked (F-04)."""
    await approved(counter, 2)
    batch = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    path, file, before = f"/disbursements/{batch['id']}/returns", counter.return_file(batch), await entries(counter)
    good, other = file["lines"]
    strange = {"lines": [good, good, other | {"on": "2024-06-30"}, good | {"reference": "TST4-99999-0001"}]}

    problem = await counter.post(TREASURER, path, strange, status=422)
    vague = await counter.post(TREASURER, path, {"lines": [good | {"outcome": "perhaps"}]}, status=400)

    codes = [(error["code"], error["pointer"]) for error in problem["errors"]]
    assert codes == [
        ("reference-twice", "/lines/1/reference"),
        ("impossible-date", "/lines/2/on"),
        ("unknown-reference", "/lines/3/reference"),
    ]
    assert vague["errors"][0]["pointer"] == "/lines/0/outcome"
    assert await entries(counter) == before


async def test_the_same_return_file_twice_and_a_contradiction(counter: Counter) -> None:
    """A repeated file changes nothing; what says otherwise is noted, never booked; CSV and JSON are the same."""
    await approved(counter, 2)
    batch = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    path = f"/v1/funding/disbursements/{batch['id']}/returns"
    csv = await counter.service.get(TREASURER, f"/v1/funding/disbursements/{batch['id']}/file?format=csv")
    references = [line.split(",")[0] for line in csv.text.splitlines()[1:-1]]
    content = "reference,outcome,on\r\n" + "".join(f"{reference},paid,2024-07-01\r\n" for reference in references)
    headers = {"content-type": "text/csv"}

    first = expect(await counter.service.call(TREASURER, "POST", path, content=content, headers=headers), 200)
    booked = await entries(counter)
    second = await counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", counter.return_file(batch))
    otherwise = counter.return_file(batch, "rejected")
    noted = await counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", otherwise)
    garbage = await counter.service.call(TREASURER, "POST", path, content="a,b\r\n1,2\r\n", headers=headers)

    assert (first["paid"], second["unchanged"], noted["discrepancies"]) == (2, 2, 2)
    assert (garbage.status_code, garbage.json()["code"]) == (400, "bad-header")
    assert await entries(counter) == booked


async def test_a_frozen_fund_stops_decisions_but_not_facts(counter: Counter) -> None:
    """F-07: nothing is prepared, instructed or granted; what others report is still booked."""
    first = (await due(counter, 1))[0]
    fund = first["fund"]
    await counter.post(REGIONAL, f"/funds/{fund}/freeze", {"reason": "audit"})

    refused = await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION}, status=409)
    grant = {"source": "central", "amount": yuan(1), "reference": "new", "granted_on": "2024-07-01"}
    await counter.post(TREASURER, f"/funds/{fund}/grants", grant, status=409)
    await counter.post(REGIONAL, f"/funds/{fund}/freeze", {"reason": "again"}, status=409)
    from uuid import UUID

    await counter.hears(ended(UUID(first["participation"]), "early", date(2024, 7, 10), 10))
    await counter.post(REGIONAL, f"/funds/{fund}/thaw", {"reason": "clean"})

    assert (refused["code"], refused["rule"]) == ("fund-frozen", "F-07")
    assert (await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION}))["count"] == 1
    assert await counter.is_balanced()


async def test_a_grant_is_reversed_once_and_by_another_person(counter: Counter) -> None:
    """A correction is a reversing entry that names the original; only while the money is there."""
    fund = await counter.fund(granted=1_000)
    [entry] = (await counter.get(f"/entries?fund={fund}&kind=granted"))["items"][:1]
    path = f"/entries/{entry['id']}/reverse"
    himself = someone(Role.FINANCE_APPROVER, subject=TREASURER.subject, organisation="cn/54")

    assert (await counter.post(himself, path, {"reason": "typo"}, status=403))["code"] == "same-person"
    undone = await counter.post(REGIONAL, path, {"reason": "typo"}, status=201)
    again = await counter.post(REGIONAL, path, {"reason": "typo"}, status=409)
    other = await counter.post(REGIONAL, f"/entries/{undone['id']}/reverse", {"reason": "x"}, status=422)

    assert (undone["reverses"], again["code"], other["code"]) == (entry["id"], "already-reversed", "not-reversible")
    assert await counter.is_balanced()


async def test_a_closed_month_takes_no_posting(counter: Counter) -> None:
    """A month is closed once it is over, and for good."""
    fund = await counter.fund()
    running = await counter.post(REGIONAL, "/periods/2024-03/close", {}, status=422)
    counter.set_day(date(2024, 4, 1))
    closed = await counter.post(REGIONAL, "/periods/2024-03/close", {})
    twice = await counter.post(REGIONAL, "/periods/2024-03/close", {}, status=409)
    counter.set_day(date(2024, 3, 31))
    grant = {"source": "central", "amount": yuan(1), "reference": "late", "granted_on": "2024-03-31"}
    late = await counter.post(TREASURER, f"/funds/{fund}/grants", grant, status=409)

    assert (running["code"], closed["state"], twice["code"], late["code"]) == (
        "period-running", "closed", "wrong-state", "period-closed"
    )  # fmt: skip
    await counter.post(REGIONAL, "/periods/2024-13/close", {}, status=400)


async def test_more_than_is_owed_does_not_come_back(counter: Counter) -> None:
    """A wrong amount, day, state or a doubled line is refused with all the others; the right one is booked."""
    first = (await due(counter, 1))[0]
    from uuid import UUID

    await counter.pays()
    early = {"instalment": first["id"], "amount": yuan(1), "recovered_on": "2024-07-01", "reference": "r"}
    none = await counter.post(TREASURER, "/instalments/recover", {"lines": [early]}, status=422)
    await counter.hears(ended(UUID(first["participation"]), "early", date(2024, 7, 5), 5))
    owed = (await counter.get(f"/instalments/{first['id']}"))["clawback"]
    right = early | {"amount": owed}
    lines = [early | {"amount": yuan(99_999)}, right, right | {"recovered_on": "2030-01-01"}]
    wrong = await counter.post(TREASURER, "/instalments/recover", {"lines": lines}, status=422)
    done = await counter.post(TREASURER, "/instalments/recover", {"lines": [right]})
    money = await counter.get(f"/participations/{first['participation']}")

    assert none["errors"][0]["code"] == "wrong-state"
    assert {error["code"] for error in wrong["errors"]} == {"wrong-amount", "twice"}
    assert (done["items"][0]["state"], money["state"]) == ("clawed_back", "settled")
    assert (money["entitled"]["amount"], money["clawback_due"]["amount"]) == ("3232.88", "0.00")


async def test_policies_are_immutable_once_used(counter: Counter) -> None:
    """The same again is 200, another content after use 409, nonsense 400, an unknown predecessor 422."""
    await counter.fund()
    path = f"/v1/funding/policies/{PROGRAMME}"
    content = policy_content("batch-4")
    put = counter.service.call

    expect(await put(OPERATOR, "PUT", f"{path}/batch-4", content), 200)
    changed = expect(await put(OPERATOR, "PUT", f"{path}/batch-4", content | {"pay_extension": True}), 409)
    nonsense = content | {"version": "batch-5", "approval": {"rolling_days": "often", "tiers": []}, "colour": "red"}
    malformed = expect(await put(OPERATOR, "PUT", f"{path}/batch-5", nonsense), 400)
    orphan = {"programme": PROGRAMME, "version": "batch-6", "inherits": "batch-9"}
    lonely = expect(await put(OPERATOR, "PUT", f"{path}/batch-6", orphan), 422)
    misnamed = expect(await put(OPERATOR, "PUT", f"{path}/batch-7", content), 400)
    uneven = policy_content("batch-3") | {"version": "batch-8"}
    uneven["instalments"] = uneven["instalments"][:2]
    unfit = expect(await put(OPERATOR, "PUT", f"{path}/batch-8", uneven), 422)
    effective = (await counter.get(f"/policies/{PROGRAMME}/batch-4"))["effective"]

    assert changed["code"] == "policy-in-use"
    assert {error["pointer"] for error in malformed["errors"]} >= {"", "/approval/rolling_days", "/approval/tiers"}
    assert (lonely["code"], misnamed["code"], unfit["code"]) == (
        "unknown-predecessor", "wrong-name", "policy-inconsistent"
    )  # fmt: skip
    assert effective["rate_card"] == policy_content("batch-3")["rate_card"]
    assert effective["approval"]["tiers"][0]["up_to"] == "2000000.00"


async def test_people_see_their_own_money_only(counter: Counter) -> None:
    """The trainee, the unit and the host see their own; for everybody else it is not there."""
    who = uuid4()
    await counter.allocated(await counter.fund(), 1)
    await counter.hears(selected(who), placed(who))
    path = f"/participations/{who}"
    own = [
        someone(Role.APPLICANT, subject=f"acc-{who}"),
        someone(Role.UNIT_OFFICER, organisation="cn/54/5401/U0001"),
        someone(Role.HOST_OFFICER, organisation="hosts/H001"),
    ]
    others = [
        APPLICANT,
        someone(Role.UNIT_OFFICER, organisation="cn/54/5401/U0002"),
        someone(Role.HOST_OFFICER, organisation="hosts/H002"),
    ]

    for actor in own:
        assert (await counter.get(path, actor))["state"] == "committed"
        assert len((await counter.get("/instalments", actor))["items"]) == 3
    for actor in others:
        await counter.get(path, actor, status=404)
        assert (await counter.get("/participations", actor))["items"] == []
        assert (await counter.get("/instalments", actor))["items"] == []
    await counter.get("/trial-balance", own[0], status=403)


async def test_refusals_speak_chinese(counter: Counter) -> None:
    """The same problem in the caller's language."""
    await counter.fund()
    answer = await counter.service.post(
        PREPARER, "/v1/funding/instalments/prepare", {"session": SESSION}, headers={"accept-language": "zh-CN"}
    )

    assert answer.json()["detail"] == "没有可处理的分期款。"
