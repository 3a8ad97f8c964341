"""Hosts, mentors and offers on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import Account, Codes, CodeText, HostPath, Line
from placement.domain.hosts import HOST, Host, HostState, HostType, Sector
from placement.domain.offers import OFFER, Offer, OfferState, Priority
from placement.usecases.hosts.register_hosts import Counts, HostEntry
from placement.usecases.hosts.register_mentors import MentorEntry
from placement.usecases.offers.open_offer import OfferText
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class HostIn(Body):
    """A line of the register of hosts."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$", examples=["H001"])]
    path: HostPath
    type: HostType
    province: Annotated[str, Field(pattern=r"^\d{2}$", description="GB/T 2260")]
    name_zh: Line
    name_en: Line
    sector: Sector
    specialty_groups: Codes
    specialties: Codes = []
    area: Annotated[str, Field(pattern=r"^\d{2,12}$", description="GB/T 2260, for pairings")] | None = None
    unit_class: CodeText | None = None
    coordinator: CodeText | None = Field(default=None, description="code of the office that answers, never a person")

    def entry(self) -> HostEntry:
        """As the use case takes it."""
        return HostEntry(**{name: getattr(self, name) for name in HostEntry.__dataclass_fields__})


class HostOut(Resource):
    """A host institution."""

    id: UUID
    version: int
    state: HostState
    allowed_actions: list[str]
    coordinator: str | None
    code: str
    path: str
    type: HostType
    province: str
    name_zh: str
    name_en: str
    sector: Sector
    specialty_groups: list[str]
    specialties: list[str]
    area: str | None
    unit_class: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, host: Host, actor: Actor) -> HostOut:
        """The answer to a command."""
        members = {name: getattr(host, name) for name in cls.model_fields if hasattr(host, name)}
        return cls(**members | {"allowed_actions": host.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> HostOut:
        """A row of the table."""
        members = {name: row._mapping[name] for name in cls.model_fields if name in row._mapping}
        return cls(**members | {"allowed_actions": HOST.allowed(HostState(row.state), actor)})


class MentorIn(Body):
    """A mentor of a host's register."""

    account: Account
    title_level: CodeText
    specialties: Codes = []
    load_limit: Annotated[int, Field(ge=1, le=50)]
    employed_from: date | None = None
    employed_until: date | None = None

    def entry(self) -> MentorEntry:
        """As the use case takes it."""
        return MentorEntry(**{name: getattr(self, name) for name in MentorEntry.__dataclass_fields__})


class MentorOut(Resource):
    """A mentor and how many trainees the mentor has."""

    id: UUID
    version: int
    account: str
    host: str
    title_level: str
    specialties: list[str]
    load_limit: int
    load: int
    employed_from: date | None = None
    employed_until: date | None = None
    updated_at: datetime


class CountsOut(Resource):
    """What a register update did."""

    count: int
    created: int
    changed: int
    unchanged: int

    @classmethod
    def of(cls, counts: Counts, _: Actor) -> CountsOut:
        """The answer."""
        return cls(count=counts.count, created=counts.created, changed=counts.changed, unchanged=counts.unchanged)


class OfferPriority(Body):
    """A group of people the host takes first: those whose ``by`` is one of ``codes``."""

    by: Literal["specialty", "title_level", "study_direction", "focus_area"]
    codes: Annotated[Codes, Field(min_length=1)]

    def taken(self) -> Priority:
        """As the domain takes it."""
        return Priority(by=self.by, codes=self.codes)


Priorities = Annotated[list[OfferPriority], Field(max_length=20, description="the first group foremost")]


class OfferIn(Body):
    """An offer of places; no ``specialties`` means the whole group."""

    host: HostPath
    programme: CodeText
    policy_version: CodeText
    session: CodeText
    specialty_group: CodeText
    specialties: Codes = []
    capacity: Annotated[int, Field(ge=1, le=1000)]
    priorities: Priorities = []

    def text(self) -> OfferText:
        """As the use case takes it."""
        members = {name: getattr(self, name) for name in OfferText.__dataclass_fields__}
        return OfferText(**members | {"priorities": [each.taken() for each in self.priorities]})


class OfferChange(Body):
    """More or fewer places."""

    capacity: Annotated[int, Field(ge=0, le=1000)]
    specialties: Codes | None = None
    priorities: Priorities | None = None


class OfferOut(Resource):
    """An offer; ``free`` places are those nobody has accepted."""

    id: UUID
    version: int
    state: OfferState
    allowed_actions: list[str]
    host: str
    programme: str
    policy_version: str
    session: str
    specialty_group: str
    specialties: list[str]
    priorities: list[OfferPriority]
    capacity: int
    accepted: int
    free: int
    updated_at: datetime | None = None

    @classmethod
    def of(cls, offer: Offer, actor: Actor) -> OfferOut:
        """The answer to a command."""
        members = {name: getattr(offer, name) for name in cls.model_fields if hasattr(offer, name)}
        members["priorities"] = [OfferPriority(by=each.by, codes=each.codes) for each in offer.priorities]
        return cls(**members | {"allowed_actions": offer.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> OfferOut:
        """A row of the table."""
        members = dict(row._mapping)
        members["allowed_actions"] = OFFER.allowed(OfferState(row.state), actor)
        return cls(**members | {"free": row.capacity - row.accepted})
