"""Delegates, groups, calls, materials and questions on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.classes.courses import DelegateNumber, GroupNumber
from placement.adapters.http.schemas.common import Account, CodeText, Line, Prose
from placement.domain.classes.attendance import ClassAttendance
from placement.domain.classes.questions import CLASS_QUESTION, ClassQuestionState, CountPrecision
from placement.domain.classes.seats import CLASS_SEAT, ClassSeat, ClassSeatState
from placement.usecases.classes.ask_questions import QuestionText
from placement.usecases.classes.distribute import MaterialText
from placement.usecases.classes.register_delegates import Delegate
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

Numbers = Annotated[list[DelegateNumber], Field(min_length=1, max_length=1000)]


class ClassDelegateIn(Body):
    """A delegate of a unit; ``wait`` false refuses instead of queueing when the category is full."""

    unit: CodeText
    account: Account
    wait: bool = True

    def delegate(self) -> Delegate:
        """As the use case takes it."""
        return Delegate(unit=self.unit, account=self.account, wait=self.wait)


class ClassEnrolIn(Body):
    """Participations of selection; without the list all who have no seat yet."""

    participations: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None


class ClassSeatOut(Resource):
    """A delegate: on a seat or waiting. ``evaluated`` says that the form was answered, never how."""

    id: UUID
    version: int
    state: ClassSeatState
    allowed_actions: list[str]
    class_id: UUID
    number: int
    category: str
    unit: str
    province: str
    account: str
    participation: UUID | None
    breakout: int | None
    evaluated: bool
    seated_on: date | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, seat: ClassSeat, actor: Actor) -> ClassSeatOut:
        """The answer to a command."""
        members = {name: getattr(seat, name) for name in cls.model_fields if hasattr(seat, name)}
        return cls(**members | {"allowed_actions": seat.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> ClassSeatOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": CLASS_SEAT.allowed(ClassSeatState(row.state), actor)})


class ClassSeedIn(Body):
    """The seed of the groups: the same seed gives the same groups."""

    seed: Line


class ClassMoveIn(Body):
    """A delegate to another group."""

    number: DelegateNumber
    breakout: GroupNumber


class ClassMarkIn(Body):
    """The mark of a delegate."""

    number: DelegateNumber
    mark: ClassAttendance


class ClassCallIn(Body):
    """The call of a session; ``rest`` is the mark of all who are not named."""

    items: Annotated[list[ClassMarkIn], Field(max_length=1000)]
    rest: ClassAttendance | None = None


class ClassMaterialIn(Body):
    """A material; ``reference`` says where the document is kept."""

    code: CodeText
    title_zh: Line
    title_en: Line
    reference: Line

    def text(self) -> MaterialText:
        """As the use case takes it."""
        return MaterialText(
            code=self.code, title_zh=self.title_zh, title_en=self.title_en, reference=self.reference
        )  # fmt: skip


class ClassMaterialOut(Resource):
    """A material and to how many delegates it was given."""

    id: UUID
    version: int
    code: str
    title_zh: str
    title_en: str
    reference: str
    handed: int = 0

    @classmethod
    def of(cls, material: Any, _: Actor) -> ClassMaterialOut:
        """The answer to a command."""
        return cls(**{name: getattr(material, name) for name in cls.model_fields if hasattr(material, name)})


class ClassMaterialsOut(Resource):
    """All materials of a class."""

    items: list[ClassMaterialOut]


class ClassDistributionIn(Body):
    """Who was given a material; without ``numbers`` everyone who has not been given it."""

    handed_on: date
    numbers: Numbers | None = None


class ClassQuestionIn(Body):
    """A question; it may stand for several on one topic: ``count`` and how sure that is."""

    topic: CodeText
    text: Prose
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    precision: CountPrecision = CountPrecision.EXACT
    number: DelegateNumber | None = None

    def question(self) -> QuestionText:
        """As the use case takes it."""
        return QuestionText(**{name: getattr(self, name) for name in QuestionText.__dataclass_fields__})


class ClassQuestionDecisionIn(Body):
    """What becomes of a question; ``answer`` needs a text."""

    question: UUID
    decision: Literal["answer", "follow-up", "close"]
    text: Prose | None = None


class ClassQuestionOut(Resource):
    """A question of the register."""

    id: UUID
    version: int
    state: ClassQuestionState
    allowed_actions: list[str]
    number: int
    phase: str
    topic: str
    text: str
    count: int
    precision: CountPrecision
    unit: str | None
    due_on: date
    answer_text: str | None
    answered_on: date | None
    updated_at: datetime | None = None

    @classmethod
    def row(cls, row: Any, actor: Actor) -> ClassQuestionOut:
        """A row of the table."""
        return cls(
            **dict(row._mapping) | {"allowed_actions": CLASS_QUESTION.allowed(ClassQuestionState(row.state), actor)}
        )


class ClassFormIn(Body):
    """The evaluation form: a score for each dimension of the policy (K-09)."""

    scores: Annotated[dict[CodeText, Annotated[int, Field(ge=1, le=10)]], Field(min_length=1, max_length=50)]


class ClassFormOut(Resource):
    """That the answers were counted; what they were is not kept."""

    counted: bool = True
