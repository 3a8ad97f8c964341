"""Shapes of return files, discrepancies and the reconciliation."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from funding.adapters.http.shapes.common import Money
from funding.adapters.http.shapes.payments.disbursements import DisbursementOut
from funding.domain.payments.returns import Discrepancy, ReturnFile
from funding.usecases.payments.book_return import Booked
from shared.http.resources import Body, Prose, Resource
from shared.kernel.actor import Actor


class ReturnFileOut(Resource):
    """A return file as it was taken in; the same content again gives the same."""

    id: UUID
    disbursement: UUID
    sha256: str
    lines: int
    paid: int
    rejected: int
    unchanged: int
    discrepancies: int
    taken_by: str
    taken_on: date

    @classmethod
    def of(cls, file: ReturnFile) -> ReturnFileOut:
        """The representation."""
        return cls(
            id=file.id,
            disbursement=file.disbursement,
            sha256=file.sha256,
            lines=file.lines,
            paid=file.paid,
            rejected=file.rejected,
            unchanged=file.unchanged,
            discrepancies=file.discrepancies,
            taken_by=file.taken_by,
            taken_on=file.taken_on,
        )


class ReturnOut(Resource):
    """What this call did with a return file, and the file as it was taken in first."""

    paid: int
    rejected: int
    unchanged: int
    discrepancies: int
    file: ReturnFileOut | None
    disbursement: DisbursementOut

    @classmethod
    def of(cls, booked: Booked, actor: Actor) -> ReturnOut:
        """The representation."""
        return cls(
            paid=booked.paid,
            rejected=booked.rejected,
            unchanged=booked.unchanged,
            discrepancies=booked.discrepancies,
            file=None if booked.file is None else ReturnFileOut.of(booked.file),
            disbursement=DisbursementOut.of(booked.disbursement, actor),
        )


class DiscrepancyOut(Resource):
    """The treasury said otherwise than what was booked."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    disbursement: UUID
    reference: str
    booked_outcome: str
    booked_on: date
    said_outcome: str
    said_on: date
    reason: str | None
    noted_on: date
    taken_by: str
    resolution: str | None
    explanation: str | None
    resolved_by: str | None

    @classmethod
    def of(cls, each: Discrepancy, actor: Actor) -> DiscrepancyOut:
        """The representation."""
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            allowed_actions=each.allowed_actions(actor),
            disbursement=each.disbursement,
            reference=each.reference,
            booked_outcome=each.booked_outcome,
            booked_on=each.booked_on,
            said_outcome=each.said_outcome,
            said_on=each.said_on,
            reason=each.reason,
            noted_on=each.noted_on,
            taken_by=each.taken_by,
            resolution=each.resolution,
            explanation=each.explanation,
            resolved_by=each.resolved_by,
        )


class ResolveDiscrepancy(Body):
    """What came of it: the first word stands, or other bookings corrected it."""

    resolution: Literal["first_stands", "corrected"]
    explanation: Prose


class AgeOut(Resource):
    """Payments the treasury has not spoken on, by days since the instruction."""

    from_days: int
    to_days: int | None
    count: int
    amount: Money


class TreasuryReconciliationOut(Resource):
    """Instructed against returned: what was paid, rejected, and is outstanding by age; ``agrees`` when the ledger says so too."""

    as_of: date
    count: int
    instructed: Money
    paid: Money
    rejected: Money
    outstanding: Money
    in_transit: Money
    agrees: bool
    open_discrepancies: int
    by_age: list[AgeOut]
