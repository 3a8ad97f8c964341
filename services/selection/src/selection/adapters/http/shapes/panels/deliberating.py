"""Panels, score sheets, classification: requests and representations."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selection.adapters.http.shapes.panels.panels import MemberBody
from selection.domain.applying.application import Application
from selection.domain.panel.assignment import Member
from selection.domain.panel.panel import ConflictOfInterest, Panel, Replacement, ScoreSheet
from shared.http.resources import Body, CodeText, Line, Prose, Resource
from shared.kernel.actor import Actor


class PanelBody(Body):
    """A panel to convene; no specialty group means all."""

    session: UUID
    name: Line
    experts: Annotated[list[CodeText], Field(min_length=1, max_length=50)]
    specialty_groups: Annotated[list[CodeText], Field(max_length=100)] = []
    members: Annotated[list[MemberBody], Field(max_length=50)] = []
    chair: CodeText | None = None


class ConflictBody(Body):
    """A conflict of interest with one candidate."""

    application: UUID
    reason: Literal["employer", "family", "teacher", "co-author", "other"]


class ConflictsBody(Body):
    """Conflicts of interest of the calling expert."""

    items: Annotated[list[ConflictBody], Field(min_length=1, max_length=2000)]


Score = Annotated[int, Field(ge=0, le=100, strict=True)]


class SheetBody(Body):
    """Scores of one candidate by criterion, 0 to 100."""

    application: UUID
    scores: Annotated[dict[str, Score], Field(min_length=1, max_length=50)]
    comment: Prose | None = None


class SheetsBody(Body):
    """Score sheets of the calling expert; all or none."""

    items: Annotated[list[SheetBody], Field(min_length=1, max_length=2000)]


class ClassificationBody(Body):
    """The study direction of one candidate."""

    application: UUID
    study_direction: CodeText


class ClassificationsBody(Body):
    """Study directions; all or none."""

    items: Annotated[list[ClassificationBody], Field(min_length=1, max_length=2000)]


class CriterionOut(Resource):
    """A criterion with its weight in percent."""

    code: str
    weight: int


class PanelOut(Resource):
    """A panel."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    session: UUID
    name: str
    experts: list[str]
    specialty_groups: list[str]
    sheets_required: int
    criteria: list[CriterionOut]
    minutes: str | None
    concluded_count: int | None
    chair: str | None
    seed: str
    assigned: bool
    members: list[Member]
    replacements: list[Replacement]

    @classmethod
    def of(cls, thing: Panel, actor: Actor) -> PanelOut:
        """The representation of a panel."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            session=thing.session_id, name=thing.name, experts=thing.experts, specialty_groups=thing.specialty_groups,
            sheets_required=thing.sheets_required, minutes=thing.minutes, concluded_count=thing.concluded_count,
            chair=thing.chair, seed=thing.seed, assigned=thing.assigned, members=thing.members,
            replacements=thing.replacements,
            criteria=[CriterionOut(code=each.code, weight=each.weight) for each in thing.criteria],
        )  # fmt: skip


class CandidateOut(Resource):
    """What an expert sees of a candidate: no name, no account, no unit."""

    application: UUID
    title_level: str
    specialty: str
    specialty_group: str
    years_of_service: int
    grassroots_years: int
    origin_area: str
    focus_area: str | None
    scored: bool

    @classmethod
    def of(cls, thing: Application, scored: bool) -> CandidateOut:
        """The blind representation of an application."""
        form = thing.form
        return cls(
            application=thing.id, title_level=form.title_level, specialty=form.specialty,
            specialty_group=form.specialty_group, years_of_service=form.years_of_service,
            grassroots_years=form.grassroots_years, origin_area=thing.origin_area, focus_area=form.focus_area,
            scored=scored,
        )  # fmt: skip


class DeclaredOut(Resource):
    """A declared conflict."""

    application: UUID
    reason: str


class ConflictsOut(Resource):
    """Declared conflicts in the order of the request."""

    items: list[DeclaredOut]
    count: int

    @classmethod
    def of(cls, things: list[ConflictOfInterest], _: Actor) -> ConflictsOut:
        """The representation of declared conflicts."""
        items = [DeclaredOut(application=each.application_id, reason=each.reason) for each in things]
        return cls(items=items, count=len(items))


class SheetOut(Resource):
    """One kept sheet with its weighted total."""

    application: UUID
    total: Decimal


class SheetsOut(Resource):
    """Kept sheets in the order of the request."""

    items: list[SheetOut]
    count: int

    @classmethod
    def of(cls, things: list[ScoreSheet], _: Actor) -> SheetsOut:
        """The representation of kept sheets."""
        return cls(
            items=[SheetOut(application=each.application_id, total=each.total) for each in things], count=len(things)
        )
