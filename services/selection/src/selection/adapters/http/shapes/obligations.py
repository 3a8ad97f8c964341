"""What is due from whom: the representation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.http.resources import Resource


class DueOut(Resource):
    """Something that is due; codes and ids only.

    ``role`` owes it; ``account`` or ``organisation`` says which one, neither means any holder of the role. ``subject``
    is the id of the ``subject_kind`` that waits. ``escalated_to`` is the role above, once it is long overdue.
    """

    id: UUID
    kind: str
    role: str
    account: str | None
    organisation: str | None
    subject_kind: str
    subject: UUID
    session: UUID
    since: datetime
    due_on: date | None
    overdue: bool
    escalated_to: str | None

    @classmethod
    def of(cls, row: Any) -> DueOut:
        """The representation of a row."""
        return cls(
            id=row.id, kind=row.kind, role=row.role, account=row.account, organisation=row.unit or row.reviewer,
            subject_kind=row.subject_kind, subject=row.subject, session=row.session_id, since=row.updated_at,
            due_on=row.due_on, overdue=row.overdue, escalated_to=row.escalated_to,
        )  # fmt: skip
