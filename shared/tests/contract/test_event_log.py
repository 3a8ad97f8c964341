"""What every event log promises, on the embedded log and on Apache Kafka."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.eventlog.factory import open_event_log
from shared.eventlog.partitioner import partition_of
from shared.eventlog.port import (
    LARGEST_VALUE,
    Delivered,
    EventLog,
    LogUnavailable,
    Partition,
    Reader,
    Record,
    RecordRefused,
    StaleGeneration,
)

Reading = Callable[..., Any]


def records(topic: str, *keys: str, start: int = 0) -> list[Record]:
    return [Record(topic, key, f"{start + nth}".encode()) for nth, key in enumerate(keys)]


async def drain(reader: Reader, count: int, seconds: float = 20.0) -> list[Delivered]:
    """Fetch until ``count`` records have come or the time is over."""
    found: list[Delivered] = []
    deadline = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < deadline:
        for batch in (await reader.fetch(500, 0.2)).values():
            found.extend(batch)
    return found


async def until(condition: Callable[[], bool], readers: Sequence[Reader], seconds: float = 30.0) -> None:
    """Let all readers poll until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the group did not settle"
        for reader in readers:
            await reader.fetch(1, 0.05)


async def test_a_record_comes_back_whole(log: EventLog, topic: str, reading: Reading) -> None:
    """Key, value and headers are returned as given, with place and time."""
    record = Record(topic, "klíč-键", b"\x00\xff" + "值".encode(), {"ce_id": "1", "ce_note": "名"})
    before = datetime.now(UTC)

    await log.append([record])

    (found,) = await drain(await reading(topic), 1)
    assert (found.topic, found.key, found.value, found.headers) == (topic, record.key, record.value, record.headers)
    assert found.offset == 0
    assert found.partition == partition_of(record.key, 4)
    assert before - timedelta(seconds=2) < found.appended_at < datetime.now(UTC) + timedelta(seconds=2)


async def test_a_key_keeps_its_partition_and_its_order(log: EventLog, topic: str, reading: Reading) -> None:
    """Records of one key come back in the order of appending, offsets dense from 0."""
    keys = [f"case-{nth % 7}" for nth in range(210)]
    for start in range(0, 210, 30):
        await log.append(records(topic, *keys[start : start + 30], start=start))

    found = await drain(await reading(topic), 210)

    values = defaultdict(list)
    offsets = defaultdict(list)
    for record in found:
        assert record.partition == partition_of(record.key, 4)
        values[record.key].append(int(record.value))
        offsets[record.partition].append(record.offset)
    assert len(found) == 210
    assert all(numbers == sorted(numbers) for numbers in values.values())
    assert all(sorted(numbers) == list(range(len(numbers))) for numbers in offsets.values())
    assert await log.end_offsets([topic]) == {
        Partition(topic, number): len(offsets[number]) for number in range(4)
    }  # fmt: skip


async def test_concurrent_appends_never_hide_a_record(
    log: EventLog, another: EventLog, topic: str, reading: Reading
) -> None:
    """A reader that follows while many append at once sees everything, without a gap."""
    reader = await reading(topic)

    async def write(through: EventLog, nth: int) -> None:
        for step in range(10):
            await through.append(records(topic, *(f"{nth}-{key}" for key in range(5)), start=step * 5))

    writers = [asyncio.create_task(write(log if nth % 2 else another, nth)) for nth in range(8)]
    found = await drain(reader, 400)
    await asyncio.gather(*writers)

    places = sorted((record.partition, record.offset) for record in found)
    ends = await log.end_offsets([topic])
    assert places == sorted((p.number, offset) for p, end in ends.items() for offset in range(end))
    assert len(places) == 400


async def test_nothing_is_deduplicated(log: EventLog, topic: str, reading: Reading) -> None:
    """The same record appended twice is there twice."""
    await log.append(records(topic, "a"))
    await log.append(records(topic, "a"))

    assert [record.value for record in await drain(await reading(topic), 2)] == [b"0", b"0"]


