"""Inspections on the wire: codes and dates; no member speaks of a person and none takes free text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import CodeText, HostPath
from placement.adapters.http.schemas.year.groups import Sha256
from placement.domain.inspections.drawing import DRAW, DrawState, InspectionDraw
from placement.domain.inspections.inspection import INSPECTION, Inspection, InspectionAnswer, InspectionState
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

Severity = Literal["minor", "major", "severe"]


class InspectionDrawIn(Body):
    """Whose hosts are drawn from."""

    programme: CodeText
    session: CodeText


class InspectionPlanIn(InspectionDrawIn):
    """One inspection planned by hand."""

    host: HostPath
    planned_on: date


class InspectionDayIn(Body):
    """Another day."""

    planned_on: date


class InspectionConductedIn(Body):
    """The day it was carried out."""

    conducted_on: date


class InspectionFindingIn(Body):
    """What was found about the delivery of training: a code of the policy's list."""

    code: CodeText
    severity: Severity


class InspectionFindingsIn(Body):
    """Everything that was found."""

    items: Annotated[list[InspectionFindingIn], Field(min_length=1, max_length=100)]


class InspectionAnswerIn(Body):
    """What the host did about one finding: a code of the policy's list."""

    number: Annotated[int, Field(ge=1, le=100)]
    measure: CodeText
    done_on: date
    evidence_sha256: Sha256 | None = None

    def answer(self) -> InspectionAnswer:
        """For the use case."""
        return InspectionAnswer(
            number=self.number, measure=self.measure, done_on=self.done_on, evidence_sha256=self.evidence_sha256
        )


class InspectionAnswersIn(Body):
    """What the host did."""

    items: Annotated[list[InspectionAnswerIn], Field(min_length=1, max_length=100)]


class InspectionDemandIn(Body):
    """Findings about which not enough was done."""

    numbers: Annotated[set[int], Field(min_length=1, max_length=100)]


class InspectionFindingOut(Resource):
    """A finding and what was done about it."""

    number: int
    code: str
    severity: str
    due_on: date
    measure: str | None
    done_on: date | None
    evidence_sha256: str | None


class InspectionOut(Resource):
    """An inspection of one host."""

    id: UUID
    version: int
    state: InspectionState
    allowed_actions: list[str]
    region: str
    host: str
    programme: str
    session: str
    planned_on: date
    conducted_on: date | None
    closed_on: date | None
    due_on: date | None
    findings: list[InspectionFindingOut]
    updated_at: datetime | None = None

    @classmethod
    def of(cls, inspection: Inspection, actor: Actor) -> InspectionOut:
        """The answer to a command."""
        members = {name: getattr(inspection, name) for name in cls.model_fields if hasattr(inspection, name)}
        found = [InspectionFindingOut(**vars(each)) for each in inspection.findings]
        return cls(**members | {"allowed_actions": inspection.allowed_actions(actor), "findings": found})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> InspectionOut:
        """A row of the table."""
        allowed = INSPECTION.allowed(InspectionState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed})


class InspectionCandidateOut(Resource):
    """A host that could be drawn."""

    host: str
    days_since: int


class InspectionDrawnOut(Resource):
    """A host that was drawn."""

    host: str
    planned_on: date


class InspectionDrawOut(Resource):
    """A draw with everything it was made of."""

    id: UUID
    version: int
    state: DrawState
    allowed_actions: list[str]
    region: str
    programme: str
    session: str
    seed: str
    first_day: date
    last_day: date
    candidates: list[InspectionCandidateOut]
    drawn: list[InspectionDrawnOut]
    updated_at: datetime | None = None

    @classmethod
    def of(cls, draw: InspectionDraw, actor: Actor) -> InspectionDrawOut:
        """The answer to a command."""
        members = {name: getattr(draw, name) for name in cls.model_fields if hasattr(draw, name)}
        members["candidates"] = [InspectionCandidateOut(**vars(each)) for each in draw.candidates]
        members["drawn"] = [InspectionDrawnOut(**vars(each)) for each in draw.drawn]
        return cls(**members | {"allowed_actions": draw.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> InspectionDrawOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": DRAW.allowed(DrawState(row.state), actor)})
