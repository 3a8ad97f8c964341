"""The courier: takes subscriptions that are due, sends in order, writes down what happened, lets go.

At least once and in order per subscription: the position moves in the same transaction that logs the delivery, after
the receiver took it. A courier that dies leaves a lease that runs out; another one begins where the position stands.
What failed last time waits in slots of its own, so that a dead receiver takes nothing from the others.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from gateway.adapters.db.feed import Place
from gateway.adapters.db.webhook_ledger import Claimed, Entry, Ledger
from gateway.adapters.http.events import shown
from gateway.adapters.webhooks.sending import Outcome, Sender
from gateway.adapters.webhooks.signing import Secrets, Signer
from gateway.domain.webhooks.retrying import GIVE_UP, pause
from shared.kernel.ids import id_source
from shared.logs import logger

_log = logger("webhooks")
HEALTHY, SICK = 48, 16
"""Subscriptions served at once: those that work, and those that failed last time."""
BATCH = 50
"""Deliveries between two entries in the ledger."""
IDLE = 0.2
"""Seconds between two looks when nothing is due."""
LEASE = 60.0
"""Seconds; longer than an attempt, so that a living courier always renews in time."""
PING = "cn.talent.gateway.ping.v1"

Disable = Callable[[UUID, str], Awaitable[None]]
"""Disables a subscription for a reason, in a transaction of its own."""


class Courier:
    """Delivers until told to stop.

    Args:
        ledger: of this courier.
        sender, signer, secrets: what an attempt needs.
        disable: see ``Disable``.
        chance: random numbers from 0 to 1, spread the retries.
    """

    def __init__(
        self, ledger: Ledger, sender: Sender, signer: Signer, secrets: Secrets, disable: Disable,
        chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._ledger, self._sender, self._signer, self._secrets = ledger, sender, signer, secrets
        self._disable, self._chance = disable, chance
        self._new_id = id_source(None)
        self._busy: dict[bool, set[asyncio.Task[None]]] = {False: set(), True: set()}
        self._stopping = False

    async def run(self, stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Serve until ``stop``; then finish the attempts that are under way and let go."""
        try:
            while not stop.is_set():
                beat()
                found = 0
                for sick, most in ((False, HEALTHY), (True, SICK)):
                    if free := most - len(self._busy[sick]):
                        found += await self._take(free, sick=sick)
                if not found:
                    await self._rest(stop)
        finally:
            self._stopping = True
            if under_way := self.under_way:
                await asyncio.wait(under_way, timeout=20)

    async def _take(self, most: int, *, sick: bool) -> int:
        claimed = await self._ledger.claim(most, sick=sick)
        for one in claimed:
            task = asyncio.create_task(self._serve(one))
            self._busy[sick].add(task)
            task.add_done_callback(self._busy[sick].discard)
        return len(claimed)

    async def _rest(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(stop.wait()), *self._busy[False]]
        await asyncio.wait(waiting, timeout=IDLE, return_when=asyncio.FIRST_COMPLETED)
        waiting[0].cancel()

    async def _serve(self, claimed: Claimed) -> None:
        try:
            await self._deliver(claimed)
        except Exception as error:  # noqa: BLE001 - one subscription must not end the courier; its lease runs out
            _log.warning("subscription broke", webhook=str(claimed.id), error_type=type(error).__name__)

    async def _deliver(self, claimed: Claimed) -> None:
        place: Place = (claimed.row.reach, claimed.row.position)
        failures, waiting, more = claimed.row.failures, claimed.row.waiting, True
        while more:
            batch = _Batch(self, claimed, place, failures)
            if waiting:
                rows = await self._ledger.queue(claimed, BATCH)
                waiting = await batch.replay(rows) and len(rows) == BATCH
            else:
                rows, reached, more = await self._ledger.events(claimed, place, BATCH)
                more = await batch.carry(rows, reached) and more
            more = more and not batch.failed and not self._stopping
            failing = await self._ledger.record(claimed, batch.entry(release=not more))
            if failing is None:
                return
            place, failures = batch.place, batch.failures
            if batch.gone or (failures and failing > GIVE_UP.total_seconds()):
                await self._disable(claimed.id, "gone" if batch.gone else "failing")

    def pause(self, failures: int, wish: float | None) -> float:
        """Seconds until the next attempt."""
        return pause(failures, self._chance(), wish)

    def draw(self) -> str:
        """A new id of the log, in order of time."""
        return str(self._new_id(datetime.now(UTC)))

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """The subscriptions that are being served now."""
        return self._busy[False] | self._busy[True]

    @property
    def stopping(self) -> bool:
        """True when no new attempt may begin."""
        return self._stopping

    async def attempt(self, claimed: Claimed, message: str, body: bytes) -> Outcome:
        """Sign and send once."""
        row = claimed.row
        sealed = [row.secret, row.former] if row.former_signs else [row.secret]
        keys = [self._secrets.open(row.wrapped_key, str(claimed.id), one) for one in sealed]
        headers = self._signer.headers(message, int(time.time()), body, keys)
        return await self._sender.send(row.url, body, headers)


