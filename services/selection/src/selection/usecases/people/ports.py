"""What the use cases about people ask the database for beyond stores: sets, deletions, the whole of what is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from selection.domain.appeals.decisions import RosterTold
from selection.domain.appeals.explanation import CriterionMean
from selection.domain.applying.application import Application
from selection.domain.people.composition import CompositionStatistic
from selection.domain.people.person import Person
from selection.domain.people.register import Attribute
from selection.domain.people.vault_item import VaultItem


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody or something whose time is up, by a row of the retention schedule."""

    rule: str
    person: UUID


class People(Protocol):
    """Reads without locks and set-based deletions."""

    async def items(self, persons: Iterable[UUID], attribute: Attribute) -> dict[UUID, VaultItem]:
        """Person → the sealed item, of those who have it."""
        ...

    async def delete_items(self, person: UUID, attributes: Iterable[Attribute]) -> int:
        """Delete sealed attributes; how many there were."""
        ...

    async def persons(self, ids: Iterable[UUID]) -> list[Person]:
        """Persons by id, not locked."""
        ...

    async def known_by_index(self, indexes: Iterable[bytes]) -> Person | None:
        """The person with one of these blind indexes, not locked."""
        ...

    async def participations(self, person: UUID) -> list[Application]:
        """Everything the person applied for, not locked."""
        ...

    async def selected_people(self, session: UUID) -> list[UUID]:
        """Persons on the first version of the session's roster. Empty while none is fixed."""
        ...

    async def statistic(self, session: UUID) -> CompositionStatistic | None:
        """The session's composition, if it was counted."""
        ...

    async def roster_told(self, session: UUID) -> RosterTold | None:
        """What the session's fixed roster tells; None while none is fixed."""
        ...

    async def left_at(self, application: UUID) -> datetime | None:
        """When the application lost its place."""
        ...

    async def panel_means(self, application: UUID) -> list[CriterionMean]:
        """The panel's means by criterion; never a single expert."""
        ...

    async def wrapped_otherwise(self, key_id: str, limit: int) -> list[UUID]:
        """Persons whose key is wrapped by another service key."""
        ...

    async def holds(self, person: UUID) -> list[str]:
        """Why nothing of the person may be deleted now: codes of legal holds, ``appeal-open``, ``correction-open``."""
        ...

    async def due(self, today: date, rules: Mapping[str, int]) -> list[Due]:
        """Who is due by the schedule (code → days), holds left out; by person, then rule."""
        ...

    async def forget_reads(self, before: datetime) -> int:
        """Delete the log of reads before a moment; how many rows."""
        ...

    async def anonymise(self, person: UUID, account: str, placeholder: str) -> None:
        """Take account, birth date and free texts about a person out of every row that is kept."""
        ...

    async def everything(self, person: Person) -> dict[str, list[dict[str, Any]]]:
        """All that is held of a person besides sealed values: name of the kind → rows as JSON values."""
        ...
