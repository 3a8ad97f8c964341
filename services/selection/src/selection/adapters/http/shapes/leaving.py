"""Vacated places and who is asked: requests and representations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from selection.domain.roster.vacancy import Offer, Vacancy
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor, Role

_WATCHERS = (Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR)


class DeselectionBody(Body):
    """A person to take off a roster in force, with a reason code of the policy."""

    application: UUID
    reason: CodeText


class VacancyOut(Resource):
    """A vacated place; ``offers`` and ``cause`` are for the selecting authority, whoever is asked sees the own offer."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    session: UUID
    roster: UUID
    roster_version: int
    vacated_at: datetime
    answer_by: datetime | None
    offered_to: UUID | None
    application: UUID | None
    cause: str | None
    stage: str | None
    promoted: UUID | None
    offers: list[Offer]

    @classmethod
    def of(cls, thing: Vacancy, actor: Actor) -> VacancyOut:
        """The representation of a vacancy for one reader."""
        watches = actor.has(*_WATCHERS)
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            session=thing.session_id, roster=thing.roster_id, roster_version=thing.roster_version,
            vacated_at=thing.vacated_at, answer_by=thing.answer_by if watches or thing.offered_to else None,
            offered_to=thing.offered_to if watches else None, application=thing.participation if watches else None,
            cause=thing.cause if watches else None, stage=thing.stage if watches else None,
            promoted=thing.promoted if watches else None, offers=thing.offers if watches else [],
        )  # fmt: skip
