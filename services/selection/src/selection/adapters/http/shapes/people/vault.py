"""The purpose register, openings, compositions, holds, retention: requests and representations."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selection.domain.people.composition import CompositionStatistic
from selection.domain.people.register import NOTICES, PURPOSES, RETENTION, SEPARATE_CONSENT
from selection.domain.people.rights import LegalHold
from selection.usecases.people.open_attribute import Opened
from selection.usecases.people.ports import Due
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class PurposeOut(Resource):
    """One row of the register."""

    attribute: str
    purpose: str
    readers: list[str]
    extent: str
    basis: str
    retention: str
    separate_consent: bool
    text_zh: str
    text_en: str


class NoticeOut(Resource):
    """What a person is told before they state an attribute."""

    attribute: str
    version: str
    text_zh: str
    text_en: str


class RetentionOut(Resource):
    """One row of the retention schedule."""

    code: str
    what: str
    after: str
    days: int
    basis: str


class RegisterOut(Resource):
    """What is handled for which purpose, what people are told, when it ends."""

    purposes: list[PurposeOut]
    notices: list[NoticeOut]
    retention: list[RetentionOut]


def register_out() -> RegisterOut:
    """The register as it stands in this version."""
    return RegisterOut(
        purposes=[
            PurposeOut(
                attribute=row.attribute, purpose=row.purpose, readers=sorted(row.readers), extent=row.extent,
                basis=row.basis, retention=row.retention, separate_consent=row.attribute in SEPARATE_CONSENT,
                text_zh=row.text_zh, text_en=row.text_en,
            )
            for row in PURPOSES
        ],
        notices=[
            NoticeOut(attribute=each.attribute, version=each.version, text_zh=each.text_zh, text_en=each.text_en)
            for each in NOTICES.values()
        ],
        retention=[
            RetentionOut(code=row.code, what=row.what, after=row.after, days=row.days, basis=row.basis)
            for row in RETENTION
        ],
    )  # fmt: skip


class OpeningBody(Body):
    """Which attribute of whose participation, and what for."""

    participations: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    attribute: Literal["phone", "email", "bank-account", "health-accommodation"]
    purpose: CodeText


class OpenedOut(Resource):
    """One value; null when the person has not stated it."""

    participation: UUID
    value: str | None


class OpeningsOut(Resource):
    """Values in the order asked for."""

    items: list[OpenedOut]

    @classmethod
    def of(cls, things: list[Opened], _: Actor) -> OpeningsOut:
        """The representation of opened values."""
        return cls(items=[OpenedOut(participation=each.participation, value=each.value) for each in things])


class CellOut(Resource):
    """One cell; ``count`` is null where it is suppressed."""

    code: str
    count: int | None


class CompositionOut(Resource):
    """What may be known of the composition of a session's first roster."""

    id: UUID
    version: int
    session: UUID
    policy_version: str
    rule: str
    k: int
    population: int
    declared: int | None
    share: Decimal | None
    wanted: int
    cells: list[CellOut]
    made_at: datetime

    @classmethod
    def of(cls, thing: CompositionStatistic, _: Actor) -> CompositionOut:
        """The representation of a statistic."""
        return cls(
            id=thing.id, version=thing.version, session=thing.session_id, policy_version=thing.policy_version,
            rule=thing.rule, k=thing.k, population=thing.population, declared=thing.declared, share=thing.share,
            wanted=thing.wanted, cells=[CellOut(code=each.code, count=each.count) for each in thing.cells],
            made_at=thing.made_at,
        )  # fmt: skip


class HoldBody(Body):
    """Whose data are to be kept, why and by which paper."""

    participation: UUID
    reason: Literal["litigation", "audit", "inspection"]
    document: CodeText


class HoldOut(Resource):
    """A legal hold."""

    id: UUID
    version: int
    participation: UUID
    reason: str
    document: str
    placed_at: datetime
    released_at: datetime | None

    @classmethod
    def of(cls, thing: LegalHold, _: Actor) -> HoldOut:
        """The representation of a hold."""
        return cls(
            id=thing.id, version=thing.version, participation=thing.participation, reason=thing.reason,
            document=thing.document, placed_at=thing.placed_at, released_at=thing.released_at,
        )  # fmt: skip


class RetentionDueOut(Resource):
    """Somebody who is due by a row of the schedule; an id only."""

    rule: str
    person: UUID


class DuesOut(Resource):
    """The dry run of the retention schedule."""

    items: list[RetentionDueOut]
    count: int

    @classmethod
    def of(cls, things: list[Due], _: Actor) -> DuesOut:
        """The representation of a dry run."""
        return cls(items=[RetentionDueOut(rule=each.rule, person=each.person) for each in things], count=len(things))


class KeysOut(Resource):
    """The service key that wraps now, and how many persons' keys each service key wraps."""

    current: str
    wrapped: dict[str, int]
