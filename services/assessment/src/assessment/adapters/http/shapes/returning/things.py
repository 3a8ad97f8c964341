"""How achievements, follow-ups and alumni links are sent and shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from assessment.domain.returning.achievement import Achievement, Evidence, Statement
from assessment.domain.returning.follow_up import FollowUp, Found
from assessment.domain.returning.link import AlumniLink
from shared.http.resources import AmountText, Body, CodeText, Line, Resource
from shared.kernel.actor import Actor
from shared.kernel.money import fen, yuan

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
Count = Annotated[int, Field(strict=True, ge=0, le=10000)]


class AchievementEvidence(Body):
    """A document: where it is kept and its SHA-256 in hex."""

    reference: CodeText
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Field(examples=["0" * 64])]


class AchievementBody(Body):
    """What is said of an achievement; ``kind`` and ``standing`` are codes of the programme."""

    kind: CodeText
    standing: CodeText
    title: Line
    achieved_on: date
    evidence: list[AchievementEvidence] = Field(min_length=1, max_length=20)
    owner: Literal["trainee", "sending_unit", "host", "shared", "none"]
    note: Note = ""

    @property
    def statement(self) -> Statement:
        """The statement for the use case."""
        evidence = tuple(Evidence(each.reference, each.sha256) for each in self.evidence)
        return Statement(self.kind, self.standing, self.title, self.achieved_on, evidence, self.owner, self.note)


class AchievementNewBody(AchievementBody):
    """A new achievement of one's own participation."""

    participation: UUID


class AchievementReturnBody(Body):
    """Why the evidence does not show it; a code."""

    reason: CodeText


class AchievementVerifyBody(Body):
    """Achievements that unit or region has seen the evidence of."""

    achievements: list[UUID] = Field(min_length=1, max_length=500)


class AchievementEvidenceOut(Resource):
    """A document and its hash."""

    reference: str
    sha256: str


class AchievementOut(Resource):
    """An achievement."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    programme: str
    session: str
    unit: str
    kind: str
    standing: str
    title: str
    achieved_on: date
    phase: Literal["during", "after"]
    evidence: list[AchievementEvidenceOut]
    owner: Literal["trainee", "sending_unit", "host", "shared", "none"]
    note: str
    recorded_on: date
    verified_on: date | None
    return_reason: str | None

    @classmethod
    def of(cls, thing: Achievement, actor: Actor, updated_at: datetime | None = None) -> AchievementOut:
        """Present an achievement; who recorded it is not offered to verify it."""
        barred = {"verify", "return"} if actor.subject == thing.recorded_by else set[str]()
        same = _same(cls, thing, actor, updated_at)
        same["allowed_actions"] = [action for action in same["allowed_actions"] if action not in barred]
        same["evidence"] = [AchievementEvidenceOut(reference=e.reference, sha256=e.sha256) for e in thing.evidence]
        return cls(**same)


class AchievementListOut(Resource):
    """The answer to a verification of many."""

    count: int
    items: list[AchievementOut]

    @classmethod
    def of(cls, things: Sequence[Achievement], actor: Actor) -> AchievementListOut:
        """Present what was verified."""
        return cls(count=len(things), items=[AchievementOut.of(thing, actor) for thing in things])


class FollowUpBody(Body):
    """What a follow-up found; ``funds`` in yuan as decimal string."""

    post: Literal["same", "promoted", "moved-within", "left-unit"]
    post_fits: Annotated[bool, Field(strict=True)] | None = None
    projects: Count
    funds: AmountText
    training_days: Count

    @property
    def found(self) -> Found:
        """The record for the use case."""
        return Found(self.post, self.post_fits, self.projects, fen(self.funds), self.training_days)


class FollowUpOut(Resource):
    """A follow-up; the record's members are null until there is one."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    programme: str
    session: str
    unit: str
    round: str
    due_on: date
    until: date
    recorded_on: date | None
    post: str | None
    post_fits: bool | None
    projects: int | None
    funds: str | None
    training_days: int | None

    @classmethod
    def of(cls, thing: FollowUp, actor: Actor, updated_at: datetime | None = None) -> FollowUpOut:
        """Present a follow-up."""
        found = thing.found
        shown = {name: getattr(found, name, None) for name in ("post", "post_fits", "projects", "training_days")}
        shown["funds"] = None if found is None else yuan(found.funds)
        return cls(**_same(cls, thing, actor, updated_at) | shown)


class AlumniLinkBody(Body):
    """A proposal to stay in touch; ``purpose`` is a code."""

    participation: UUID
    purpose: CodeText


class AlumniLinkOut(Resource):
    """An alumni link."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    programme: str
    session: str
    host: str
    purpose: str
    proposed_by: Literal["alumnus", "host"]
    proposed_on: date
    accepted_on: date | None
    ended_on: date | None
    ended_by: Literal["alumnus", "host"] | None

    @classmethod
    def of(cls, thing: AlumniLink, actor: Actor, updated_at: datetime | None = None) -> AlumniLinkOut:
        """Present a link."""
        return cls(**_same(cls, thing, actor, updated_at))


def _same(shape: type[Resource], thing: Any, actor: Actor, updated_at: datetime | None) -> dict[str, Any]:
    same = {name: getattr(thing, name) for name in shape.model_fields if hasattr(thing, name)}
    return same | {
        "state": str(thing.state), "allowed_actions": thing.allowed_actions(actor), "updated_at": updated_at,
    }  # fmt: skip
