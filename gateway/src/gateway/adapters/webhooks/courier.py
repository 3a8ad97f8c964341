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
from uuid import UUID

from gateway.adapters.db.feed import Place
from gateway.adapters.db.webhook_ledger import Claimed, Ledger
from gateway.adapters.webhooks.batch import Batch
from gateway.adapters.webhooks.sending import Outcome, Sender
from gateway.adapters.webhooks.signing import Secrets, Signer
from gateway.adapters.webhooks.watching import DELIVERIES
from gateway.domain.webhooks.retrying import PATIENCE, Patience, pause
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
"""Seconds; three times as long as an attempt, so that a living courier always renews in time."""
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
        patience: when it is tried again, and when no more.
    """

    def __init__(
        self, ledger: Ledger, sender: Sender, signer: Signer, secrets: Secrets, disable: Disable,
        chance: Callable[[], float] = random.random, patience: Patience = PATIENCE,
    ) -> None:  # fmt: skip
        self._ledger, self._sender, self._signer, self._secrets = ledger, sender, signer, secrets
        self._disable, self._chance, self._patience = disable, chance, patience
        self.turn = ledger.lease / 3
        self._new_id = id_source(None)
        self._last = UUID(int=0)
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
            _log.warning("subscription broke", subject=str(claimed.id), error_type=type(error).__name__)

    async def _deliver(self, claimed: Claimed) -> None:
        place: Place = (claimed.row.reach, claimed.row.position)
        failures, waiting, more = claimed.row.failures, claimed.row.waiting, True
        while more:
            batch = Batch(self, claimed, place, failures)
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
            if batch.gone or (failures and failing > self._patience.give_up.total_seconds()):
                await self._disable(claimed.id, "gone" if batch.gone else "failing")

    def pause(self, failures: int, wish: float | None) -> float:
        """Seconds until the next attempt."""
        return pause(failures, self._chance(), wish, self._patience.schedule)

    def draw(self) -> str:
        """A new id of the log; later ones are greater, also within a millisecond, so that the log tells the order."""
        self._last = max(self._new_id(datetime.now(UTC)), UUID(int=self._last.int + 1))
        return str(self._last)

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """The subscriptions that are being served now."""
        return self._busy[False] | self._busy[True]

    @property
    def stopping(self) -> bool:
        """True when no new attempt may begin."""
        return self._stopping

    async def attempt(self, claimed: Claimed, kind: str, message: str, body: bytes) -> Outcome:
        """Sign and send once; ``kind`` is live, replay or test."""
        row = claimed.row
        sealed = [row.secret, row.former] if row.former_signs else [row.secret]
        keys = [self._secrets.open(row.wrapped_key, str(claimed.id), one) for one in sealed]
        headers = self._signer.headers(message, int(time.time()), body, keys)
        outcome = await self._sender.send(row.url, body, headers)
        DELIVERIES.labels(outcome.code, kind).inc()
        return outcome
