"""Agreements go on the file of the regional authority: prepared, submitted, acknowledged or returned (M-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.agreements import Agreement, AgreementState
from placement.domain.agreements.filings import Filing, FilingState
from placement.usecases.agreements.finding import facets_of, placements_of
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict

_LIVING = [FilingState.PREPARED, FilingState.SUBMITTED, FilingState.RETURNED, FilingState.ACKNOWLEDGED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An agreement, or a filing, and the number under which it is on file."""

    of: UUID
    number: str


async def prepare_filings(work: PlacementWork, ids: Sequence[UUID]) -> list[Filing]:
    """Prepare the files of agreements in force, one of each edition.

    Raises:
        Conflict: ``not-in-force``, ``filing-exists``.
    """
    batch = Batch()
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    there = {filing.agreement for filing in await work.filings.list(agreement=ids, state=_LIVING)}
    made = []
    for number, id in enumerate(ids):
        with batch.at(number, "agreement"):
            agreement = agreements[id]
            work.authorise(facets_of(agreement, placements[agreement.participation], work.actor))
            if agreement.state is not AgreementState.IN_FORCE:
                raise Conflict("not-in-force", "Only an agreement in force goes on file.", rule="M-04")
            if id in there:
                raise Conflict("filing-exists", "This edition has its file already.", rule="M-04")
            filing = Filing.of(work.new_id(), agreement)
            work.filings.add(filing)
            made.append(filing)
    batch.settle()
    return made


async def submit_filings(work: PlacementWork, ids: Sequence[UUID]) -> list[Filing]:
    """Hand files in, or in again after a return."""
    batch = Batch()
    filings, agreements = await _loaded(work, batch, ids)
    placements = await placements_of(work, agreements.values())
    for number, id in enumerate(ids):
        with batch.at(number, "filing"):
            agreement = agreements[filings[id].agreement]
            work.authorise(facets_of(agreement, placements[agreement.participation], work.actor))
            filings[id].submit(on=work.today, by=work.actor)
    batch.settle()
    return [filings[id] for id in ids]


async def acknowledge_filings(work: PlacementWork, receipts: Sequence[Receipt]) -> list[Filing]:
    """The authority takes files on file; the agreements are filed under the receipt numbers.

    Raises:
        Conflict: ``wrong-state``, ``filing-number-taken``.
    """
    batch = Batch()
    filings, agreements = await _loaded(work, batch, [each.of for each in receipts])
    placements = await placements_of(work, agreements.values())
    taken = await _taken(work, [each.number for each in receipts])
    for number, each in enumerate(receipts):
        with batch.at(number):
            filing = filings[each.of]
            agreement = agreements[filing.agreement]
            work.authorise(facets_of(agreement, placements[agreement.participation], work.actor))
            _must_be_free(each.number, taken)
            filing.acknowledge(each.number, on=work.today, by=work.actor)
            agreement.file(each.number, on=work.today, by=work.actor)
    batch.settle()
    return [filings[each.of] for each in receipts]


async def return_filing(work: PlacementWork, id: UUID, reason: str) -> Filing:
    """The authority wants a file handed in again, with the reason."""
    filing = await work.filings.get(id, target=True)
    agreement = await work.agreements.get(filing.agreement)
    work.authorise(facets_of(agreement, (await placements_of(work, [agreement]))[agreement.participation], work.actor))
    filing.send_back(reason, on=work.today, by=work.actor)
    return filing


async def file_agreements(work: PlacementWork, receipts: Sequence[Receipt], *, alone: bool = False) -> list[Agreement]:
    """The authority puts agreements in force on file in one step: prepared, submitted and acknowledged by itself.

    Raises:
        Conflict: ``wrong-state``, ``filing-number-taken``.
    """
    batch = Batch(alone=alone)
    ids = [each.of for each in receipts]
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    filings = by(await work.filings.list(agreement=ids, state=_LIVING), "agreement")
    taken = await _taken(work, [each.number for each in receipts])
    for number, each in enumerate(receipts):
        with batch.at(number):
            agreement = agreements[each.of]
            work.authorise(facets_of(agreement, placements[agreement.participation], work.actor))
            _must_be_free(each.number, taken)
            agreement.file(each.number, on=work.today, by=work.actor)
            filing = filings.get(agreement.id)
            if filing is None:
                filing = Filing.of(work.new_id(), agreement)
                work.filings.add(filing)
            if filing.state is not FilingState.SUBMITTED:
                filing.submit(on=work.today, by=work.actor)
            filing.acknowledge(each.number, on=work.today, by=work.actor)
    batch.settle()
    return [agreements[id] for id in ids]


async def _loaded(
    work: PlacementWork, batch: Batch, ids: Sequence[UUID]
) -> tuple[dict[UUID, Filing], dict[UUID, Agreement]]:
    filings = await batch.load(work.filings, ids, "filing")
    return filings, by(await work.agreements.list(id={filing.agreement for filing in filings.values()}), "id")


async def _taken(work: PlacementWork, numbers: Iterable[str]) -> dict[str, bool]:
    """Numbers of the request → whether an agreement has it already, or the request names it twice."""
    listed = list(numbers)
    known = {agreement.filing_number for agreement in await work.agreements.list(filing_number=set(listed))}
    return {number: number in known or listed.count(number) > 1 for number in listed}


def _must_be_free(number: str, taken: dict[str, bool]) -> None:
    if taken[number]:
        raise Conflict("filing-number-taken", "Another agreement is on file under this number.", rule="M-04")
