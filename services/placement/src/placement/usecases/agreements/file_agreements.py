"""The regional authority takes agreements on file; amendments begin a further edition (M-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.agreements import Agreement, AgreementState, Terms
from placement.usecases.agreements.draft_agreements import check_duties, facets_of, placements_of
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An agreement and the number under which it is on file."""

    agreement: UUID
    number: str


async def file_agreements(work: PlacementWork, filings: Sequence[Filing], *, alone: bool = False) -> list[Agreement]:
    """Put agreements in force on file; a number is given once.

    Raises:
        Conflict: ``wrong-state``, ``filing-number-taken``.
    """
    batch = Batch(alone=alone)
    ids = [filing.agreement for filing in filings]
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    numbers = [filing.number for filing in filings]
    taken = {agreement.filing_number for agreement in await work.agreements.list(filing_number=set(numbers))}
    for number, filing in enumerate(filings):
        with batch.at(number):
            agreement = agreements[filing.agreement]
            work.authorise(facets_of(agreement, placements[agreement.participation]))
            if filing.number in taken or numbers.count(filing.number) > 1:
                raise Conflict("filing-number-taken", "Another agreement is on file under this number.", rule="M-04")
            agreement.file(filing.number, on=work.today, by=work.actor)
    batch.settle()
    return [agreements[id] for id in ids]


async def amend_agreement(work: PlacementWork, id: UUID, terms: Terms, reason: str) -> Agreement:
    """Draft the next edition for the original parties; the present one binds until the next is in force.

    Raises:
        Conflict: ``not-in-force``, ``amendment-open``.
    """
    agreement = await work.agreements.get(id, target=True)
    work.authorise(facets_of(agreement, (await placements_of(work, [agreement]))[agreement.participation]))
    amendment = agreement.amended(work.new_id(), terms.duties, terms.service_years, reason)
    check_duties(terms, [party.role for party in agreement.parties])
    if await work.agreements.list(amends=id, state=[AgreementState.DRAFT, AgreementState.OFFERED]):
        raise Conflict("amendment-open", "An amendment of this agreement is open already.", rule="M-04")
    work.agreements.add(amendment)
    return amendment
