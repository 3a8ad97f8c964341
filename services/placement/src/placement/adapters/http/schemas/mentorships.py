"""Mentorships on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from placement.adapters.http.schemas.common import Account
from placement.domain.mentorships import MENTORSHIP, MentorshipState
from placement.usecases.mentors.assign_mentors import Assignment
from placement.usecases.mentors.prepare_mentors import PreContact
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class AssignmentIn(Body):
    """A placement and the account of its mentor."""

    participation: UUID
    mentor: Account

    def assignment(self) -> Assignment:
        """As the use case takes it."""
        return Assignment(participation=self.participation, mentor=self.mentor)


class MentorshipRef(Body):
    """One mentorship."""

    mentorship: UUID


class PreContactIn(MentorshipRef):
    """The day mentor and trainee were first in touch."""

    contacted_on: date

    def contact(self) -> PreContact:
        """As the use case takes it."""
        return PreContact(mentorship=self.mentorship, contacted_on=self.contacted_on)


class MentorshipOut(Resource):
    """A mentor assigned to a placement; ``mentor`` is the entry in the register, ``account`` the mentor's account."""

    id: UUID
    version: int
    state: MentorshipState
    allowed_actions: list[str]
    participation: UUID
    host: str
    mentor: UUID
    account: str
    replaces: UUID | None
    contacted_on: date | None
    active_on: date | None
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    updated_at: datetime | None = None

    @classmethod
    def row(cls, row: Any, actor: Actor) -> MentorshipOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": MENTORSHIP.allowed(MentorshipState(row.state), actor)})
