"""Claims in the office in memory: a class of forty days, claimed by the host that runs it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObjectKind
from funding.domain.claims.lines import ClaimLine, Evidence
from funding.testing.claims import CHECKER, CLASS, HOST
from funding.testing.office import MINISTRY, PREPARER, REGIONAL, SESSION, Office
from funding.usecases.claims.cost_objects import Registration, register_cost_object
from funding.usecases.claims.decide_claim import approve_claim, check_claim
from funding.usecases.claims.draft_claim import draft_claim
from funding.usecases.claims.submit_claim import submit_claim

FIRST = date(2024, 7, 1)


async def registers_class(office: Office, persons: int = 20, days: int = 40) -> None:
    """A class that claims may be made for."""
    said = Registration(
        CostObjectKind.SESSION, CLASS, SESSION, "hosts/H001", FIRST, FIRST + timedelta(days - 1), persons, "11", None
    )
    await office.do(PREPARER, lambda work: register_cost_object(work, said))


async def claims(office: Office, first: int, last: int, amount: int, invoice: str, persons: int = 20) -> UUID:
    """The host claims lodging of the class from its ``first`` to its ``last`` day, in fen, and hands it in."""
    document = Evidence(UUID(int=1), "a" * 64, "invoice", invoice)
    line = ClaimLine(
        "class-lodging",
        FIRST + timedelta(first - 1),
        FIRST + timedelta(last - 1),
        amount,
        persons,
        evidence=(document,),
    )
    drafted = await office.do(HOST, lambda work: draft_claim(work, CostObjectKind.SESSION, CLASS, [line]))
    await office.do(HOST, lambda work: submit_claim(work, drafted.id))
    return drafted.id


async def grants_claim(office: Office, claim: UUID) -> Claim:
    """Checked, and signed by everybody whom its rolling sum asks for."""
    checked = await office.do(CHECKER, lambda work: check_claim(work, claim, []))
    for step in checked.chain:
        signer = REGIONAL if step.authority == "regional" else MINISTRY
        checked = await office.do(signer, lambda work: approve_claim(work, claim, []))
    return checked
