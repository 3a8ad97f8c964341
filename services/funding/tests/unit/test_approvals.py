"""The approval matrix: splitting gains nothing, chains hold distinct persons, delegation stays inside its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.domain.approvals.approval import Approval, ApprovalState
from funding.domain.approvals.chain import Step, extended, persons_in
from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.matrix import Authority, Autonomy, Matrix, Tier, matrix_inconsistencies
from funding.domain.approvals.rolling import counted, rolling_amount, window_start
from funding.domain.policy import read_policy
from funding.testing.office import MINISTRY, PREPARER, REGIONAL, Office, policy_content
from funding.usecases.approvals.ask import Request, ask_approvals, withdraw_approvals
from funding.usecases.approvals.delegate import delegate_authority
from funding.usecases.approvals.sign import sign_approvals
from funding.usecases.payments.sign import Choice, approve_instalments, prepare_instalments
from shared.kernel.actor import Actor, Role
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated

DAY = date(2024, 3, 1)
AT = datetime(2024, 3, 1, 4, tzinfo=UTC)
REGION, NATION = Authority("regional", "cn/54"), Authority("ministry", "cn")
LOCAL = Authority("prefecture", "cn/54/5401")
MATRIX = Matrix(
    rolling_days=365,
    tiers=(Tier(1_000, (LOCAL,)), Tier(10_000, (LOCAL, REGION)), Tier(None, (LOCAL, REGION, NATION))),
    by_kind={ApprovalKind.CLAIM: (Tier(None, (REGION,)),)},
)
APPROVER = frozenset({Role.FINANCE_APPROVER})


def an_approval(
    id: int, amount: int, *, day: date = DAY, payee: str = "hosts/H001", purpose: str = "travel"
) -> Approval:
    """A payment to be approved."""
    return Approval(
        id=UUID(int=id), kind=ApprovalKind.PAYMENT, subject=UUID(int=id << 8), fund=UUID(int=1), programme="p",
        policy_version="v", payee=payee, parts={purpose: amount}, handlers=["preparer"], asked_on=day,
    )  # fmt: skip


def a_delegation(delegator: str, organisation: str, delegate: str, at: str, **more: Any) -> Delegation:
    """Authority delegated for the day of these tests."""
    members: dict[str, Any] = {"kinds": [ApprovalKind.PAYMENT], "up_to": None, "valid_from": DAY, "valid_to": DAY}
    return Delegation(
        id=UUID(int=7), delegator=delegator, organisation=organisation, delegate=delegate, delegate_organisation=at,
        **(members | more),
    )  # fmt: skip


def ask(known: list[Approval], new: Sequence[Approval]) -> None:
    """What the use case does: sum, route the new, raise the pending."""
    known.extend(new)
    day = max(each.asked_on for each in new)
    sums = counted(known, window_start(day, MATRIX.rolling_days))
    for each in known:
        if each.state is ApprovalState.PENDING:
            each.route(MATRIX, rolling_amount(each, sums), autonomous=False)


@given(parts=st.lists(st.integers(1, 9_000), min_size=1, max_size=8), signs=st.lists(st.booleans(), min_size=8))
def test_splitting_never_lowers_the_tier_of_the_sum(parts: list[int], signs: list[bool]) -> None:
    """F-03: whoever splits has the last part, and every part still pending, decided by the tier of the whole."""
    known: list[Approval] = []
    for nth, amount in enumerate(parts):
        ask(known, [an_approval(nth + 1, amount, day=DAY + timedelta(days=nth * 40))])
        if signs[nth] and known[-1].chain[0].organisation == LOCAL.organisation:
            known[-1].sign(by=Actor("local", LOCAL.organisation, APPROVER), at=AT, today=DAY)
    whole = {each.code for each in MATRIX.chain_for(ApprovalKind.PAYMENT, sum(parts))}
    pending = [each for each in known if each.state is ApprovalState.PENDING]

    assert {step.authority for step in known[-1].chain} == whole
    assert all({step.authority for step in each.chain} == whole for each in pending)
    assert all(each.rolling_amount == sum(parts) for each in pending)


@given(parts=st.lists(st.integers(1, 9_000), min_size=2, max_size=8))
def test_asked_together_every_part_has_the_tier_of_the_sum(parts: list[int]) -> None:
    """F-03: a batch is no way to split either."""
    known: list[Approval] = []

    ask(known, [an_approval(nth + 1, amount) for nth, amount in enumerate(parts)])

    whole = [Step(each.code, each.organisation) for each in MATRIX.chain_for(ApprovalKind.PAYMENT, sum(parts))]
    assert all(each.chain == whole for each in known)


def test_the_rolling_sum_forgets_what_is_older_withdrawn_or_another_purse() -> None:
    """F-03: only the same payee and purpose inside the window raise the tier."""
    old, recent = an_approval(1, 900, day=DAY - timedelta(days=365)), an_approval(2, 900, day=DAY - timedelta(days=364))
    gone, other_payee, other_purpose = (
        an_approval(3, 900),
        an_approval(4, 900, payee="b"),
        an_approval(5, 900, purpose="x"),
    )
    for each in (old, recent, gone, other_payee, other_purpose):
        each.route(MATRIX, each.amount, autonomous=False)
    gone.withdraw()
    new = an_approval(6, 500)

    ask([old, recent, gone, other_payee, other_purpose], [new])

    assert (new.rolling_amount, recent.rolling_amount, other_payee.rolling_amount) == (1_400, 1_400, 900)
    assert [step.authority for step in recent.chain] == ["prefecture", "regional"]


def test_raising_keeps_what_was_signed() -> None:
    """A later addition brings authorities in; who has signed has signed, and nothing that was asked is lost."""
    signed = Step("regional", "cn/54", "anna", AT)

    raised = extended([signed, Step("special", "cn/x")], [LOCAL, REGION, NATION])

    assert [step.authority for step in raised] == ["regional", "special", "prefecture", "ministry"]
    assert raised[0] is signed


@given(data=st.data())
def test_a_chain_never_holds_one_person_twice(data: st.DataObject) -> None:
    """F-01: whoever tries, in whatever order, with whatever delegations: persons, delegators and handlers are distinct."""
    people = [f"p{n}" for n in range(5)]
    homes = {person: data.draw(st.sampled_from(["cn", "cn/54", "cn/54/5401"]), person) for person in people}
    rights = [
        Delegation(
            id=UUID(int=n + 1), delegator=giver, organisation=homes[giver], delegate=taker,
            delegate_organisation=homes[taker], kinds=[ApprovalKind.PAYMENT], up_to=None, valid_from=DAY, valid_to=DAY,
        )
        for n, (giver, taker) in enumerate(
            data.draw(st.lists(st.tuples(st.sampled_from(people), st.sampled_from(people)), max_size=8))
        )
    ]  # fmt: skip
    each = an_approval(1, 50_000)
    each.handlers = data.draw(st.lists(st.sampled_from(people), max_size=2, unique=True))
    each.route(MATRIX, each.amount, autonomous=False)
    for person in data.draw(st.lists(st.sampled_from(people), max_size=12)):
        actor = Actor(person, homes[person], APPROVER)
        before = list(each.chain)
        try:
            each.sign(by=actor, at=AT, today=DAY, delegations=[r for r in rights if r.delegate == person])
        except (Conflict, Forbidden):
            assert each.chain == before
    persons = persons_in(each.chain)

    assert len(persons) == len(set(persons))
    assert not set(persons) & set(each.handlers)
    assert all(step.on_behalf_of is None or homes[step.on_behalf_of] == step.organisation for step in each.chain), (
        "whoever signs for another signs the step of that other's organisation"
    )


@pytest.mark.parametrize(
    "amiss",
    [
        {"kinds": [ApprovalKind.CLAIM]},
        {"up_to": 49_999},
        {"valid_from": DAY + timedelta(days=1), "valid_to": DAY + timedelta(days=2)},
        {"valid_from": DAY - timedelta(days=2), "valid_to": DAY - timedelta(days=1)},
        {"delegate_organisation": "cn/54/5402"},
    ],
    ids=["kind", "amount", "early", "expired", "moved away"],
)
def test_a_delegation_holds_inside_its_bounds_only(amiss: dict[str, Any]) -> None:
    """授权: kinds, amount (of the rolling sum, so that splitting gains nothing), days and place."""
    each = an_approval(1, 50_000)
    each.route(Matrix(365, (Tier(None, (REGION,)),), {}), each.amount, autonomous=False)
    deputy = Actor("deputy", "cn/54/5401", APPROVER)
    sound = a_delegation("head", "cn/54", "deputy", "cn/54/5401", up_to=50_000)
    broken = a_delegation("head", "cn/54", "deputy", "cn/54/5401")
    for name, value in amiss.items():
        setattr(broken, name, value)

    with pytest.raises(Forbidden, match="not-your-step"):
        each.sign(by=deputy, at=AT, today=DAY, delegations=[broken])
    each.sign(by=deputy, at=AT, today=DAY, delegations=[broken, sound])

    assert (each.is_complete, each.signers) == (True, ["deputy", "head"])


def test_delegated_authority_is_not_passed_on() -> None:
    """What a delegate delegates is their own organisation's authority, never the one lent to them."""
    each = an_approval(1, 50_000)
    each.route(Matrix(365, (Tier(None, (NATION,)),), {}), each.amount, autonomous=False)
    lent = a_delegation("head", "cn", "deputy", "cn/54")
    passed_on = a_delegation("deputy", "cn/54", "third", "cn/54/5401")

    with pytest.raises(Forbidden, match="not-your-step"):
        each.sign(by=Actor("third", "cn/54/5401", APPROVER), at=AT, today=DAY, delegations=[lent, passed_on])


