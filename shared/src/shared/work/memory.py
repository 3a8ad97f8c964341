"""The unit of work in memory, for unit tests of use cases: same words, no I/O."""

from __future__ import annotations

import builtins
import pickle
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from shared.kernel.actor import Actor, Facets
from shared.kernel.ids import id_source
from shared.kernel.refusals import NotFound, StaleVersion
from shared.work.policy import PolicyTable
from shared.work.unit import PLACE

T = TypeVar("T")


class MemoryStore(Generic[T]):
    """Implements ``shared.kernel.work.Store`` on a dictionary."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work
        self.things: dict[UUID, T] = {}

    async def get(self, id: UUID, *, target: bool = False) -> T:
        """See ``Store.get``."""
        if id not in self.things:
            raise NotFound("not-found", "There is no such thing.", ids=[str(id)])
        thing = self.things[id]
        if target:
            self._work.meet(cast(Any, thing).version)
        return thing

    async def get_many(self, ids: Iterable[UUID]) -> builtins.list[T]:
        """See ``Store.get_many``."""
        wanted = list(ids)
        missing = [str(id) for id in wanted if id not in self.things]
        if missing:
            raise NotFound("not-found", "There are no such things.", ids=missing)
        return [self.things[id] for id in wanted]

    async def find(self, **equal: Any) -> T | None:
        """See ``Store.find``."""
        found = await self.list(**equal)
        if len(found) > 1:
            raise LookupError("more than one thing")
        return found[0] if found else None

    async def list(self, *, order: str = "id", **equal: Any) -> builtins.list[T]:
        """See ``Store.list``."""
        found = [thing for thing in self.things.values() if all(_fits(thing, *item) for item in equal.items())]
        return sorted(found, key=lambda thing: (getattr(thing, order), cast(Any, thing).id))

    async def count(self, **equal: Any) -> int:
        """See ``Store.count``."""
        return len(await self.list(**equal))

    def add(self, thing: T) -> None:
        """See ``Store.add``."""
        self.things[cast(Any, thing).id] = thing


def _fits(thing: object, name: str, wanted: object) -> bool:
    value = getattr(thing, name)
    return value in wanted if isinstance(wanted, (list, tuple, set, frozenset)) else value == wanted


class MemoryWork:
    """Implements ``shared.kernel.work.Work``; subclasses name their stores. ``announced`` holds the facts in order.

    As a context manager it rolls back on an error, like the real one.
    """

    def __init__(
        self, actor: Actor, now: datetime | None = None, *, action: str | None = None, policy: PolicyTable | None = None
    ) -> None:
        self.actor = actor
        self.now = now or datetime(2024, 3, 1, 4, tzinfo=UTC)
        self.if_match: int | None = None
        self.announced: list[object] = []
        self.notes: list[tuple[str, str, str, dict[str, Any]]] = []
        self._action, self._policy = action, policy
        self._decided = False
        self._stale: StaleVersion | None = None
        self._draw = id_source("memory")
        self._stores: list[MemoryStore[Any]] = []
        self._saved = b""

    def store(self, _kind: type[T]) -> MemoryStore[T]:
        """An empty store of one kind of thing."""
        store = MemoryStore[T](self)
        self._stores.append(store)
        return store

    @property
    def today(self) -> date:
        """See ``Work.today``."""
        return self.now.astimezone(PLACE).date()

    def new_id(self) -> UUID:
        """See ``Work.new_id``."""
        return self._draw(self.now)

    def announce(self, *facts: object) -> None:
        """See ``Work.announce``."""
        self.announced.extend(facts)

    def authorise(self, facets: Facets) -> None:
        """See ``Work.authorise``."""
        if self._action is not None and self._policy is not None:
            self._policy.decide(self._action, self.actor, facets)
        self._decided = True
        if self._stale is not None:
            raise self._stale

    def meet(self, version: int) -> None:
        """See ``UnitOfWork.meet``."""
        if self.if_match is None or version == self.if_match:
            return
        self._stale = StaleVersion("stale-version", "The resource has changed since you read it; read it again.")
        if self._decided or self._action is None:
            raise self._stale

    def note(self, action: str, object_type: str, object_id: str, **details: Any) -> None:
        """See ``Work.note``."""
        self.notes.append((action, object_type, object_id, details))

    async def __aenter__(self) -> MemoryWork:
        self._saved = pickle.dumps([store.things for store in self._stores])  # many times faster than a deep copy
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            saved_things = pickle.loads(self._saved)  # noqa: S301 - made above
            for store, saved in zip(self._stores, saved_things, strict=True):
                store.things = saved
            self.announced.clear()
