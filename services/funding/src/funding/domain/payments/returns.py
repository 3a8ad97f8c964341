"""Return files: what the treasury says of a batch, held against it as a whole before anything is booked (F-04)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from funding.domain.roles import APPROVER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.money import yuan
from shared.kernel.refusals import Finding, Forbidden, RuleViolated

if TYPE_CHECKING:
    from funding.domain.payments.disbursement import Disbursement, PaymentLine

Outcome = Literal["paid", "rejected"]


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """What the treasury says of one reference; ``amount`` (fen) and ``batch`` where the file repeats them."""

    reference: str
    outcome: Outcome
    on: date
    reason: str | None = None
    amount: int | None = None
    batch: str | None = None
    row: int | None = None
    """Row of the sheet, where it came as one."""


@dataclass(frozen=True, slots=True)
class FileMark:
    """By what a file is recognised and held against the batch: hash, control total and number, where it states them."""

    sha256: str
    total: int | None = None
    batch: str | None = None


@dataclass(kw_only=True)
class ReturnFile:
    """A return file that was taken in; the same content is never taken in twice for a batch.

    Attributes:
        disbursement: the batch.
        sha256: of the content, hex.
        lines, paid, rejected, unchanged, discrepancies: how many lines, and how many of them said what.
        taken_by, taken_on: by whom and when.
    """

    id: UUID
    version: int = 0
    disbursement: UUID
    sha256: str
    lines: int
    paid: int
    rejected: int
    unchanged: int
    discrepancies: int
    taken_by: str
    taken_on: date


class DiscrepancyState(StrEnum):
    """Whether a person has looked into it."""

    OPEN = "open"
    RESOLVED = "resolved"


DISCREPANCY: Lifecycle[DiscrepancyState] = Lifecycle(
    "discrepancy",
    initial=DiscrepancyState.OPEN,
    transitions=[Transition("resolve", DiscrepancyState.OPEN, DiscrepancyState.RESOLVED, APPROVER)],
)


@dataclass(kw_only=True)
class Discrepancy(Aggregate):
    """The treasury said otherwise of a payment than before; the books keep what was booked until a person decides.

    Attributes:
        disbursement, reference: the payment.
        booked_outcome, booked_on: what was booked.
        said_outcome, said_on, reason: what was said later.
        taken_by: who took the file in, and does not resolve it.
        noted_on: when.
        resolution: ``first_stands`` or ``corrected`` (by other bookings), or None.
        explanation, resolved_by: why and by whom, or None.
    """

    lifecycle: ClassVar[Lifecycle[DiscrepancyState]] = DISCREPANCY

    disbursement: UUID
    reference: str
    booked_outcome: str
    booked_on: date
    said_outcome: str
    said_on: date
    reason: str | None
    taken_by: str
    noted_on: date
    resolution: str | None = None
    explanation: str | None = None
    resolved_by: str | None = None
    state: DiscrepancyState = field(default=DiscrepancyState.OPEN)

    def resolve(self, resolution: str, explanation: str, *, by: Actor) -> None:
        """Say what came of it. Raises ``Forbidden``: ``same-person`` for who took the file in."""
        self._advance("resolve", by)
        if by.subject == self.taken_by:
            raise Forbidden("same-person", "Who took the file in does not resolve what it contradicts.", rule="F-01")
        self.resolution, self.explanation, self.resolved_by = resolution, explanation, by.subject


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of a file: those that say something new, and those that contradict what was booked."""

    fresh: list[ReturnLine]
    contradictions: list[tuple[PaymentLine, ReturnLine]]


def sort_out(batch: Disbursement, returned: Sequence[ReturnLine], today: date, mark: FileMark | None) -> Sorted:
    """Hold a file against its batch; lines that came before say nothing new.

    Raises:
        RuleViolated: ``return-file-wrong`` with a finding for every reference that is unknown or there twice, every
            amount or batch number that differs, every date before the instruction or after today, and a control total
            that is not the sum of the lines.
    """
    known = {line.reference: line for line in batch.lines}
    findings = list(_file_findings(batch, returned, known, mark))
    found = Sorted([], [])
    seen: set[str] = set()
    for nth, line in enumerate(returned):
        sent = known.get(line.reference)
        wrong = _objection(batch, line, sent, seen, today)
        seen.add(line.reference)
        if wrong is not None:
            code, detail, member = wrong
            where = {"row": line.row} if line.row is not None else {}
            findings.append(Finding(code, detail, f"/lines/{nth}/{member}", "F-04", values=where))
        elif sent is not None and sent.outcome is None:
            found.fresh.append(line)
        elif sent is not None and (sent.outcome, sent.on) != (line.outcome, line.on):
            found.contradictions.append((sent, line))
    if findings:
        raise RuleViolated("return-file-wrong", "The return file does not fit the batch.", findings=findings)
    return found


def _objection(
    batch: Disbursement, line: ReturnLine, sent: PaymentLine | None, seen: set[str], today: date
) -> tuple[str, str, str] | None:
    """Code, words and member of what is wrong with a line, or None."""
    if line.batch is not None and line.batch != batch.number:
        return "wrong-batch", f"This is the batch {batch.number}.", "batch"
    if sent is None:
        return "unknown-reference", "The batch has no such reference.", "reference"
    if line.reference in seen:
        return "reference-twice", "The reference is in the file twice.", "reference"
    if line.amount is not None and line.amount != sent.amount:
        return "amount-differs", f"{yuan(sent.amount)} yuan were instructed.", "amount"
    if not batch.instructed_on <= line.on <= today:
        return "impossible-date", "The date must lie between the instruction and today.", "on"
    return None


def _file_findings(
    batch: Disbursement, returned: Sequence[ReturnLine], known: Mapping[str, PaymentLine], mark: FileMark | None
) -> Iterable[Finding]:
    if mark is None:
        return
    if mark.batch is not None and mark.batch != batch.number:
        yield Finding("wrong-batch", f"This is the batch {batch.number}.", "/batch", "F-04")
    total = sum(known[line.reference].amount for line in returned if line.reference in known)
    if mark.total is not None and mark.total != total:
        detail = f"The payments named come to {yuan(total)} yuan."
        yield Finding("total-differs", detail, "/total", "F-04", values={"total": yuan(total)})