class _Batch:
    """What one subscription gets between two entries in the ledger."""

    def __init__(self, courier: Courier, claimed: Claimed, place: Place, failures: int) -> None:
        self._courier, self._claimed = courier, claimed
        self.place, self.failures = place, failures
        self._live: list[dict[str, Any]] = []
        self._queue: list[dict[str, Any]] = []
        self._wish: float | None = None
        self._delivered = self.failed = self.gone = False
        self._until = time.monotonic() + 20.0

    async def carry(self, rows: list[Any], reached: Place) -> bool:
        """Deliver events of the feed in order; False when it stopped before the last."""
        for row in rows:
            if self._out_of_time():
                return True
            body = payload(row.type, row.at, shown(row).model_dump())
            outcome = await self._courier.attempt(self._claimed, str(row.event_id), body)
            state = "delivered" if outcome.good else "failing"
            place = {"reach": row._key, "position": row.position}
            self._live.append({
                "id": self._courier.draw(), "event_id": str(row.event_id), "type": row.type, "subject": row.subject,
                "state": state, "tries": [tried(outcome)], **place,
            })  # fmt: skip
            if not self._take(outcome):
                return False
            self.place = (row._key, row.position)
        self.place = reached
        return True

    async def replay(self, rows: list[Any]) -> bool:
        """Deliver what was asked for again, and tests; a test is tried once."""
        for row in rows:
            if self._out_of_time():
                return True
            if row.kind == "replay" and row.source is None:  # removed from the history since it was asked for
                self._queue.append({"id": str(row.id), "state": "failed", "tries": []})
                continue
            event = shown(row).model_dump() if row.kind == "replay" else {"webhook": str(self._claimed.id)}
            body = payload(row.type, row.at or datetime.now(UTC), event)
            outcome = await self._courier.attempt(self._claimed, str(row.event_id), body)
            failed = "failed" if row.kind == "test" else "pending"
            state = "delivered" if outcome.good else failed
            self._queue.append({"id": str(row.id), "state": state, "tries": [tried(outcome)]})
            if row.kind != "test" and not self._take(outcome):
                return False
        return True

    def entry(self, *, release: bool) -> Entry:
        """For the ledger."""
        wait = self._courier.pause(self.failures, self._wish) if self.failed else 0.0
        return Entry(self.place, self._live, self._queue, self.failures, wait, self._delivered, release)

    def _take(self, outcome: Outcome) -> bool:
        if outcome.good:
            self.failures, self._delivered = 0, True
            return True
        self.failures += 1
        self.failed, self.gone, self._wish = True, outcome.code == "gone", outcome.wish
        return False

    def _out_of_time(self) -> bool:
        return self._courier.stopping or time.monotonic() > self._until


def payload(type: str, at: datetime, event: dict[str, Any]) -> bytes:
    """The body of a delivery: type, business time, and the event as the feed shows it."""
    return orjson.dumps({"type": type, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": event})


def tried(outcome: Outcome) -> dict[str, Any]:
    """An attempt for the log, in real time."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    found = {"at": at, "code": outcome.code, "status": outcome.status, "ms": outcome.milliseconds}
    return found | ({"excerpt": outcome.excerpt} if outcome.excerpt else {})
