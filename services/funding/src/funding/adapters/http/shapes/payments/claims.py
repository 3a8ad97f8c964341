"""Shapes of reimbursement claims."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from funding.adapters.http.shapes.common import Category, Money, MoneyIn, Reference, money
from funding.adapters.http.shapes.funds.approvals import StepOut
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObjectKind
from funding.domain.claims.lines import ClaimLine, Cut, Evidence
from shared.http.resources import Body, CodeText, Prose, Resource
from shared.kernel.actor import Actor

EvidenceKind = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DocumentNumber = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]*$")]


class EvidenceBody(Body):
    """A document: its id in the document store, the SHA-256 of its content, its kind and number."""

    document: UUID
    sha256: Sha256
    kind: EvidenceKind
    number: DocumentNumber | None = None

    def evidence(self) -> Evidence:
        """For the domain."""
        return Evidence(self.document, self.sha256, self.kind, self.number)


class ClaimLineBody(Body):
    """What was spent, when, for how many, with its documents."""

    category: Category
    from_day: date
    to_day: date
    amount: MoneyIn
    persons: int = Field(default=1, ge=1, le=100_000)
    items: int = Field(default=1, ge=1, le=100_000)
    evidence: list[EvidenceBody] = Field(default_factory=list, max_length=20)

    def line(self) -> ClaimLine:
        """For the domain."""
        return ClaimLine(
            category=self.category,
            from_day=self.from_day,
            to_day=self.to_day,
            amount=self.amount.fen,
            persons=self.persons,
            items=self.items,
            evidence=tuple(each.evidence() for each in self.evidence),
        )


class ClaimLinesBody(Body):
    """The lines of a claim."""

    lines: list[ClaimLineBody] = Field(min_length=1, max_length=200)

    def claim_lines(self) -> list[ClaimLine]:
        """For the use case."""
        return [each.line() for each in self.lines]


class DraftClaim(ClaimLinesBody):
    """A claim for a participation (its id), a class or a mission (its code)."""

    cost_kind: CostObjectKind
    cost_object: CodeText


class CutBody(Body):
    """Less is granted for a line (from 0) than was claimed, and why."""

    line: int = Field(ge=0, le=199)
    granted: MoneyIn
    reason: Prose


class DecideClaim(Body):
    """Confirm a claim, with less for some lines where ``cuts`` say so."""

    cuts: list[CutBody] = Field(default_factory=list, max_length=200)

    def claim_cuts(self) -> list[Cut]:
        """For the use case."""
        return [Cut(each.line, each.granted.fen, each.reason) for each in self.cuts]


class ClawBackClaim(Body):
    """How much is asked back, and why."""

    amount: MoneyIn
    reason: Prose


class RecoverClaim(Body):
    """What came back, when, by which document."""

    amount: MoneyIn
    recovered_on: date
    reference: Reference


class EvidenceOut(Resource):
    """A document of a line."""

    document: UUID
    sha256: str
    kind: str
    number: str | None


class ClaimLineOut(Resource):
    """A line; ``ceiling`` is what the standard allows, ``granted`` what is paid, null until somebody said."""

    category: str
    from_day: date
    to_day: date
    days: int
    persons: int
    items: int
    amount: Money
    ceiling: Money | None
    per: str | None
    granted: Money | None
    reason: str | None
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, line: ClaimLine) -> ClaimLineOut:
        """The representation."""
        return cls(
            category=line.category,
            from_day=line.from_day,
            to_day=line.to_day,
            days=line.days,
            persons=line.persons,
            items=line.items,
            amount=money(line.amount),
            ceiling=None if line.ceiling is None else money(line.ceiling),
            per=line.per,
            granted=None if line.granted is None else money(line.granted),
            reason=line.reason,
            evidence=[
                EvidenceOut(document=each.document, sha256=each.sha256, kind=each.kind, number=each.number)
                for each in line.evidence
            ],
        )


class ClaimOut(Resource):
    """A claim."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    frozen: bool
    cost_kind: Literal["participation", "session", "mission"]
    cost_object: str
    participation: UUID | None
    session: str
    fund: UUID
    programme: str
    policy_version: str
    payee: str
    payee_kind: str
    claimed: Money
    amount: Money
    lines: list[ClaimLineOut]
    submitted_by: str | None
    submitted_on: date | None
    checked_by: str | None
    rolling_amount: Money
    chain: list[StepOut]
    refusal: str | None
    frozen_why: str | None
    reference: str | None
    paid_on: date | None
    clawback: Money | None
    clawed_back: Money | None
    clawback_due_on: date | None

    @classmethod
    def of(cls, claim: Claim, actor: Actor) -> ClaimOut:
        """The representation; ``amount`` is what is paid as things stand."""
        return cls(
            id=claim.id,
            version=claim.version,
            state=claim.state,
            allowed_actions=claim.allowed_actions(actor),
            frozen=claim.frozen_by is not None,
            cost_kind=claim.cost_kind.value,
            cost_object=claim.cost_object,
            participation=claim.participation,
            session=claim.session,
            fund=claim.fund,
            programme=claim.programme,
            policy_version=claim.policy_version,
            payee=claim.payee,
            payee_kind=claim.payee_kind,
            claimed=money(claim.claimed),
            amount=money(claim.amount),
            lines=[ClaimLineOut.of(line) for line in claim.lines],
            submitted_by=claim.submitted_by,
            submitted_on=claim.submitted_on,
            checked_by=claim.checked_by,
            rolling_amount=money(claim.rolling_amount),
            chain=[StepOut.of(step) for step in claim.chain],
            refusal=claim.refusal,
            frozen_why=claim.frozen_why,
            reference=claim.reference,
            paid_on=claim.paid_on,
            clawback=money(sum(claim.outstanding.values())) if claim.outstanding else None,
            clawed_back=money(sum(claim.recovered.values())) if claim.recovered else None,
            clawback_due_on=claim.clawback_due_on,
        )
