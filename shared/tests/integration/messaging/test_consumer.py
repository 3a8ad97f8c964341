"""Exactly-once effect, order, waiting, parking (events.md 2.7)."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError

from shared.contracts.envelope import Envelope
from shared.contracts.selection import StoryClosed
from shared.eventlog.faults import FaultyLog
from shared.eventlog.port import Record
from shared.kernel.refusals import Conflict, Forbidden
from shared.messaging.parking import discard, parked, replay

from .conftest import Notebook, refuse, told, wait_for


@pytest.mark.parametrize("seed", range(4))
async def test_duplicates_and_faults_have_one_effect(notebook: Notebook, seed: int) -> None:
    """Everything five times, over a log that rebalances, hides and refuses: one effect each, in order per subject."""
    subjects = [uuid4() for _ in range(12)]
    history = [told(subject, number) for number in range(1, 6) for subject in subjects]
    noise = random.Random(seed)
    stream: list[Record] = []
    for record in history:  # first occurrences in order, repetitions anywhere after them
        stream.append(record)
        stream.extend(noise.choices(stream, k=4))
    for start in range(0, len(stream), 40):
        await notebook.log.append(stream[start : start + 40])
    faulty = FaultyLog(notebook.log, seed, rate=0.25)

    await notebook.consume(notebook.consumer(log=faulty), notebook.has(60), seconds=60)
    await notebook.consume(notebook.consumer("two", faulty), notebook.has(60))

    rows = await notebook.rows("SELECT subject, seq FROM note ORDER BY nth")
    noted = defaultdict(list)
    for row in rows:
        noted[row.subject].append(row.seq)
    assert noted == {str(subject): [1, 2, 3, 4, 5] for subject in subjects}


@pytest.mark.parametrize("wall", ["inbox", "aggregate_cursor"])
async def test_each_wall_alone_holds_back_what_was_applied(notebook: Notebook, wall: str) -> None:
    """Inbox and cursor each refuse repetitions when the other has been cleared."""
    subject = uuid4()
    history = [told(subject, number) for number in (1, 2, 3)]
    await notebook.log.append(history)
    await notebook.consume(notebook.consumer(), notebook.has(3))
    await notebook.rows(f"DELETE FROM {wall}")

    other = uuid4()
    await notebook.log.append([*history, told(other, 1)])
    await notebook.consume(notebook.consumer(), notebook.has(4))
    await notebook.consume(notebook.consumer(), notebook.has(4))

    assert await notebook.noted(subject) == [1, 2, 3]


async def test_two_members_share_the_work(notebook: Notebook) -> None:
    """Two members at once, joining and leaving: still one effect each."""
    subjects = [uuid4() for _ in range(60)]
    await notebook.log.append([told(subject, number) for number in (1, 2, 3) for subject in subjects])

    await asyncio.gather(
        notebook.consume(notebook.consumer("one"), notebook.has(60)),
        notebook.consume(notebook.consumer("two"), notebook.has(180)),
    )

    assert len(await notebook.noted()) == 180
    assert await notebook.noted(subjects[0]) == [1, 2, 3]


async def test_poison_is_parked_with_its_successors_and_others_flow(notebook: Notebook) -> None:
    """After three attempts the aggregate is parked; later events of it too, also in later batches."""
    sick, well = uuid4(), uuid4()
    notebook.trouble = refuse_of(sick, 2)
    await notebook.log.append([told(s, number) for number in (1, 2, 3) for s in (sick, well)])
    await notebook.consume(notebook.consumer(), notebook.kept("parked", 2))
    await notebook.log.append([told(s, 4) for s in (sick, well)])

    await notebook.consume(notebook.consumer(), notebook.kept("parked", 3))
    await notebook.consume(notebook.consumer(), notebook.has(5))

    assert await notebook.noted(sick) == [1]
    assert await notebook.noted(well) == [1, 2, 3, 4]
    rows = await notebook.rows("SELECT aggregate_seq, error, attempts FROM parked ORDER BY id")
    assert [row.aggregate_seq for row in rows] == [2, 3, 4]
    assert rows[0].attempts == 3
    assert "Never" in rows[0].error or "poison" in rows[0].error
    async with notebook.engine.connect() as connection:
        (found,) = await parked(connection, "notes")
    assert (found.aggregate_id, found.events) == (str(sick), 3)


async def test_replay_applies_in_order_by_two_people(notebook: Notebook) -> None:
    """Replaying needs a second person, fails while the cause stands, then applies everything in order."""
    sick = uuid4()
    stream = ("/selection", str(sick))
    notebook.trouble = refuse(1)
    await notebook.log.append([told(sick, number) for number in (1, 2, 3)])
    await notebook.consume(notebook.consumer(), notebook.kept("parked", 3))

    with pytest.raises(Forbidden):
        await replay(notebook.unit, notebook.applier, stream, by="ann", approved_by="ann")
    with pytest.raises(Exception, match="Never"):
        await replay(notebook.unit, notebook.applier, stream, by="ann", approved_by="ben")
    notebook.trouble = refuse()
    count = await replay(notebook.unit, notebook.applier, stream, by="ann", approved_by="ben")

    assert count == 3
    assert await notebook.noted(sick) == [1, 2, 3]
    await notebook.log.append([told(sick, 4)])
    await notebook.consume(notebook.consumer(), notebook.has(4))
    audit = await notebook.rows("SELECT action FROM audit WHERE action = 'event.replay'")
    assert len(audit) >= 3


async def test_what_cannot_be_read_is_parked_and_can_be_given_up(notebook: Notebook) -> None:
    """A broken envelope, a broken payload and an unknown major version park their aggregate, nothing else."""
    headless, garbled, newer, well = (uuid4() for _ in range(4))
    await notebook.log.append(
        [
            replace(told(headless, 1), headers={"ce_id": "1"}),
            replace(told(garbled, 1), value=b"{"),
            told(newer, 1, type_name="cn.talent.selection.story.closed.v9"),
            told(well, 1, type_name="cn.talent.selection.never.heard.of.v1"),
            told(well, 2),
            told(headless, 2),
        ]
    )

    await notebook.consume(notebook.consumer(), notebook.kept("parked", 4))
    await notebook.consume(notebook.consumer(), notebook.has(1))
    stream = ("/selection", str(headless))
    with pytest.raises(Conflict):
        await replay(notebook.unit, notebook.applier, stream, by="ann", approved_by="ben")
    await discard(notebook.unit, notebook.applier, stream, by="ann", approved_by="ben")
    await replay(notebook.unit, notebook.applier, stream, by="ann", approved_by="ben")

    assert await notebook.noted(well) == [2]
    assert await notebook.noted(headless) == [2]


async def test_too_early_waits_with_its_successors_until_the_subject_moves(notebook: Notebook) -> None:
    """An early event and those behind it wait; others flow; when it can be applied all follow in order."""
    early, other = uuid4(), uuid4()
    flag = asyncio.Event()
    notebook.trouble = wait_for(flag, 2)
    await notebook.log.append([told(early, 1), told(early, 2), told(early, 3), told(other, 1)])
    await notebook.consume(notebook.consumer(), notebook.kept("pending", 2))
    assert await notebook.noted(early) == [1]
    assert await notebook.noted(other) == [1]

    flag.set()
    placement = replace(told(early, 1), headers=told(early, 1).headers | {"ce_source": "/placement"})
    await notebook.log.append([placement])
    await notebook.consume(notebook.consumer(), notebook.has(5))

    assert await notebook.noted(early) == [1, 1, 2, 3]
    resolutions = await notebook.rows("SELECT resolution FROM pending")
    assert {row.resolution for row in resolutions} == {"applied"}


async def test_the_due_clock_retries_and_parks_after_the_deadline(notebook: Notebook) -> None:
    """Without any event of the subject, the clock tries again; past its deadline the aggregate is parked."""
    freed, lost = uuid4(), uuid4()
    flag = asyncio.Event()
    notebook.trouble = wait_for(flag, 1)
    await notebook.log.append([told(freed, 1), told(lost, 1), told(lost, 2)])
    consumer = notebook.consumer()
    await notebook.consume(consumer, notebook.kept("pending", 3))
    await notebook.rows(
        "UPDATE pending SET deadline_at = now() - interval '1 s' WHERE aggregate_id = :lost", lost=str(lost)
    )

    assert await consumer.pending.retry() == 0
    flag.set()

    async def retried() -> bool:
        return await consumer.pending.retry() > 0

    await notebook.until(retried)

    assert await notebook.noted() == [1]
    rows = await notebook.rows("SELECT aggregate_id, aggregate_seq, error FROM parked ORDER BY aggregate_seq")
    assert [(row.aggregate_id, row.aggregate_seq) for row in rows] == [(str(lost), 1), (str(lost), 2)]
    assert "past its deadline" in rows[0].error


async def test_a_predecessor_that_comes_late_is_waited_for(notebook: Notebook) -> None:
    """A gap in the numbers is noticed and closed in order."""
    subject = uuid4()
    first, second, third = (told(subject, number) for number in (1, 2, 3))
    await notebook.log.append([third, second])
    await notebook.consume(notebook.consumer(), notebook.kept("pending", 2))

    await notebook.log.append([first])
    await notebook.consume(notebook.consumer(), notebook.has(3))

    assert await notebook.noted(subject) == [1, 2, 3]


async def test_trouble_that_passes_is_never_counted(notebook: Notebook) -> None:
    """The partition goes back to the batch start and waits; the others flow; nothing is parked or skipped."""
    troubled = uuid4()
    failures = 0

    async def trouble(event: StoryClosed, envelope: Envelope) -> None:
        nonlocal failures
        if envelope.subject == str(troubled) and envelope.sequence == 2 and failures < 5:
            failures += 1
            raise OperationalError("SELECT", {}, ConnectionError("the database went away"))

    notebook.trouble = trouble
    others = [uuid4() for _ in range(20)]
    await notebook.log.append([told(s, number) for number in (1, 2, 3) for s in (troubled, *others)])

    await notebook.consume(notebook.consumer(), notebook.has(63))

    assert failures == 5
    assert await notebook.noted(troubled) == [1, 2, 3]
    assert all([await notebook.noted(other) == [1, 2, 3] for other in others])
    assert await notebook.rows("SELECT id FROM parked") == []


async def test_nothing_of_a_failed_batch_remains(notebook: Notebook) -> None:
    """The handler's write before the failure is rolled back; the good events of the batch are applied once."""
    subject = uuid4()
    notebook.trouble = refuse(3)
    await notebook.log.append([told(subject, number) for number in (1, 2, 3, 4)])

    await notebook.consume(notebook.consumer(), notebook.kept("parked", 2))

    assert await notebook.noted(subject) == [1, 2]


async def test_a_backlog_is_applied_in_batches(notebook: Notebook) -> None:
    """1,000 events of 100 subjects take a few transactions per partition, not one per event."""
    subjects = [uuid4() for _ in range(100)]
    for number in range(1, 11):
        await notebook.log.append([told(subject, number) for subject in subjects])

    await notebook.consume(notebook.consumer(), notebook.has(1000), seconds=60)

    (count,) = await notebook.rows("SELECT count(DISTINCT processed_at) AS transactions FROM inbox")
    assert count.transactions <= 30


def refuse_of(subject: UUID, number: int) -> Callable[[StoryClosed, Envelope], Awaitable[None]]:
    """Trouble: one number of one subject."""
    always = refuse(number)

    async def trouble(event: StoryClosed, envelope: Envelope) -> None:
        if envelope.subject == str(subject):
            await always(event, envelope)

    return trouble