async def test_a_revoked_or_unsound_delegation_gives_nothing() -> None:
    """What was signed stands; what is wrong is told at once with everything that is wrong."""
    office = Office()
    fund = await office.opened()

    async def unsound(work: Any) -> None:
        await delegate_authority(
            work, delegate=REGIONAL.subject, delegate_organisation="cn/51", kinds=[ApprovalKind.CLAIM], up_to=0,
            valid_from=DAY, valid_to=DAY - timedelta(days=1),
        )  # fmt: skip

    with pytest.raises(RuleViolated, match="delegation-wrong") as wrong:
        await office.do(REGIONAL, unsound)

    found = {finding.code for finding in wrong.value.findings}
    assert found == {"same-person", "foreign-delegate", "impossible-date", "not-positive"}
    assert fund.autonomy == []


def test_autonomy_shortens_the_chain_and_draws_lots() -> None:
    """F-08: fewer signatures before, more looks afterwards; above its limit the whole chain signs."""
    autonomy = Autonomy(frozenset({ApprovalKind.PAYMENT}), signatures=1, up_to=20_000, ex_post_share=2_500)
    matrix = Matrix(365, MATRIX.tiers, {}, autonomy)
    asked = [an_approval(n, 15_000) for n in range(1, 401)]
    above = an_approval(999, 20_001)
    for each in [*asked, above]:
        each.route(matrix, each.amount, autonomous=True)
        again = each.ex_post
        each.route(matrix, each.amount, autonomous=True)
        assert each.ex_post is again

    assert {len(each.chain) for each in asked} == {1}
    assert 0.15 < sum(each.ex_post for each in asked) / len(asked) < 0.35
    assert (len(above.chain), above.ex_post) == (3, False)


