"""What a participation is owed, in the cases of the programme."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from funding.domain import facts
from funding.domain.standing.story import Result, Story
from funding.testing.office import END, PER_HEAD, START, Office, policy_content

WHO = UUID(int=1 << 70)


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.allocated(await office.opened(), 3)
    return office


async def the_whole_way(office: Office) -> None:
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    await office.pays()
    office.today = date(2025, 1, 2)
    await office.raises_due()
    await office.pays()
    office.today = date(2025, 7, 20)
    await office.ended(WHO)
    await office.assessed(WHO)
    await office.certified(WHO)
    await office.pays()


async def test_the_happy_way_pays_the_rate_and_settles(office: Office) -> None:
    """F-04: daily rates in three instalments of 40, 40 and 20 per cent, fixed ones with the first; everything ends disbursed."""
    await the_whole_way(office)

    assert office.plan_of(WHO) == [
        ("arrival", "paid", 980_000), ("mid-term", "paid", 680_000), ("certified", "paid", 340_000)
    ]  # fmt: skip
    assert office.sums()["disbursed"] == PER_HEAD
    assert office.facts(facts.FundingSettled) == [facts.FundingSettled(WHO, PER_HEAD, PER_HEAD, 0, date(2025, 7, 20))]
    assert [fact.amount for fact in office.facts(facts.FundingReserved)] == [PER_HEAD]
    assert [fact.amount for fact in office.facts(facts.FundingCommitted)] == [PER_HEAD]
    assert [fact.milestone for fact in office.facts(facts.InstalmentDue)] == ["arrival", "mid-term", "certified"]


async def test_mid_term_waits_for_its_day(office: Office) -> None:
    """A dated instalment is due six months after the start and not a day earlier."""
    await office.selected(WHO)
    await office.placed(WHO)
    await office.arrived(WHO)

    office.today = date(2024, 12, 31)
    before = await office.raises_due()
    office.today = date(2025, 1, 1)
    after = await office.raises_due()

    assert (before, [each.milestone for each in after]) == ([], ["mid-term"])


async def test_withdrawal_before_the_start_releases_everything(office: Office) -> None:
    """Nothing was served, nothing is owed."""
    await office.selected(WHO)
    await office.placed(WHO)
    await office.withdrawn(WHO)

    assert {state for _, state, _ in office.plan_of(WHO)} == {"void"}
    assert office.sums()["available"] == 3 * PER_HEAD
    assert office.facts(facts.FundingReleased) == [facts.FundingReleased(WHO, PER_HEAD, "family-reasons")]
    assert office.shelf.participations[WHO].state == "released"


async def test_early_end_is_paid_to_the_day_and_the_rest_comes_back(office: Office) -> None:
    """100 of 365 days: daily rates pro rata half up, travel and insurance whole; the excess is clawed back."""
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    await office.pays()
    office.today = date(2025, 1, 2)
    await office.raises_due()
    await office.pays()
    await office.ended(WHO, "early", date(2024, 10, 8), 100)
    owed = 219_178 + 246_575 + 200_000 + 100_000

    assert office.facts(facts.ClawbackDue) == [facts.ClawbackDue(WHO, 1_660_000 - owed, "personal-reasons")]
    assert office.shelf.participations[WHO].state == "recovering"

    await office.recovers()

    assert office.sums()["disbursed"] == owed
    assert office.facts(facts.FundingSettled)[-1] == facts.FundingSettled(
        WHO, owed, 1_660_000, 1_660_000 - owed, date(2025, 1, 2)
    )
    assert office.sums()["available"] == 3 * PER_HEAD - owed


async def test_early_end_makes_what_is_still_owed_due_at_once(office: Office) -> None:
    """300 days served and only the first instalment paid: the next takes the difference, the last is void."""
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    await office.pays()
    await office.ended(WHO, "early", date(2025, 4, 26), 300)
    owed = 657_534 + 739_726 + 300_000

    assert office.plan_of(WHO) == [
        ("arrival", "paid", 980_000), ("mid-term", "due", owed - 980_000), ("certified", "void", 340_000)
    ]  # fmt: skip


async def test_a_failed_assessment_voids_the_last_instalment_and_settles(office: Office) -> None:
    """No certificate, no last instalment."""
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = date(2025, 7, 10)
    await office.arrived(WHO)
    await office.raises_due()
    await office.pays()
    await office.ended(WHO)
    await office.assessed(WHO, passed=False)

    assert office.plan_of(WHO)[-1] == ("certified", "void", 340_000)
    assert office.facts(facts.FundingSettled) == [facts.FundingSettled(WHO, 1_660_000, 1_660_000, 0, office.today)]


async def test_a_passed_resit_brings_the_last_instalment_back(office: Office) -> None:
    """A later pass with a certificate makes a new last instalment; the void one stays void."""
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = date(2025, 7, 10)
    await office.arrived(WHO)
    await office.raises_due()
    await office.pays()
    await office.ended(WHO)
    await office.assessed(WHO, passed=False)
    office.today = date(2025, 11, 2)
    await office.assessed(WHO, on=date(2025, 11, 1))
    await office.certified(WHO, date(2025, 11, 2))
    await office.pays()

    assert office.plan_of(WHO)[2:] == [("certified", "void", 340_000), ("certified", "paid", 340_000)]
    assert office.facts(facts.FundingSettled)[-1].entitled == PER_HEAD


async def test_the_highest_number_is_the_last_word_of_the_assessment(office: Office) -> None:
    """A pass corrected to a fail on the same day is a fail, in whichever order the two arrive."""
    for numbers in ((1, 2), (2, 1)):
        told = Story()
        for nth in numbers:
            told.hear_result(Result(nth == 1, date(2025, 7, 10), nth))
        assert told.failed


async def test_a_revoked_certificate_claws_the_last_instalment_back(office: Office) -> None:
    """After settlement the money of the certificate comes back and the participation settles again."""
    await the_whole_way(office)
    office.today = date(2025, 12, 1)
    await office.revoked(WHO)

    assert office.plan_of(WHO)[-1] == ("certified", "awaiting_clawback", 340_000)
    assert office.facts(facts.ClawbackDue) == [facts.ClawbackDue(WHO, 340_000, "certificate-revoked")]

    await office.recovers()

    assert office.plan_of(WHO)[-1] == ("certified", "clawed_back", 340_000)
    assert office.facts(facts.FundingSettled)[-1] == facts.FundingSettled(
        WHO, 1_660_000, PER_HEAD, 340_000, office.today
    )


async def test_a_certificate_revoked_before_payment_voids_the_last_instalment(office: Office) -> None:
    """What was not paid needs no clawback."""
    await office.selected(WHO)
    await office.placed(WHO)
    await office.arrived(WHO)
    await office.ended(WHO)
    await office.certified(WHO)
    await office.revoked(WHO)

    assert office.plan_of(WHO)[-1] == ("certified", "void", 340_000)
    assert office.facts(facts.ClawbackDue) == []


async def test_a_late_arrival_is_paid_from_its_own_day(office: Office) -> None:
    """M-03: actual dates decide; 31 days late leaves 334 of 365."""
    await office.selected(WHO)
    await office.placed(WHO)
    await office.arrived(WHO, date(2024, 8, 1), late=True)
    owed = 732_055 + 823_562 + 300_000

    assert sum(amount for _, _, amount in office.plan_of(WHO)) == owed
    assert office.facts(facts.FundingReleased) == [facts.FundingReleased(WHO, PER_HEAD - owed, "recomputed")]


async def test_a_transfer_changes_the_payee_and_signatures_are_void(office: Office) -> None:
    """Who signed for another payee signs again; an extension is not paid under this policy."""
    await office.selected(WHO)
    await office.placed(WHO)
    await office.arrived(WHO)
    await office.signs()
    await office.transferred(WHO, "hosts/H002", date(2024, 7, 5), date(2025, 8, 31))
    first = min(office.shelf.instalments.values(), key=lambda each: each.sequence)

    assert (first.state, first.payee, first.prepared_by, first.amount) == ("due", "hosts/H002", None, 980_000)


async def test_a_rejected_payment_is_due_again(office: Office) -> None:
    """The treasury could not pay: the money is committed again and signed again."""
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    await office.signs()
    await office.treasury_says(await office.instructs(), "rejected")

    assert office.plan_of(WHO)[0] == ("arrival", "due", 980_000)
    assert office.sums()["committed"] == PER_HEAD

    await office.pays()

    assert office.plan_of(WHO)[0] == ("arrival", "paid", 980_000)


async def test_money_in_transit_is_judged_when_the_treasury_has_spoken(office: Office) -> None:
    """An end before the start heard while the payment is under way is clawed back once it is paid."""
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    await office.signs()
    batch = await office.instructs()
    await office.ended(WHO, "early", START, 0)
    await office.treasury_says(batch, "paid")

    assert office.facts(facts.ClawbackDue) == [facts.ClawbackDue(WHO, 680_000, "personal-reasons")]


async def test_a_session_without_money_makes_people_wait(office: Office) -> None:
    """Who is selected beyond the allocation waits and is funded when more is allocated."""
    fund = next(iter(office.shelf.funds.values()))
    people = [UUID(int=(1 << 70) + n * 2) for n in range(4)]
    for each in people:
        await office.selected(each)

    assert [office.shelf.participations[each].state for each in people] == ["reserved"] * 3 + ["unfunded"]
    assert office.shelf.participations[people[3]].lacking == PER_HEAD

    await office.allocated(fund, 1)

    assert office.shelf.participations[people[3]].state == "reserved"


async def test_a_person_back_on_a_later_roster_is_reserved_again(office: Office) -> None:
    """A deselection counts for its version of the roster only."""
    await office.selected(WHO, 1)
    await office.deselected(WHO, 2)
    released = office.shelf.participations[WHO].state
    await office.selected(WHO, 3)

    assert (released, office.shelf.participations[WHO].state) == ("released", "reserved")
    assert END > START


async def test_another_rate_of_the_province_and_another_payee() -> None:
    """A dearer province takes more on commitment; short of it, the person waits reserved; a unit may be the payee."""
    office = Office()
    card = policy_content("batch-3")["rate_card"]
    card[1] |= {"by_province": {"11": "10000.00"}}
    plan = policy_content("batch-3")["instalments"]
    plan[0] |= {"payee": "sending_unit"}
    fund = await office.opened(rate_card=card, instalments=plan)
    await office.allocated(fund, 1)
    await office.selected(WHO)
    await office.placed(WHO)
    waiting = office.shelf.participations[WHO]
    assert (waiting.state, waiting.lacking, office.plan_of(WHO)) == ("reserved", 100_000, [])

    await office.allocated(fund, 1)

    assert office.shelf.participations[WHO].state == "committed"
    assert sum(amount for _, _, amount in office.plan_of(WHO)) == PER_HEAD + 100_000
    assert [each.payee for each in sorted(office.shelf.instalments.values(), key=lambda each: each.sequence)] == [
        "cn/54/5401/U0001",
        "hosts/H001",
        "hosts/H001",
    ]
    assert office.facts(facts.FundingCommitted)[-1].amount == PER_HEAD + 100_000


async def test_an_extension_is_paid_where_the_policy_says_so() -> None:
    """``pay_extension``: 62 more days earn 62 more daily rates."""
    office = Office()
    await office.allocated(await office.opened(pay_extension=True), 2)
    await office.selected(WHO)
    await office.placed(WHO)
    await office.arrived(WHO)
    await office.transferred(WHO, "hosts/H001", date(2025, 6, 1), date(2025, 8, 31))

    assert office.shelf.participations[WHO].entitled == 935_890 + 1_052_877 + 300_000
