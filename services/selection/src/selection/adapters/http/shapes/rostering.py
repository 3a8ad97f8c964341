"""Balancing runs, rosters, editions, names for other services: requests and representations."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from selection.domain.roster.document import RosterEdition
from selection.domain.roster.roster import Filing, Roster
from selection.usecases.look_up_persons import PersonName
from shared.http.resources import Body, Line, Prose, Resource
from shared.kernel.actor import Actor


class SwapBody(Body):
    """One change to the proposal, with its reason."""

    out: UUID
    into: Annotated[UUID, Field(alias="in")]
    reason: Prose


class ConfirmationBody(Body):
    """The person's word on a proposal."""

    swaps: Annotated[list[SwapBody], Field(max_length=500)] = []


class ReceiptBody(Body):
    """The ministry's receipt number."""

    receipt: Line


class EntryOut(Resource):
    """One line of a roster."""

    application: UUID
    outcome: str
    position: int
    score: Decimal
    study_direction: str | None
    unit: str


class RosterOut(Resource):
    """A roster; ``roster_version`` counts its editions, ``version`` its changes."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    session: UUID
    session_code: str
    programme: str
    batch: str
    policy_version: str
    run: UUID
    roster_version: int
    sha256: str | None
    selected_count: int
    reserve_count: int
    entries: list[EntryOut]
    swaps: list[dict[str, Any]]
    score_lost: Decimal
    filings: list[Filing]
    receipt: str | None
    filed_at: datetime | None
    fixed_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, thing: Roster, actor: Actor) -> RosterOut:
        """The representation of a roster."""
        last = thing.filings[-1] if thing.filings else None
        entries = [
            EntryOut(
                application=entry.application, outcome=entry.standing, position=entry.position, score=entry.score,
                study_direction=entry.study_direction, unit=entry.unit,
            )
            for entry in thing.entries
        ]  # fmt: skip
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            session=thing.session_id, session_code=thing.session, programme=thing.programme, batch=thing.batch,
            policy_version=thing.policy_version, run=thing.run_id, roster_version=thing.roster_version,
            sha256=thing.sha256, selected_count=len(thing.selected), reserve_count=len(thing.reserve), entries=entries,
            swaps=[asdict(swap) for swap in thing.swaps],
            score_lost=sum((swap.score_loss for swap in thing.swaps), Decimal(0)), filings=thing.filings, receipt=last.receipt if last else None,
            filed_at=last.filed_at if last else None, fixed_at=thing.fixed_at, reason=thing.reason,
        )  # fmt: skip


class EditionOut(Resource):
    """One version of a roster as the document that is filed; ``sha256`` is of ``document`` in UTF-8."""

    roster: UUID
    number: int
    sha256: str
    cause: str
    made_at: datetime
    document: str

    @classmethod
    def of(cls, thing: RosterEdition) -> EditionOut:
        """The representation of an edition."""
        return cls(
            roster=thing.roster_id, number=thing.number, sha256=thing.sha256, cause=thing.cause, made_at=thing.made_at,
            document=thing.document,
        )  # fmt: skip


class LookupBody(Body):
    """Participations whose names another service must print, and what for."""

    participations: Annotated[list[UUID], Field(min_length=1, max_length=1000)]
    purpose: Line | None = None
    with_identity_tail: bool = False


class PersonNameOut(Resource):
    """Names of one person; the tail of the identity number only when asked for."""

    participation: UUID
    name_zh: str
    name_bo: str | None
    name_latin: str | None
    identity_tail: str | None


class LookupOut(Resource):
    """Names in the order asked for."""

    items: list[PersonNameOut]

    @classmethod
    def of(cls, things: list[PersonName], _: Actor) -> LookupOut:
        """The representation of looked-up names."""
        return cls(items=[PersonNameOut(**asdict(each)) for each in things])
