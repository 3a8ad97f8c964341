"""The event contract: a payload of ids and codes, its type name, and the registry of all of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
"""A code of a code list or an organisation path; never free text."""

Amount = Annotated[str, StringConstraints(pattern=r"^-?\d{1,15}\.\d{2}$")]
Day = date

REGISTRY: dict[str, type[Event]] = {}
"""Every published event by its full type name (``cn.talent.selection.selected.v1``)."""


class Money(BaseModel):
    """An amount as decimal string of yuan with two decimals, and its ISO 4217 currency."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    amount: Amount
    currency: Literal["CNY"] = "CNY"


class Event(BaseModel):
    """A published fact. Subclasses name their service, event and version and register themselves.

    Consumers ignore unknown members, so that optional members may be added; anything else is a new version.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str] = ""
    event: ClassVar[str] = ""
    major: ClassVar[int] = 1
    subject_member: ClassVar[str] = "participation"
    aggregate: ClassVar[str] = "participation"

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.event:
            REGISTRY[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type, ``cn.talent.<service>.<event>.v<major>``."""
        return f"cn.talent.{cls.service}.{cls.event}.v{cls.major}"

    @property
    def subject(self) -> UUID:
        """The id that orders this event: the participation, or the aggregate's own id."""
        value: UUID = getattr(self, self.subject_member)
        return value


def topic_of(service: str) -> str:
    """The one topic a service writes."""
    return f"{service}.events.v1"
