"""The stories of the golden files, each with its figures derived by hand from the rate card and the calendar.

The rate card of the policy (yuan for a whole term of 365 days, 1 July 2024 to 30 June 2025): host training fee 8000 and
living allowance 9000 by the day; travel 2000 and insurance 1000 whole. Instalments: 40 % on arrival (fixed rates with
it), 40 % six months after the start, 20 % with the certificate. The central source gives three quarters.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from uuid import UUID

from funding.domain.budgets.budget import Line
from funding.testing.claiming import claims, grants_claim, registers_class
from funding.testing.claims import STANDARDS
from funding.testing.office import PREPARER, REGIONAL, START, Office, shares
from funding.usecases.budgets.allocate_budget import allocate_budget, close_budget

WHO: Final = UUID(int=1 << 70)


def names(office: Office) -> dict[UUID, str]:
    """Who owns the accounts of persons and claims."""
    return {WHO: "person-1"} | {claim: f"claim-{nth}" for nth, claim in enumerate(sorted(office.shelf.claims), start=1)}


async def _begun(persons: int = 1) -> tuple[Office, UUID]:
    """Two sources of 30 000.00 each, a budget for one whole term allocated; gives the office and the budget."""
    office = Office()
    budget = await office.allocated(await office.opened(3_000_000), persons)
    return office, budget.id


async def _first_paid(office: Office, arrived: date = START, *, late: bool = False) -> None:
    office.today = date(2024, 5, 20)
    await office.selected(WHO)
    office.today = date(2024, 6, 3)
    await office.placed(WHO)
    office.today = arrived
    await office.arrived(WHO, arrived, late=late)
    office.today = date(2024, 9, 2)
    await office.pays()


async def _second_paid(office: Office, on: date = date(2025, 1, 2)) -> None:
    office.today = on
    await office.raises_due()
    await office.pays()


async def _finished(office: Office) -> None:
    office.today = date(2025, 7, 1)
    await office.ended(WHO)
    office.today = date(2025, 7, 10)
    await office.assessed(WHO)
    office.today = date(2025, 7, 20)
    await office.certified(WHO)
    office.today = date(2025, 7, 28)
    await office.pays()


async def _closed(office: Office, budget: UUID, on: date) -> None:
    office.today = on
    await office.do(REGIONAL, lambda work: close_budget(work, budget))


async def full_year() -> Office:
    """A full year: reserved, committed, paid in three instalments, settled; a second place unused goes back.

    By hand. Budget for 2 terms = 40000.00, central 30000.00, regional 10000.00; each source granted 30000.00.
    Instalment 1 = 40 % of 8000 + 40 % of 9000 + 2000 + 1000 = 3200 + 3600 + 3000 = 9800.00.
    Instalment 2 = 40 % of 17000 = 3200 + 3600 = 6800.00. Instalment 3 = 20 % of 17000 = 1600 + 1800 = 3400.00.
    Paid 9800 + 6800 + 3400 = 20000.00 = the rate of one term. Unused 20000.00 goes back three to one: 15000 and 5000.
    """
    office, budget = await _begun(2)
    await _first_paid(office)
    await _second_paid(office)
    await _finished(office)
    await _closed(office, budget, date(2025, 8, 1))
    return office


async def late_arrival() -> Office:
    """A late arrival: there on 1 August instead of 1 July; 31 days are not paid and are free again on arrival.

    By hand. Served days = 365 - 31 = 334. Fee 8000 x 334/365 = 7320.55 (7320.5479), allowance 9000 x 334/365 = 8235.62
    (8235.6164), fixed 3000.00: owed 18556.17. Free again 20000.00 - 18556.17 = 1443.83.
    Instalment 1: 40 % of 7320.55 = 2928.22, of 8235.62 = 3294.248 -> 3294.25, + 3000.00 = 9222.47.
    Up to 2: 80 % = 5856.44 and 6588.496 -> 6588.50, so instalment 2 = 2928.22 + 3294.25 = 6222.47.
    Instalment 3 takes the rest: 1464.11 + 1647.12 = 3111.23. Sum 9222.47 + 6222.47 + 3111.23 = 18556.17.
    """
    office, budget = await _begun()
    await _first_paid(office, date(2024, 8, 1), late=True)
    await _second_paid(office, date(2025, 2, 3))
    await _finished(office)
    await _closed(office, budget, date(2025, 8, 1))
    return office


async def early_end() -> Office:
    """An early end after 100 days with two instalments paid: the rest is void, the excess comes back.

    By hand. Fee 8000 x 100/365 = 2191.78 (2191.7808), allowance 9000 x 100/365 = 2465.75 (2465.7534), fixed 3000.00:
    owed 7657.53. Paid 9800.00 + 6800.00 = 16600.00. To come back 8942.47, from the last payment backwards:
    instalment 2 whole (fee 3200.00, allowance 3600.00 = 6800.00), then of instalment 1 the fee 3200.00 - 2191.78 =
    1008.22 and the allowance 3600.00 - 2465.75 = 1134.25, together 2142.47. Instalment 3 (3400.00) is void.
    Disbursed in the end 7657.53; 12342.47 go back to the sources, three to one: 9256.85 (9256.8525, the running sum
    rounded down) and 3085.62.
    """
    office, budget = await _begun()
    await _first_paid(office)
    await _second_paid(office)
    await office.ended(WHO, "early", date(2024, 10, 8), 100)
    office.today = date(2025, 2, 3)
    await office.recovers()
    await _closed(office, budget, date(2025, 3, 3))
    return office


async def revoked_certificate() -> Office:
    """A certificate revoked after everything was paid: the last instalment comes back.

    By hand. Paid 20000.00 as in the full year. Without the certificate the third instalment is not owed: fee 1600.00 and
    allowance 1800.00, 3400.00 to come back, on 1 December; recovered on 15 December. Disbursed in the end 16600.00; 3400.00
    go back to the sources three to one: 2550.00 and 850.00.
    """
    office, budget = await _begun()
    await _first_paid(office)
    await _second_paid(office)
    await _finished(office)
    office.today = date(2025, 12, 1)
    await office.revoked(WHO)
    office.today = date(2025, 12, 15)
    await office.recovers()
    await _closed(office, budget, date(2026, 1, 5))
    return office


async def rejected_payment() -> Office:
    """A payment the treasury rejects: back to committed, signed by everybody again, instructed under a new reference.

    By hand. Instalment 1 is 9800.00 both times: out to the treasury on 2 September, back on 2 September, out and paid on
    9 September. Committed stays 20000.00 - 9800.00 = 10200.00 once it is paid; nothing is paid twice.
    """
    office, _ = await _begun()
    office.today = date(2024, 5, 20)
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    office.today = date(2024, 9, 2)
    await office.signs()
    await office.treasury_says(await office.instructs(), "rejected")
    office.today = date(2024, 9, 9)
    await office.pays()
    return office


async def split_budget() -> Office:
    """One session's need split into two budgets: each is booked for itself, the person is paid from both.

    By hand. Each budget is for one half of a term: fee 4000, allowance 4500, travel 1000, insurance 500 = 10000.00, central
    7500.00 and regional 2500.00. After the first the pot is 10000.00 short of 20000.00 and the selected person waits; with
    the second the reservation of 20000.00 is booked on the same day and the pot is empty.
    """
    office = Office()
    fund = await office.opened(3_000_000)
    half = [type(line)(line.category, line.amount // 2) for line in shares(1)]
    first = await office.approved(fund, half)
    await office.do(PREPARER, lambda work: allocate_budget(work, first.id))
    office.today = date(2024, 5, 20)
    await office.selected(WHO)
    office.today = date(2024, 5, 27)
    second = await office.approved(fund, half)
    await office.do(PREPARER, lambda work: allocate_budget(work, second.id))
    return office


async def split_claim() -> Office:
    """A claim split in two: each is paid, the ceilings come to that of one, and the second goes to the higher tier.

    By hand. 180 persons of a class of 40 days at 340.00 a day, days beyond the 30th at 70 % = 238.00. Days 1 to 30:
    180 x 30 x 340.00 = 1836000.00, below the limit of 2000000.00: the region signs. Days 31 to 40: 180 x 10 x 238.00 =
    428400.00, small by itself, but 1836000.00 + 428400.00 = 2264400.00 in the window: region and ministry sign. Paid
    2264400.00 = 180 x (30 x 340.00 + 10 x 238.00) = 180 x 12580.00; of the budget of 2300000.00 there remain 35600.00.
    """
    office = Office()
    fund = await office.opened(200_000_000, reimbursement=STANDARDS)
    budget = await office.approved(fund, [Line("class-lodging", 230_000_000)])
    await office.do(PREPARER, lambda work: allocate_budget(work, budget.id))
    office.today = date(2024, 6, 3)
    await registers_class(office, persons=180)
    for day, first, last, amount, invoice, signers in (
        (date(2024, 8, 1), 1, 30, 183_600_000, "INV-1", ["regional"]),
        (date(2024, 8, 12), 31, 40, 42_840_000, "INV-2", ["regional", "ministry"]),
    ):
        office.today = day
        claim = await grants_claim(office, await claims(office, first, last, amount, invoice, 180))
        if [step.authority for step in claim.chain] != signers:
            raise AssertionError(f"signed by {claim.chain}")
    office.today = date(2024, 8, 20)
    await office.treasury_says(await office.instructs(), "paid")
    return office


SCENARIOS: Final[dict[str, Callable[[], Awaitable[Office]]]] = {
    "full_year": full_year,
    "late_arrival": late_arrival,
    "early_end": early_end,
    "revoked_certificate": revoked_certificate,
    "rejected_payment": rejected_payment,
    "split_budget": split_budget,
    "split_claim": split_claim,
}
"""File name (without ``.txt``) to story."""
