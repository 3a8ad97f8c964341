"""The unit of work: leaving the block commits state, outbox, audit and idempotency record together; an error rolls back."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.contracts.event import Event
from shared.kernel.actor import Actor, Facets, Relation
from shared.kernel.clock import Clock
from shared.kernel.ids import id_source
from shared.kernel.refusals import Conflict, StaleVersion
from shared.telemetry.surroundings import surroundings
from shared.work import metrics, record
from shared.work.mapping import Mapping as RowMapping
from shared.work.policy import PolicyTable
from shared.work.record import Claim, StoredResponse
from shared.work.store import SqlStore

T = TypeVar("T")
PLACE = ZoneInfo("Asia/Shanghai")

_mappings: dict[tuple[type, Table], RowMapping[Any]] = {}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds one unit of work.

    Attributes:
        actor: who acts.
        action: the policy action, or None for what the service does by itself.
        policy: the service's table, needed when ``action`` is given.
        seed: makes ids a function of the command; None draws them at random.
        if_match: version the caller saw, from ``If-Match``.
        claim: idempotency claim of the request.
        trace: W3C traceparent of the request.
        causation: id of the event that caused this.
    """

    actor: Actor
    action: str | None = None
    policy: PolicyTable | None = None
    seed: str | None = None
    if_match: int | None = None
    claim: Claim | None = None
    trace: str | None = None
    causation: str | None = None


