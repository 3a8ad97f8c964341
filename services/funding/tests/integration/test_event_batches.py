"""A batch of events in one transaction gives the books that the same events give one by one, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from funding.adapters.events.consuming import CONSUMES
from funding.testing.counter import (
    Counter,
    arrived,
    assessed,
    certified,
    ended,
    placed,
    revoked,
    selected,
    withdrawn,
)
from funding.testing.office import SESSION
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.messaging.applying import Applier
from shared.messaging.incoming import Incoming
from shared.testing.service import empty_tables


def read(events: Sequence[Event], counter: Counter) -> list[Incoming]:
    """Events as they come out of the log, numbered within their streams."""
    numbers: dict[tuple[str, str], int] = {}
    found: list[Incoming] = []
    for event in events:
        stream = (f"/{type(event).service}", str(event.subject))
        numbers[stream] = numbers.get(stream, 0) + 1
        event_id = uuid4()
        envelope = Envelope(
            str(event_id), stream[0], event.type_name(), stream[1], counter.service.clock.now(), numbers[stream]
        )
        found.append(Incoming("t", 0, len(found), event_id, envelope, {}, event.model_dump_json().encode()))
    return found


async def apply(counter: Counter, events: list[Incoming], size: int) -> int:
    """Apply in transactions of so many events; how many were applied."""
    applied = 0
    for start in range(0, len(events), size):
        async with counter.service.running.system_unit(f"batch:{events[start].event_id}") as unit:
            applied += (await Applier("funding", CONSUMES).apply(unit, events[start : start + size])).applied
    return applied


async def books(counter: Counter, people: list[UUID]) -> list[Any]:
    """What stands where, without ids."""
    found: list[Any] = []
    for who in people:
        shown = await counter.get(f"/participations/{who}")
        plan = [(each["milestone"], each["state"], each["amount"]["amount"]) for each in shown["instalments"]]
        found.append((shown["state"], shown["committed"]["amount"], shown["reserved"]["amount"], plan))
    return [found, (await counter.get("/trial-balance"))["by_kind"]]


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_batch_gives_the_books_of_its_events_one_by_one(counter: Counter, seed: int) -> None:
    """Nothing depends on where a batch begins: whole stories in one transaction, new accounts, new plans and all."""
    lives = [
        (selected, placed, arrived, ended, assessed, certified),
        (selected, placed, arrived, lambda who: ended(who, "early", date(2024, 10, 8), 100)),
        (selected, withdrawn),
        (selected, placed, arrived, ended, assessed, certified, revoked),
    ]
    shown = []
    for size in (1, 1000):
        await _empty(counter)
        fund = await counter.fund()
        await counter.allocated(fund, 3)
        counter.set_day(date(2025, 12, 31))
        people = [UUID(int=(n + 1) << 70) for n in range(4)]
        events = [act(who) for who, life in zip(people, lives, strict=True) for act in life]
        Random(seed).shuffle(events)
        incoming = read(events, counter)
        assert await apply(counter, incoming, size) == len(events)
        assert await apply(counter, incoming, size) == 0
        assert await counter.is_balanced()
        shown.append(await books(counter, people))
        counter.set_day(date(2024, 3, 1))

    assert shown[0] == shown[1]


async def test_a_batch_that_fails_leaves_nothing(counter: Counter) -> None:
    """All or nothing: accounts, plans, entries, audit and outbox of a batch roll back together."""
    await counter.allocated(await counter.fund(), 3)
    who = uuid4()

    async def struck() -> None:
        async with counter.service.running.system_unit("batch") as unit:
            await Applier("funding", CONSUMES).apply(unit, read([selected(who), placed(who)], counter))
            await unit.flush()
            raise RuntimeError("struck")

    with pytest.raises(RuntimeError, match="struck"):
        await struck()

    assert (await counter.get(f"/participations?session={SESSION}"))["items"] == []
    assert (await counter.get(f"/accounts?owner={who}"))["items"] == []


async def _empty(counter: Counter) -> None:
    await empty_tables(counter.service)
    async with counter.service.running.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM entry"))).scalar() == 0
