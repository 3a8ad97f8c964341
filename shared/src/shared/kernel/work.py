"""The unit of work and its stores as ports: what a use case may ask for."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets

T = TypeVar("T")


class Store(Protocol[T]):
    """The things of one kind, each with an id and a version, held for change while the unit of work is open."""

    async def get(self, id: UUID, *, target: bool = False) -> T:
        """The thing, locked.

        Args:
            id: its id.
            target: True for the resource that the request names, so that ``If-Match`` is checked against it.

        Raises:
            NotFound: ``not-found``.
            StaleVersion: ``stale-version`` when ``If-Match`` names another version; for a caller about whom nothing is
                decided yet only from ``Work.authorise``.
        """
        ...

    async def get_many(self, ids: Iterable[UUID]) -> builtins.list[T]:
        """The things in the order of ``ids``, locked in id order; ``NotFound`` names all that are missing."""
        ...

    async def find(self, **equal: Any) -> T | None:
        """The one thing whose members equal ``equal``, locked, or None."""
        ...

    async def list(self, *, order: str = "id", **equal: Any) -> builtins.list[T]:
        """All things whose members equal ``equal`` (a list, tuple or set means "one of"), locked, ordered."""
        ...

    async def count(self, **equal: Any) -> int:
        """How many things equal ``equal``, without loading or locking them."""
        ...

    def add(self, thing: T) -> None:
        """Keep a new thing; it is written when the unit of work is left."""
        ...


class Work(Protocol):
    """One transaction: state, outbox, audit and idempotency record are committed together or not at all."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The calendar day of ``now`` where the programme runs (Asia/Shanghai)."""
        ...

    def new_id(self) -> UUID:
        """A UUIDv7, a function of the command when the command carries an idempotency key."""
        ...

    def announce(self, *facts: object) -> None:
        """State what happened; the service's publishing table decides what of it the world hears."""
        ...

    def authorise(self, facets: Facets) -> None:
        """Decide the action of this unit against the thing at hand.

        Raises:
            NotFound: the caller may not see the thing.
            Forbidden: the caller sees it but may not do this.
            StaleVersion: the caller may, but saw another version of the resource that the request names.
        """
        ...

    def note(self, action: str, object_type: str, object_id: str, **details: Any) -> None:
        """Write an entry of the audit trail besides the one that every command leaves."""
        ...
