"""Assignments, results and minutes of panels: requests and representations."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from selection.domain.panel.assignment import Member
from selection.domain.panel.deliberation import Deliberation, Opinion, PanelMinutes, PanelResult
from selection.domain.panel.panel import Panel, ScoreSheet
from selection.usecases.deliberating.assign_candidates import Assigned
from selection.usecases.deliberating.conclude_panel import Conclusion
from shared.http.resources import Body, CodeText, Prose, Resource
from shared.kernel.actor import Actor


class MemberBody(Body):
    """What the panel needs to know of an expert: their own unit, and the specialty groups they know (none means all)."""

    account: CodeText
    unit: CodeText | None = None
    specialty_groups: Annotated[list[CodeText], Field(max_length=100)] = []

    def member(self) -> Member:
        """The member of the domain."""
        return Member(self.account, self.unit, tuple(self.specialty_groups))


class ReplacementBody(Body):
    """Who leaves the panel, who takes the seat, why."""

    out: CodeText
    member: MemberBody
    reason: Prose


class DeliberationBody(Body):
    """What was said of one candidate; the note is needed where the sheets lie far apart."""

    application: UUID
    opinion: Opinion | None = None
    note: Prose | None = None


class ConclusionBody(Body):
    """The minutes: text, who was there (left out: whoever handed in a sheet), what was said of whom."""

    minutes: Prose | None = None
    attendance: Annotated[list[CodeText], Field(max_length=50)] | None = None
    deliberations: Annotated[list[DeliberationBody], Field(max_length=2000)] = []

    def conclusion(self) -> Conclusion:
        """The conclusion of the use case."""
        said = tuple(Deliberation(each.application, each.opinion, each.note) for each in self.deliberations)
        return Conclusion(self.minutes, None if self.attendance is None else tuple(self.attendance), said)


class AssignedOut(Resource):
    """The assignments of a panel: candidates by expert, and candidates with fewer experts than the policy wants."""

    panel: UUID
    version: int
    seed: str
    loads: dict[str, int]
    short: list[UUID]

    @classmethod
    def of(cls, thing: Assigned, _: Actor) -> AssignedOut:
        """The representation of the assignments."""
        panel: Panel = thing.panel
        return cls(panel=panel.id, version=panel.version, seed=panel.seed, loads=thing.loads, short=list(thing.short))


class GivenSheetOut(Resource):
    """A score sheet."""

    id: UUID
    version: int
    application: UUID
    expert: str
    scores: dict[str, int]
    total: Decimal
    comment: str | None

    @classmethod
    def of(cls, thing: ScoreSheet) -> GivenSheetOut:
        """The representation of a sheet."""
        return cls(
            id=thing.id, version=thing.version, application=thing.application_id, expert=thing.expert, scores=thing.scores,
            total=thing.total, comment=thing.comment,
        )  # fmt: skip


class PanelResultOut(Resource):
    """What a concluded panel keeps of one candidate: the mean of the sheets, and after calibration."""

    id: UUID
    application: UUID
    sheets: int
    raw_mean: Decimal
    calibrated_mean: Decimal
    spread: Decimal
    flagged: bool
    opinion: Opinion | None
    note: str | None

    @classmethod
    def of(cls, thing: PanelResult) -> PanelResultOut:
        """The representation of a result."""
        return cls(
            id=thing.id, application=thing.application_id, sheets=thing.sheets, raw_mean=thing.raw_mean,
            calibrated_mean=thing.calibrated_mean, spread=thing.spread, flagged=thing.flagged, opinion=thing.opinion,
            note=thing.note,
        )  # fmt: skip


class MinutesOut(Resource):
    """The minutes as signed off; ``sha256`` is of ``text`` in UTF-8, ``content`` the same read as JSON."""

    panel: UUID
    sha256: str
    signed_by: str
    signed_at: datetime
    text: str
    content: dict[str, Any]

    @classmethod
    def of(cls, thing: PanelMinutes) -> MinutesOut:
        """The representation of minutes."""
        return cls(
            panel=thing.panel_id, sha256=thing.sha256, signed_by=thing.signed_by, signed_at=thing.signed_at,
            text=thing.document, content=json.loads(thing.document),
        )  # fmt: skip
