"""Shapes of samples and findings."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import Money, money
from funding.domain.audit.finding import AuditFinding, Severity
from funding.domain.audit.sample import AuditSample
from funding.domain.audit.sampling import SamplingPlan
from shared.http.resources import Body, CodeText, Prose, Resource
from shared.kernel.actor import Actor


class DrawSample(Body):
    """A sample to be drawn; the same seed over the same books draws the same sample."""

    plan: SamplingPlan
    fund: UUID
    from_day: date
    to_day: date
    size: int = Field(ge=1, le=1000)
    seed: CodeText


class SampledEntry(Resource):
    """An entry that was drawn and the warning signs that drew it."""

    entry: UUID
    amount: Money
    reasons: list[str]


class AuditSampleOut(Resource):
    """A sample with the seed and the digest of what it was drawn from, so that anybody can draw it again."""

    id: UUID
    version: int
    state: str
    plan: str
    fund: UUID
    from_day: date
    to_day: date
    seed: str
    size: int
    population: int
    population_amount: Money
    population_digest: str
    items: list[SampledEntry]
    drawn_by: str

    @classmethod
    def of(cls, sample: AuditSample, _: Actor | None = None) -> AuditSampleOut:
        """The representation."""
        return cls(
            id=sample.id,
            version=sample.version,
            state=sample.state,
            plan=sample.plan,
            fund=sample.fund,
            from_day=sample.from_day,
            to_day=sample.to_day,
            seed=sample.seed,
            size=sample.size,
            population=sample.population.count,
            population_amount=money(sample.population.amount),
            population_digest=sample.population.digest,
            items=[SampledEntry(entry=x.entry, amount=money(x.amount), reasons=x.reasons) for x in sample.items],
            drawn_by=sample.drawn_by,
        )


class OpenFinding(Body):
    """A finding: what, how grave, who answers, until when."""

    sample: UUID | None = None
    entry: UUID | None = None
    severity: Severity
    code: CodeText
    statement: Prose
    responsible: CodeText
    due_on: date


class FindingStep(Body):
    """What is said with a step."""

    text: Prose


class FindingStepOut(Resource):
    """A step that was taken."""

    action: str
    by: str
    organisation: str
    on: date
    text: str


class FindingOut(Resource):
    """A finding; ``overdue`` when its day has passed and the audited still owe a correction."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    sample: UUID | None
    entry: UUID | None
    severity: str
    code: str
    statement: str
    responsible: str
    due_on: date
    overdue: bool
    opened_by: str
    steps: list[FindingStepOut]
    corrected_by: str | None
    verified_by: str | None
    closed_on: date | None

    @classmethod
    def of(cls, finding: AuditFinding, actor: Actor, today: date) -> FindingOut:
        """The representation on a day."""
        return cls(
            id=finding.id,
            version=finding.version,
            state=finding.state,
            allowed_actions=finding.allowed_actions(actor),
            sample=finding.sample,
            entry=finding.entry,
            severity=finding.severity,
            code=finding.code,
            statement=finding.statement,
            responsible=finding.responsible,
            due_on=finding.due_on,
            overdue=finding.overdue(today),
            opened_by=finding.opened_by,
            steps=[
                FindingStepOut(action=x.action, by=x.by, organisation=x.organisation, on=x.on, text=x.text)
                for x in finding.steps
            ],
            corrected_by=finding.corrected_by,
            verified_by=finding.verified_by,
            closed_on=finding.closed_on,
        )