class UnitOfWork:
    """Implements ``shared.kernel.work.Work``; each service subclasses it, names its stores and its publishing table.

    Class attributes:
        service: name of the service, the source of its events.
        constraints: database constraint name → (code, detail) of the ``Conflict`` it means.
    """

    service: ClassVar[str]
    constraints: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self, engine: AsyncEngine, clock: Clock, circumstances: Circumstances) -> None:
        self._engine = engine
        self._circumstances = circumstances
        self._stack = AsyncExitStack()
        self._stores: list[SqlStore[Any]] = []
        self._facts: list[tuple[object, UUID, str | None]] = []
        self._told: list[tuple[Event, UUID, str | None]] | None = None
        self._notes: list[dict[str, Any]] = []
        self._decided = circumstances.action is None
        self._stale: StaleVersion | None = None
        self._response: StoredResponse | None = None
        self._replayed = False
        self._connection: AsyncConnection | None = None
        self.actor = circumstances.actor
        self.if_match = circumstances.if_match
        self.now: datetime = clock.now()
        self._draw = id_source(circumstances.seed)
        self._causation = circumstances.causation
        self._correlations: dict[str, str] = {}
        self._began = 0.0
        self._label: str = getattr(type(self), "service", "none")

    @staticmethod
    def translate(fact: Any) -> Event | None:
        """The published form of a fact; a service sets ``translate = staticmethod(publish)``."""
        raise LookupError(f"nothing says how to publish {type(fact).__name__}")

    def store(self, kind: type[T], table: Table) -> SqlStore[T]:
        """A store of ``kind`` over ``table``, flushed with the unit."""
        mapping = _mappings.get((kind, table)) or _mappings.setdefault((kind, table), RowMapping(kind, table))
        store = SqlStore[T](self, mapping)
        self._stores.append(store)
        return store

    @property
    def connection(self) -> AsyncConnection:
        """The open connection, for set-based statements of the adapters."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open")
        return self._connection

    @property
    def today(self) -> date:
        """See ``Work.today``."""
        return self.now.astimezone(PLACE).date()

    def new_id(self) -> UUID:
        """See ``Work.new_id``."""
        return self._draw(self.now)

    def announce(self, *facts: object) -> None:
        """See ``Work.announce``."""
        self._facts.extend((fact, self.new_id(), self._causation) for fact in facts)
        self._told = None

    def authorise(self, facets: Facets) -> None:
        """See ``Work.authorise``."""
        self._decided = True
        if self._circumstances.action is not None and self._circumstances.policy is not None:
            self._circumstances.policy.decide(self._circumstances.action, self.actor, facets)
        if self._stale is not None:
            raise self._stale

    def meet(self, version: int) -> None:
        """Hold the version of the resource that the request names against ``If-Match``.

        Whoever may not see the resource learns nothing of its version: the refusal waits until ``authorise`` let the
        caller through.

        Raises:
            StaleVersion: ``stale-version``, here or from ``authorise``.
        """
        if self.if_match is None or version == self.if_match:
            return
        self._stale = StaleVersion(
            "stale-version", "The resource has changed since you read it; read it again.", current_version=version
        )
        if self._decided or self._open_to_all():
            raise self._stale

    def note(self, action: str, object_type: str, object_id: str, **details: Any) -> None:
        """See ``Work.note``; details are ids and codes, never personal data."""
        self._notes.append(
            {
                "action": action,
                "object_type": object_type,
                "object_id": object_id,
                "details": details,
                "outcome": "done",
            }
        )

    def deny(self, action: str, object_type: str, object_id: str, code: str) -> None:
        """Write that ``action`` was refused to the actor, and why by code."""
        denial = {"action": action, "object_type": object_type, "object_id": object_id, "outcome": "denied"}
        self._notes.append(denial | {"details": {"code": code}})

    async def replay(self) -> StoredResponse | None:
        """The stored answer when this command was done before; otherwise the key is now claimed.

        Raises:
            Conflict: ``in-flight`` while the same key is being worked on.
            RuleViolated: ``key-reused`` when the key came with another request.
        """
        claim = self._circumstances.claim
        earlier = None if claim is None else await record.claim_key(self.connection, claim)
        self._replayed = earlier is not None
        return earlier

    def answer(self, response: StoredResponse, object_type: str, object_id: str) -> None:
        """Keep the answer with the idempotency record and the audit entry of this command."""
        self._response = response
        if self._circumstances.action is not None:
            self.note(self._circumstances.action, object_type, object_id)

    def told(self) -> list[UUID]:
        """The ids of the events that the facts announced so far become, in order."""
        return [event_id for _, event_id, _ in self._published()]

    def _published(self) -> list[tuple[Event, UUID, str | None]]:
        if self._told is None:
            self._told = [
                (event, event_id, causation)
                for fact, event_id, causation in self._facts
                if (event := type(self).translate(fact)) is not None
            ]
        return self._told

    async def flush(self) -> None:
        """Write what has changed so far inside the open transaction."""
        try:
            for store in self._stores:
                await store.flush()
        except IntegrityError as error:
            raise self._meaning(error) from error

    async def foresee(self, subjects: Collection[str]) -> None:
        """The events of a batch are about these subjects; a service that can load them all at once does so here."""
        del subjects

    async def next_event(self, seed: str, causation: str) -> None:
        """Begin with the next event of a batch: write, let go of what was loaded, derive ids from ``seed``."""
        await self.flush()
        for store in self._stores:
            store.forget()
        self.act_on(seed, causation)

    def act_on(self, seed: str, causation: str) -> None:
        """From here on ids derive from ``seed`` and facts are caused by the event ``causation``."""
        self._draw = id_source(seed)
        self._causation = causation
        if (around := surroundings()) is not None and around.command is not None:
            self._correlations[causation] = around.command

    def correlation(self, causation: str | None) -> str | None:
        """The id of the command that began what led to ``causation``, or of the command at hand."""
        around = surroundings()
        return self._correlations.get(causation or "") or (around.command if around else None)

    async def __aenter__(self) -> Self:
        asked = time.perf_counter()
        self._connection = await self._stack.enter_async_context(self._engine.connect())
        self._began = time.perf_counter()
        metrics.POOL_WAIT.labels(self._label).observe(self._began - asked)
        await self._connection.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self._replayed:
                await self._commit()
        finally:
            connection, self._connection = self._connection, None
            undone = connection is not None and connection.in_transaction()
            if connection is not None and undone:
                await connection.rollback()
            await self._stack.aclose()
            took = time.perf_counter() - self._began
            metrics.TRANSACTION.labels(self._label, "rolled-back" if undone else "committed").observe(took)

    async def _commit(self) -> None:
        if not self._decided and not self._open_to_all():
            raise RuntimeError(f"{self._circumstances.action}: nobody decided whether the caller may do this")
        await self.flush()
        try:
            await record.write(self, self._circumstances, self._published(), self._notes, self._response)
            await self.connection.commit()
        except IntegrityError as error:
            raise self._meaning(error) from error

    def _open_to_all(self) -> bool:
        table, action = self._circumstances.policy, self._circumstances.action
        if table is None or action is None:
            return True
        return all(rule.relation is Relation.ANY for rule in table.rules if rule.action == action)

    def _meaning(self, error: IntegrityError) -> Exception:
        """The refusal that a violated constraint means, or the error itself when no meaning is declared."""
        cause = getattr(error.orig, "__cause__", None)
        name = getattr(cause, "constraint_name", None) or ""
        if name in self.constraints:
            code, detail = self.constraints[name]
            return Conflict(code, detail)
        return error
