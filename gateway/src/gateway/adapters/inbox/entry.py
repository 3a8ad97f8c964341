"""One thing that waits: the services' obligations in one form."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.adapters.inbox.acts import ACTS, subject_of

FAR = date.max


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that the caller owes.

    Attributes:
        id: the same for as long as the thing waits for the same side.
        link: where the thing is read, or None when it has no address of its own.
        count: how many things of the kind this entry stands for.
        allowed_actions: which of the thing's own actions answer it.
    """

    id: str
    service: str
    kind: str
    subject_kind: str
    subject: str
    owed_by: str
    participation: str | None
    session: str | None
    state: str | None
    detail: str | None
    due_on: date | None
    overdue: bool
    escalated_to: list[str] = field(default_factory=list)
    count: int = 1
    link: str | None = None
    allowed_actions: list[str] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in the list: the earliest first, what has no day last."""
        return (self.due_on or FAR).isoformat(), self.id


def entry_of(service: str, found: dict[str, Any]) -> Entry:
    """An obligation of a service as an entry.

    Raises:
        KeyError, ValueError: it lacks what every obligation has.
    """
    kind, subject = str(found["kind"]), str(found["subject"])
    owed_by = str(found.get("owed_by") or found["role"])
    subject_kind, path = subject_of(service, kind, found.get("subject_kind"))
    named = (service, kind, subject, owed_by, str(found.get("detail")), str(found.get("account")))
    overdue = found.get("overdue")
    escalated = found.get("escalated_to") or []
    return Entry(
        id=hashlib.sha256("\x1f".join(named).encode()).hexdigest()[:32],
        service=service,
        kind=kind,
        subject_kind=subject_kind,
        subject=subject,
        owed_by=owed_by,
        participation=found.get("participation"),
        session=found.get("session"),
        state=found.get("state"),
        detail=found.get("detail"),
        due_on=date.fromisoformat(found["due_on"]) if found.get("due_on") else None,
        overdue=found.get("urgency") == "overdue" if overdue is None else bool(overdue),
        escalated_to=[escalated] if isinstance(escalated, str) else list(escalated),
        count=int(found.get("count", 1)),
        link=found.get("link") or (f"/v1/{service}/{path}/{subject}" if path else None),
        allowed_actions=list(ACTS.get((service, kind), ())),
    )
