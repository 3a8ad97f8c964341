"""Ceilings, the rule for long stays, cuts and the persons who have a claim in hand (F-01, F-04, F-05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.domain.approvals.approval import Approval
from funding.domain.approvals.chain import Step
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import Bounds, CostObjectKind
from funding.domain.claims.granting import grant
from funding.domain.claims.holding import Before, hold
from funding.domain.claims.lines import ClaimLine, Cut, Evidence
from funding.domain.claims.standards import LongStay, Per, Reimbursement, Standard, read_reimbursement
from funding.domain.claims.states import ClaimState
from funding.domain.facts import ClaimApproved
from shared.kernel.actor import Actor, Role
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated

START = date(2024, 7, 1)
BOUNDS = Bounds(START, START + timedelta(89), 500, "11", None)
LONG = LongStay(30, 7000)
LODGING = Standard("lodging", Per.PERSON_DAY, 34_001, long_stay=LONG, evidence=("invoice",))
RULES = Reimbursement(
    30,
    {
        "lodging": LODGING,
        "travel": Standard("travel", Per.ITEM, 100_000, days_around=2),
        "materials": Standard("materials", Per.TERM, 5_000, by_province={"11": 6_000}, by_tier={"county": 4_000}),
    },
)


def evidence(number: str = "INV 1") -> tuple[Evidence, ...]:
    return (Evidence(UUID(int=1), "a" * 64, "invoice", number),)


def a_line(first: int = 1, last: int = 2, **members: Any) -> ClaimLine:
    standing: dict[str, Any] = {"category": "lodging", "amount": 100, "evidence": evidence()}
    days = {"from_day": START + timedelta(first - 1), "to_day": START + timedelta(last - 1)}
    return ClaimLine(**(standing | days | members))


def problems(*lines: ClaimLine, before: Before | None = None, bounds: Bounds = BOUNDS) -> list[tuple[str, str]]:
    _, findings = hold(
        lines,
        rules=RULES,
        purposes=["lodging", "travel", "materials", "insurance"],
        bounds=bounds,
        before=before or Before((), ()),
        today=date(2025, 2, 1),
    )
    return [(finding.pointer, finding.code) for finding in findings]


@given(
    rate=st.integers(0, 10**7),
    persons=st.integers(1, 600),
    full=st.integers(1, 60),
    share=st.integers(0, 10_000),
    cuts=st.lists(st.integers(1, 119), max_size=6, unique=True),
)
@settings(max_examples=150, deadline=None)
def test_a_stay_claimed_in_parts_has_the_ceiling_of_the_stay_claimed_at_once(
    rate: int, persons: int, full: int, share: int, cuts: list[int]
) -> None:
    """Sum of the parts equals the whole to the fen; no part is negative; never above the full rate."""
    standard = Standard("lodging", Per.PERSON_DAY, rate, long_stay=LongStay(full, share))
    ends = [*sorted(cuts), 120]

    parts = [
        standard.for_days(rate, persons, first + 1, last) for first, last in zip([0, *ends[:-1]], ends, strict=True)
    ]

    whole = standard.for_days(rate, persons, 1, 120)
    assert sum(parts) == whole
    assert all(part >= 0 for part in parts)
    assert whole <= rate * persons * 120


@given(rate=st.integers(0, 10**7), share=st.integers(0, 10_000), days=st.integers(1, 300))
@settings(max_examples=100, deadline=None)
def test_the_ceiling_grows_with_the_days_and_a_long_day_never_counts_more(rate: int, share: int, days: int) -> None:
    standard = Standard("lodging", Per.DAY, rate, long_stay=LongStay(30, share))

    one_more = standard.for_days(rate, 1, days + 1, days + 1)

    assert 0 <= one_more <= rate + (1 if share % 100 else 0)
    assert standard.for_days(rate, 1, 1, days + 1) >= standard.for_days(rate, 1, 1, days)


def test_thirty_days_count_whole_and_each_day_more_seventy_per_cent() -> None:
    """The golden numbers: 340.01 yuan a day, 500 persons; 30 days whole, then 70 % (238.007 → half up on the sum)."""
    assert LODGING.for_days(34_001, 1, 1, 30) == 1_020_030
    assert LODGING.for_days(34_001, 1, 1, 31) == 1_020_030 + 23_801
    assert LODGING.for_days(34_001, 1, 1, 40) == 1_020_030 + 238_007
    assert LODGING.for_days(34_001, 500, 31, 40) == 119_003_500


def test_everything_that_is_wrong_with_every_line_is_said_at_once() -> None:
    lines = [
        a_line(amount=68_003, evidence=()),
        a_line(80, 95, category="entertainment"),
        a_line(2, 3, amount=1, persons=501, evidence=evidence("inv-1")),
        a_line(5, 4, evidence=evidence("inv1")),
        a_line(200, 201, category="travel", evidence=()),
    ]

    found = problems(*lines, before=Before({"INV1"}, [a_line(1, 1)]))

    assert found == [
        ("/lines/0/evidence", "no-evidence"),
        ("/lines/0/amount", "above-ceiling"),
        ("/lines/0", "days-claimed"),
        ("/lines/1/from_day", "outside-term"),
        ("/lines/1/evidence/0/number", "invoice-used"),
        ("/lines/1/category", "outside-purpose"),
        ("/lines/2/evidence/0/number", "invoice-twice"),
        ("/lines/2/persons", "too-many-persons"),
        ("/lines/2", "days-claimed"),
        ("/lines/3/to_day", "bad-dates"),
        ("/lines/3/evidence/0/number", "invoice-twice"),
        ("/lines/4/from_day", "outside-term"),
    ]


def test_a_ceiling_per_term_is_what_others_have_left_of_it() -> None:
    """Splitting over lines or claims wins nothing."""
    other = a_line(category="materials", amount=5_999, evidence=())
    bounds = Bounds(START, START + timedelta(9), 1, "11", None)

    assert (
        problems(a_line(category="materials", amount=1, evidence=()), before=Before((), [other]), bounds=bounds) == []
    )
    assert problems(a_line(category="materials", amount=2, evidence=()), before=Before((), [other]), bounds=bounds) == [
        ("/lines/0/amount", "above-ceiling")
    ]


def test_the_tier_of_a_place_goes_before_its_province() -> None:
    standard = RULES.standards["materials"]

    assert [standard.rate("11", "county"), standard.rate("11", None), standard.rate("12", None)] == [
        4_000,
        6_000,
        5_000,
    ]


def test_the_journey_may_lie_around_the_term_but_a_night_may_not() -> None:
    assert problems(a_line(-1, -1, category="travel", evidence=())) == []
    assert problems(a_line(0, 1))[0] == ("/lines/0/from_day", "outside-term")


def test_what_is_still_to_come_is_not_reimbursed() -> None:
    bounds = Bounds(START, date(2025, 6, 30), 1, None, None)

    assert problems(a_line(150, 300), bounds=bounds)[0] == ("/lines/0/to_day", "not-yet-spent")


def test_standards_are_read_from_the_policy() -> None:
    content = {
        "submit_within_days": 60,
        "standards": [
            {
                "category": "lodging", "per": "person_day", "ceiling": "340.01",
                "long_stay": {"full_days": 30, "share": 7000}, "evidence": ["invoice"],
            }
        ],
    }  # fmt: skip

    found = read_reimbursement(content)

    assert found == Reimbursement(60, {"lodging": LODGING})


def actor(name: str, role: Role, organisation: str = "cn/54") -> Actor:
    return Actor(name, organisation, frozenset({role}))


CLAIMANT, CHECKER = actor("host", Role.HOST_OFFICER, "hosts/H1"), actor("checker", Role.FINANCE_PREPARER)
SIGNER, PAYER = actor("signer", Role.FINANCE_APPROVER), actor("payer", Role.TREASURER)
NOW = datetime(2024, 9, 1, tzinfo=UTC)


def a_claim(*lines: ClaimLine) -> Claim:
    return Claim(
        id=UUID(int=7), cost_kind=CostObjectKind.SESSION, cost_object="S2", participation=None, session="S2",
        fund=UUID(int=8), programme="short-class", policy_version="v1", account=None, unit="hosts/H1",
        host="hosts/H1", payee="hosts/H1", payee_kind="organiser", lines=list(lines or (a_line(), a_line(3, 4))),
        drafted_by="host",
    )  # fmt: skip


def checked(*cuts: Cut) -> Claim:
    claim = a_claim()
    claim.submit(claim.lines, by=CLAIMANT, on=date(2024, 8, 1))
    claim.check(cuts, by=CHECKER)
    return claim


def approve(claim: Claim, *cuts: Cut, by: Actor = SIGNER) -> ClaimApproved | None:
    """One signature is asked for, that of the regional finance department."""
    asked = Approval(
        id=UUID(int=9), kind=ApprovalKind.CLAIM, subject=claim.id, fund=claim.fund, programme=claim.programme,
        policy_version=claim.policy_version, payee=claim.payee, parts=claim.parts, handlers=claim.handlers,
        asked_on=date(2024, 8, 2), chain=[Step("regional", "cn/54")], awaits="cn/54",
    )  # fmt: skip
    asked.sign(by=by, at=NOW, today=date(2024, 9, 1))
    return claim.approve(cuts, asked, by=by)


def test_less_is_granted_line_by_line_with_a_reason_and_never_more_again() -> None:
    claim = checked(Cut(0, 60, "two nights in one invoice"))

    approved = approve(claim, Cut(1, 0, "not on the list of participants"))

    assert approved is not None
    assert (approved.claimed, approved.amount, claim.state) == (200, 60, ClaimState.PART_APPROVED)
    assert claim.parts == {"lodging": 60}
    with pytest.raises(RuleViolated) as refused:
        grant(claim.lines, [Cut(0, 60, "x"), Cut(0, 1, "x"), Cut(9, 1, "x")])
    assert [finding.code for finding in refused.value.findings] == ["not-less", "line-twice", "no-such-line"]


def test_a_claim_of_which_nothing_is_left_is_refused_not_approved() -> None:
    claim = checked(Cut(0, 0, "x"), Cut(1, 0, "x"))

    with pytest.raises(RuleViolated, match="nothing-granted"):
        approve(claim)


def test_nobody_takes_two_steps_of_a_claim() -> None:
    """Who claims does not check, who had it in hand does not sign, and nobody of them pays (F-01)."""
    claim = a_claim()
    claim.submit(claim.lines, by=CLAIMANT, on=date(2024, 8, 1))
    with pytest.raises(Forbidden, match="same-person"):
        claim.check([], by=actor("host", Role.FINANCE_PREPARER))
    claim = checked()
    for name in ("host", "checker"):
        with pytest.raises(Forbidden, match="same-person"):
            approve(claim, by=actor(name, Role.FINANCE_APPROVER))
    approve(claim)
    for name in ("host", "checker", "signer"):
        with pytest.raises(Forbidden, match="same-person"):
            replace(claim).instruct(actor(name, Role.TREASURER), "TST-00001-0001")


def test_a_frozen_claim_goes_nowhere_until_it_is_thawed() -> None:
    claim = checked()
    claim.freeze("questions of the auditor", by=SIGNER)
    with pytest.raises(Conflict, match="claim-frozen"):
        approve(claim)
    with pytest.raises(Conflict, match="claim-frozen"):
        claim.freeze("again", by=SIGNER)

    claim.thaw(by=SIGNER)

    assert approve(claim) is not None


def test_a_rejected_payment_of_a_part_goes_back_to_where_it_was_and_is_paid_under_another_reference() -> None:
    claim = checked(Cut(0, 60, "x"))
    approve(claim)
    claim.instruct(PAYER, "TST-00001-0001")

    claim.reject(PAYER)
    claim.instruct(PAYER, "TST-00002-0001")

    assert (claim.attempts, claim.pay(PAYER, date(2024, 9, 2)).amount) == (2, 160)