def test_policies_without_kinds_read_as_before_and_wrong_kinds_are_told() -> None:
    """Old policies stay valid: every kind takes the tiers; wrong rows are named by pointer."""
    content = policy_content("batch-3")
    old = content | {"approval": {key: content["approval"][key] for key in ("rolling_days", "tiers")}}
    policy = read_policy(old)
    wrong = content | {
        "approval": old["approval"] | {"kinds": {"claim": [{"up_to": "5.00", "chain": ["nobody"]}]}},
    }

    assert [x.code for x in policy.matrix.chain_for(ApprovalKind.CLAIM, 10**12)] == ["regional", "ministry"]
    assert {finding.pointer for finding in matrix_inconsistencies(wrong)} == {
        "/approval/kinds/claim",
        "/approval/kinds/claim/0/chain",
    }


async def test_what_is_withdrawn_is_asked_anew_and_counts_once() -> None:
    """A returned or rejected thing no longer counts; the next asking does."""
    office = Office()
    fund = await office.opened()
    subject = UUID(int=1 << 80)
    request = Request(
        ApprovalKind.CLAIM, subject, fund.id, fund.programme, "batch-4", "acc-1", {"travel": 190_000_000}, ["preparer"]
    )
    await office.do(PREPARER, lambda work: ask_approvals(work, [request]))
    await office.do(PREPARER, lambda work: withdraw_approvals(work, ApprovalKind.CLAIM, [subject]))
    [again] = await office.do(PREPARER, lambda work: ask_approvals(work, [request]))

    assert (again.rolling_amount, [step.authority for step in again.chain]) == (190_000_000, ["regional"])
    [signed] = await office.do(REGIONAL, lambda work: sign_approvals(work, ApprovalKind.CLAIM, [subject]))
    assert signed.is_complete
    with pytest.raises(Conflict, match="wrong-state"):
        await office.do(MINISTRY, lambda work: sign_approvals(work, ApprovalKind.CLAIM, [subject]))