async def test_what_never_fits_is_refused_whole(log: EventLog, topic: str) -> None:
    """Unknown topic, empty key, too large a value: refused, and nothing of the batch is there."""
    for bad in (
        Record(f"{topic}.unknown", "a", b""),
        Record(topic, "", b""),
        Record(topic, "a", b"x" * (LARGEST_VALUE + 1)),
    ):
        with pytest.raises(RecordRefused):
            await log.append([Record(topic, "good", b""), bad])
    await log.append([Record(topic, "big", b"x" * LARGEST_VALUE)])

    assert sum((await log.end_offsets([topic])).values()) == 1


async def test_topics_are_made_once(log: EventLog, topic: str) -> None:
    """Asking again changes nothing, whatever the number."""
    await log.ensure_topics([topic], partitions=9)

    assert len(await log.end_offsets([topic])) == 4


async def test_fetch_waits_and_wakes(log: EventLog, topic: str, reading: Reading) -> None:
    """An idle fetch lasts its time; an append ends it early."""
    reader = await reading(topic)
    began = time.monotonic()
    assert await reader.fetch(10, 0.3) == {}
    assert time.monotonic() - began >= 0.25

    waiting = asyncio.create_task(drain(reader, 1))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await log.append(records(topic, "a"))

    assert len(await waiting) == 1
    assert time.monotonic() - began < 1.0


async def test_fetch_respects_its_limit(log: EventLog, topic: str, reading: Reading) -> None:
    """No fetch gives more than asked, and nothing is skipped by that."""
    await log.append(records(topic, *(f"k{nth}" for nth in range(40))))
    reader = await reading(topic)

    sizes: list[int] = []
    found: list[Delivered] = []
    deadline = time.monotonic() + 15
    while len(found) < 40 and time.monotonic() < deadline:
        batch = [record for some in (await reader.fetch(7, 0.2)).values() for record in some]
        sizes.append(len(batch))
        found.extend(batch)

    assert max(sizes) <= 7
    assert len({(record.partition, record.offset) for record in found}) == 40


async def test_a_group_goes_on_where_it_committed(
    log: EventLog, another: EventLog, topic: str, reading: Reading
) -> None:
    """A member that comes back under its name begins at the committed offsets; another group at the beginning."""
    await log.append(records(topic, "a", "a", "a"))
    first = await reading(topic)
    found = await drain(first, 3)
    place = Partition(topic, found[0].partition)
    assert await first.committed(place) is None
    await first.commit({place: found[1].offset + 1})
    assert await first.committed(place) == 2
    assert await first.position(place) == 3
    await first.leave()

    again = await reading(topic, via=another)
    stranger = await reading(topic, group="strangers", via=another)

    assert [record.value for record in await drain(again, 1)] == [b"2"]
    assert len(await drain(stranger, 3)) == 3


async def test_seeking_back_reads_again(log: EventLog, topic: str, reading: Reading) -> None:
    """After a failure the batch comes again, though the position had moved on."""
    await log.append(records(topic, *"aaaaa"))
    reader = await reading(topic)
    found = await drain(reader, 5)
    place = Partition(topic, found[0].partition)

    reader.seek(place, 2)
    assert await reader.position(place) == 2
    assert [int(record.value) for record in await drain(reader, 3)] == [2, 3, 4]

    await reader.seek_to_beginning()
    assert [int(record.value) for record in await drain(reader, 5)] == [0, 1, 2, 3, 4]


async def test_a_paused_partition_is_silent_and_the_others_flow(log: EventLog, topic: str, reading: Reading) -> None:
    """Pausing holds one partition back and loses nothing."""
    keys = {number: next(k for k in map(str, range(999)) if partition_of(k, 4) == number) for number in (0, 1)}
    reader = await reading(topic)
    await reader.fetch(1, 0.1)
    reader.pause(Partition(topic, 0))

    await log.append(records(topic, keys[0], keys[1], keys[0]))
    flowed = await drain(reader, 1)
    silence = await drain(reader, 1, seconds=1.0)
    reader.resume(Partition(topic, 0))
    held = await drain(reader, 2)

    assert [record.partition for record in flowed] == [1]
    assert silence == []
    assert [int(record.value) for record in held] == [0, 2]


