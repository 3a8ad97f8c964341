"""What a person states, asks and sees about themselves: requests and representations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from selection.domain.people.person import Person
from selection.domain.people.register import NOTICES
from selection.domain.people.rights import Correction
from selection.domain.people.vault_item import Consent, VaultItem, VaultRead
from selection.usecases.people.correct_person import WantedPerson
from selection.usecases.people.export_person import Export
from shared.http.resources import Body, CodeText, Line, Prose, Resource
from shared.kernel.actor import Actor


class DeclarationBody(Body):
    """One value, with the version of the notice that was read."""

    value: Annotated[str, Field(min_length=1, max_length=1000)]
    notice_version: CodeText


class DeclarationOut(Resource):
    """That something was stated; never the value."""

    attribute: str
    consent: UUID | None
    notice_version: str
    stated_at: datetime | None

    @classmethod
    def of(cls, thing: VaultItem, _: Actor) -> DeclarationOut:
        """The representation of a statement."""
        return cls(
            attribute=thing.attribute, consent=thing.consent_id, notice_version=NOTICES[thing.attribute].version,
            stated_at=thing.stated_at,
        )  # fmt: skip


class WithdrawnOut(Resource):
    """That a statement and its consent were taken back."""

    attribute: str


class StatedOut(Resource):
    """An attribute that is held sealed."""

    attribute: str
    stated_at: datetime


class PersonOut(Resource):
    """The caller's own person; what is sealed is named, not shown."""

    id: UUID
    version: int
    name_zh: str
    name_bo: str | None
    name_latin: str | None
    birth_date: date
    held: list[StatedOut]

    @classmethod
    def of(cls, thing: Person, held: list[VaultItem]) -> PersonOut:
        """The representation of a person."""
        return cls(
            id=thing.id, version=thing.version, name_zh=thing.name_zh, name_bo=thing.name_bo, name_latin=thing.name_latin,
            birth_date=thing.birth_date,
            held=[StatedOut(attribute=each.attribute, stated_at=each.stated_at) for each in held],
        )  # fmt: skip


class ConsentOut(Resource):
    """A consent, standing or withdrawn."""

    id: UUID
    attribute: str
    purposes: list[str]
    notice_version: str
    given_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, thing: Consent) -> ConsentOut:
        """The representation of a consent."""
        return cls(
            id=thing.id, attribute=thing.attribute, purposes=thing.purposes, notice_version=thing.notice_version,
            given_at=thing.given_at, withdrawn_at=thing.withdrawn_at,
        )  # fmt: skip


class ConsentsOut(Resource):
    """All consents of a person."""

    items: list[ConsentOut]


class ReadOut(Resource):
    """One read of the person's data."""

    id: UUID
    participation: UUID | None
    attribute: str
    extent: str
    purpose: str
    reader: str
    reader_organisation: str
    read_at: datetime

    @classmethod
    def of(cls, thing: VaultRead) -> ReadOut:
        """The representation of a read."""
        return cls(
            id=thing.id, participation=thing.participation, attribute=thing.attribute, extent=thing.extent,
            purpose=thing.purpose, reader=thing.reader, reader_organisation=thing.reader_organisation,
            read_at=thing.read_at,
        )  # fmt: skip


class ExportOut(Resource):
    """All that is held of a person, as data and as text."""

    person: dict[str, Any]
    attributes: dict[str, str]
    notices: dict[str, str]
    held: dict[str, list[dict[str, Any]]]
    readable: str

    @classmethod
    def of(cls, thing: Export, actor: Actor) -> ExportOut:
        """The representation of an export, the text in the caller's language."""
        person = thing.person
        return cls(
            person={
                "id": str(person.id), "account": person.account, "name_zh": person.name_zh, "name_bo": person.name_bo,
                "name_latin": person.name_latin, "birth_date": person.birth_date.isoformat(),
            },
            attributes=thing.attributes, notices=thing.notices, held=thing.held,
            readable=thing.readable(actor.locale.startswith("zh")),
        )  # fmt: skip


class ErasedOut(Resource):
    """That the key of a person was destroyed."""

    id: UUID
    version: int
    erased_at: datetime | None

    @classmethod
    def of(cls, thing: Person, _: Actor) -> ErasedOut:
        """The representation of an erased person."""
        return cls(id=thing.id, version=thing.version, erased_at=thing.erased_at)


class CorrectionRequestBody(Body):
    """What is right; what is left out stays. Identity number and birth date go together."""

    name_zh: Line | None = None
    name_bo: Line | None = None
    name_latin: Line | None = None
    birth_date: date | None = None
    identity_number: Annotated[str, Field(min_length=1, max_length=40)] | None = None

    def wanted(self) -> WantedPerson:
        """What the use case takes."""
        return WantedPerson(self.name_zh, self.name_bo, self.name_latin, self.birth_date, self.identity_number)


class RefusalBody(Body):
    """Why a request is refused."""

    reason: Prose


class CorrectionOut(Resource):
    """A request for correction; names of members, never values."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    members: list[str]
    filed_at: datetime
    due_by: date
    reason: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, thing: Correction, actor: Actor) -> CorrectionOut:
        """The representation of a request."""
        return cls(**_correction(thing, actor))


class CorrectionDetail(CorrectionOut):
    """A request with the values asked for; reading it leaves an entry in the person's log."""

    wanted: dict[str, str]

    @classmethod
    def read(cls, found: tuple[Correction, dict[str, str]], actor: Actor) -> CorrectionDetail:
        """The representation of a request with its values."""
        return cls(**_correction(found[0], actor), wanted=found[1])


def _correction(thing: Correction, actor: Actor) -> dict[str, Any]:
    return {
        "id": thing.id, "version": thing.version, "state": thing.state, "allowed_actions": thing.allowed_actions(actor),
        "members": thing.members, "filed_at": thing.filed_at, "due_by": thing.due_by, "reason": thing.reason,
        "decided_at": thing.decided_at,
    }  # fmt: skip
