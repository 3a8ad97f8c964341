"""Shapes of freezes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from funding.domain.freezing.freeze import Freeze, FreezeKind
from shared.http.resources import Body, CodeText, Prose, Resource
from shared.kernel.actor import Actor


class FreezeBody(Body):
    """What is stopped and why; ``subject`` is its id, for a payee its path."""

    kind: FreezeKind
    subject: CodeText
    reason: Prose


class FreezeOut(Resource):
    """A freeze, and its end where it has one."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    kind: FreezeKind
    subject: str
    reason: str
    frozen_by: str
    frozen_on: date
    thawed_by: str | None
    thawed_on: date | None
    thaw_reason: str | None

    @classmethod
    def of(cls, each: Freeze, actor: Actor) -> FreezeOut:
        """The representation."""
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            allowed_actions=each.allowed_actions(actor),
            kind=each.kind,
            subject=each.subject,
            reason=each.reason,
            frozen_by=each.frozen_by,
            frozen_on=each.frozen_on,
            thawed_by=each.thawed_by,
            thawed_on=each.thawed_on,
            thaw_reason=each.thaw_reason,
        )