async def test_payments_above_the_limit_need_the_second_authority() -> None:
    """Regional signs in bulk; what one host gets beyond the limit also needs the ministry, and only that."""
    office = Office()
    content = policy_content("batch-3")["approval"] | {
        "kinds": {
            "payment": [
                {"up_to": "15000.00", "chain": ["regional"]},
                {"up_to": None, "chain": ["regional", "ministry"]},
            ]
        }
    }
    fund = await office.opened(approval=content)
    await office.allocated(fund, 3)
    people = [UUID(int=n << 70) for n in (1, 2, 3)]
    for person, host in zip(people, ("hosts/H001", "hosts/H001", "hosts/H002"), strict=True):
        await office.selected(person)
        await office.placed(person, host)
        await office.arrived(person)
    await office.signs()
    states = [office.plan_of(person)[0][1] for person in people]
    with pytest.raises(Forbidden, match="same-person"):
        await office.do(REGIONAL, lambda work: approve_instalments(work, Choice("2024")))
    done = await office.do(MINISTRY, lambda work: approve_instalments(work, Choice("2024")))

    assert states == ["prepared", "prepared", "approved"]
    assert [str(each.state) for each in done] == ["approved", "approved"]


async def test_what_was_prepared_before_is_asked_for_when_it_is_signed() -> None:
    """Payments put forward before payments had a chain go up it now."""
    office = Office()
    await office.allocated(await office.opened(), 1)
    who = UUID(int=1 << 70)
    await office.selected(who)
    await office.placed(who)
    await office.arrived(who)
    await office.do(PREPARER, lambda work: prepare_instalments(work, Choice("2024")))
    office.shelf.approvals.clear()

    [done] = await office.do(REGIONAL, lambda work: approve_instalments(work, Choice("2024")))

    assert (str(done.state), done.approvers) == ("approved", ["regional-approver"])
    assert [each.handlers for each in office.shelf.approvals.values()] == [["preparer"]]