async def test_members_share_and_take_over(log: EventLog, another: EventLog, topic: str, reading: Reading) -> None:
    """Two members split the partitions; when one is gone the other gets everything that was not committed."""
    first = await reading(topic, member="one")
    second = await reading(topic, member="two", via=another, join=False)
    await asyncio.gather(second.join(), until(lambda: 0 < len(first.assignment()) < 4, [first]))
    await until(
        lambda: len(first.assignment() | second.assignment()) == 4 and not first.assignment() & second.assignment(),
        [first, second],
    )
    assert len(first.assignment()) == len(second.assignment()) == 2
    await log.append(records(topic, *(f"k{nth}" for nth in range(40))))
    half = await drain(second, 1)
    assert half

    await second.leave()
    await until(lambda: len(first.assignment()) == 4, [first])
    await first.seek_to_beginning()

    assert len(await drain(first, 40)) == 40


async def test_a_replaced_member_cannot_commit(log: EventLog, another: EventLog, topic: str, reading: Reading) -> None:
    """A process that was given up and came back to life is told so; the offsets of its successor stand."""
    await log.append(records(topic, *"aaa"))
    zombie = await reading(topic)
    found = await drain(zombie, 3)
    place = Partition(topic, found[0].partition)
    successor = await reading(topic, via=another)
    await drain(successor, 3)
    await successor.commit({place: 3})

    with pytest.raises(StaleGeneration):
        await zombie.commit({place: 1})

    assert await successor.committed(place) == 3


async def test_a_rebalance_makes_older_work_stale(
    log: EventLog, another: EventLog, topic: str, reading: Reading
) -> None:
    """Offsets fetched before the group changed are refused, and the records come again to whoever owns them now."""
    await log.append(records(topic, *(f"k{nth}" for nth in range(40))))
    first = await reading(topic, member="one")
    found = await drain(first, 40)
    ends = {Partition(topic, record.partition): record.offset + 1 for record in found}
    second = await reading(topic, member="two", via=another, join=False)
    await second.join()

    with pytest.raises(StaleGeneration):
        await first.commit(ends)

    await until(lambda: len(first.assignment()) == len(second.assignment()) == 2, [first, second])
    await first.seek_to_beginning()
    await second.seek_to_beginning()
    mine, theirs = await asyncio.gather(drain(first, 40, 3.0), drain(second, 40, 3.0))
    assert len({(r.partition, r.offset) for r in mine + theirs}) == 40
    assert not {r.partition for r in mine} & {r.partition for r in theirs}


async def test_foreign_partitions_are_out_of_reach(topic: str, reading: Reading) -> None:
    """Seeking, pausing and committing need the assignment."""
    reader = await reading(topic)
    foreign = Partition(f"{topic}.elsewhere", 0)

    with pytest.raises(StaleGeneration):
        reader.seek(foreign, 0)
    with pytest.raises(StaleGeneration):
        reader.pause(foreign)
    with pytest.raises(StaleGeneration):
        await reader.commit({foreign: 1})


@pytest.mark.parametrize(
    "nowhere", ["kafka://127.0.0.1:9", "embedded+postgresql://postgres@/eventlog?host=/nonexistent"]
)
async def test_a_log_out_of_reach_says_so(nowhere: str) -> None:
    """Trouble on the way is one error, whatever the adapter, and comes within a deadline."""
    log = open_event_log(nowhere)
    began = time.monotonic()

    with pytest.raises(LogUnavailable):
        await log.append([Record("selection.events.v1", "a", b"")])
    with pytest.raises(LogUnavailable):
        await log.reader("g", ["selection.events.v1"], "m").fetch(1, 0.1)

    assert time.monotonic() - began < 30
    await log.close()


def test_a_url_names_a_log() -> None:
    """Only the two schemes are known."""
    with pytest.raises(ValueError, match="not an event log"):
        open_event_log("amqp://localhost")
