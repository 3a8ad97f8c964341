"""Check-ins on the wire: codes of needs and days; no text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from placement.adapters.http.schemas.common import Account
from placement.domain.checkins.checkin import CHECKIN, Checkin, CheckinState
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

CheckinNeed = Literal["health", "housing", "workload", "travel", "study_support", "contact"]
CheckinNeeds = Annotated[list[CheckinNeed], Field(max_length=6)]


class CheckinAskIn(Body):
    """What one needs, uninvited."""

    participation: UUID
    needs: Annotated[CheckinNeeds, Field(min_length=1)]


class CheckinRespondIn(Body):
    """One's answer: ``needs`` with codes, ``well``, ``decline``; later ``withdraw`` or ``settle`` what was told."""

    answer: Literal["well", "needs", "decline", "withdraw", "settle"]
    needs: CheckinNeeds = []

    @model_validator(mode="after")
    def needs_go_with_their_answer(self) -> CheckinRespondIn:
        """Needs are told exactly with the answer ``needs``."""
        if bool(self.needs) != (self.answer == "needs"):
            raise ValueError("needs are told with the answer 'needs' and with no other")
        return self


class CheckinOut(Resource):
    """A check-in as the person, the mentor or the welfare contact sees it."""

    id: UUID
    version: int
    state: CheckinState
    allowed_actions: list[str]
    participation: UUID
    invited: bool
    opened_on: date
    needs: list[str]
    settled_on: date | None

    @classmethod
    def of(cls, checkin: Checkin, actor: Actor) -> CheckinOut:
        """The answer to a command."""
        members = {name: getattr(checkin, name) for name in cls.model_fields if hasattr(checkin, name)}
        allowed = checkin.allowed_actions(actor)
        return cls(**members | {"allowed_actions": allowed, "invited": checkin.number is not None})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> CheckinOut:
        """A row of the table."""
        allowed = CHECKIN.allowed(CheckinState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed, "invited": row.number is not None})


class CheckinContactIn(Body):
    """Who may be turned to besides the mentor."""

    account: Account


class CheckinContactOut(Resource):
    """A welfare contact."""

    id: UUID
    version: int
    host: str
    account: str
    named_on: date

    @classmethod
    def of(cls, contact: Any, _: Actor) -> CheckinContactOut:
        """The answer to a command."""
        return cls(**{name: getattr(contact, name) for name in cls.model_fields})


class CheckinContacts(Resource):
    """Contacts of now."""

    items: list[CheckinContactOut]
