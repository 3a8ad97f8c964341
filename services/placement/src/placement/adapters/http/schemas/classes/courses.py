"""Classes, their roll, seats and timetable on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from placement.adapters.http.schemas.common import Codes, CodeText, HostPath, Line
from placement.domain.classes.short_class import SHORT_CLASS, ClassState, ShortClass
from placement.usecases.classes.announce_class import ClassText
from placement.usecases.classes.set_up import SessionText, UnitLine
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

DelegateNumber = Annotated[int, Field(ge=1, le=1_000_000)]
GroupNumber = Annotated[int, Field(ge=1, le=100)]
Province = Annotated[str, Field(pattern=r"^\d{2}$", examples=["11"])]


class ClassIn(Body):
    """A class to announce. ``organiser`` is an organisation path, ``session`` the session of selection."""

    programme: CodeText
    policy_version: CodeText
    batch: CodeText
    session: CodeText
    code: CodeText
    title_zh: Line
    title_en: Line
    organiser: CodeText
    host: HostPath
    starts_on: date
    ends_on: date
    registers_until: date

    def text(self) -> ClassText:
        """As the use case takes it."""
        return ClassText(**{name: getattr(self, name) for name in ClassText.__dataclass_fields__})


class ClassOut(Resource):
    """A class; ``group_seed`` is there once groups were dealt out."""

    id: UUID
    version: int
    state: ClassState
    allowed_actions: list[str]
    programme: str
    policy_version: str
    batch: str
    session: str
    code: str
    title_zh: str
    title_en: str
    organiser: str
    host: str
    host_province: str
    starts_on: date
    ends_on: date
    registers_until: date
    group_seed: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, course: ShortClass, actor: Actor) -> ClassOut:
        """The answer to a command."""
        members = {name: getattr(course, name) for name in cls.model_fields if hasattr(course, name)}
        return cls(**members | {"allowed_actions": course.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> ClassOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": SHORT_CLASS.allowed(ClassState(row.state), actor)})


class ClassUnitIn(Body):
    """A unit that is asked to send delegates (K-01)."""

    unit: CodeText
    category: CodeText
    province: Province

    def line(self) -> UnitLine:
        """As the use case takes it."""
        return UnitLine(unit=self.unit, category=self.category, province=self.province)


class ClassUnitOut(Resource):
    """A unit of the roll; ``registered`` counts its delegates, the waiting ones too."""

    id: UUID
    version: int
    unit: str
    category: str
    province: str
    most: int
    registered: int


class ClassQuotaIn(Body):
    """Seats of a category."""

    category: CodeText
    seats: Annotated[int, Field(ge=0, le=1_000_000)]


class ClassQuotaOut(Resource):
    """Seats of a category: asked units, seats, taken."""

    category: str
    units: int
    seats: int
    taken: int


class ClassQuotasOut(Resource):
    """The seats by unit category."""

    items: list[ClassQuotaOut]


class ClassSessionIn(Body):
    """A session by its number; ``dropped`` takes it off the timetable."""

    number: Annotated[int, Field(ge=1, le=1000)]
    kind: CodeText
    topic_zh: Line
    topic_en: Line
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    lecturers: Codes = Field(default_factory=list)
    breakout: GroupNumber | None = None
    dropped: bool = False

    def text(self) -> SessionText:
        """As the use case takes it."""
        members = {name: getattr(self, name) for name in SessionText.__dataclass_fields__}
        return SessionText(**members | {"lecturers": list(self.lecturers)})


class ClassSessionOut(Resource):
    """A session of the timetable."""

    id: UUID
    version: int
    number: int
    kind: str
    topic_zh: str
    topic_en: str
    starts_at: datetime
    ends_at: datetime
    lecturers: list[str]
    breakout: int | None
    dropped: bool


class ClassTimetableOut(Resource):
    """The timetable in order."""

    items: list[ClassSessionOut]


class ClassCount(Resource):
    """How many things were written."""

    count: int

    @classmethod
    def of(cls, things: list[Any], _: Actor) -> ClassCount:
        """The answer to a list."""
        return cls(count=len(things))
