"""Escalations: an overdue obligation was brought before a higher office, once for every step of the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.kernel.lifecycle import Aggregate


@dataclass(kw_only=True)
class Escalation(Aggregate):
    """A record: obligation ``obligation``, owed by ``owed_by`` since ``due_on``, was raised to ``office`` on a day."""

    obligation: UUID
    kind: str
    subject_kind: str
    subject: UUID
    participation: UUID | None
    session: str | None
    owed_by: str
    office: str
    step: int
    due_on: date
    raised_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """An obligation that a step of the policy now brings before an office."""

    obligation: UUID
    kind: str
    subject_kind: str
    subject: UUID
    participation: UUID | None
    session: str | None
    owed_by: str
    office: str
    step: int
    due_on: date
