"""Consumer groups of the embedded log: members with heartbeats, generations, and what follows from them.

A generation is the set of members from one change to the next. Every change of the set raises the generation in the
same transaction, so each member can compute the same assignment for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.eventlog.port import Partition, StaleGeneration


@dataclass(frozen=True, slots=True)
class Seat:
    """What a member knows of one generation: its number, what the member owns and where it begins."""

    generation: int
    positions: dict[Partition, int]


@dataclass(frozen=True, slots=True)
class Member:
    """A reader as the group knows it; ``incarnation`` tells two processes of one name apart."""

    group: str
    name: str
    incarnation: UUID
    topics: tuple[str, ...]
    session: timedelta


async def enter(connection: Any, member: Member) -> None:
    """Join the group under the member's name, in place of whoever had it."""
    async with connection.transaction():
        await connection.execute("INSERT INTO log_group (name) VALUES ($1) ON CONFLICT DO NOTHING", member.group)
        await _lock(connection, member.group)
        await _evict(connection, member.group)
        await connection.execute(
            "INSERT INTO log_member (group_name, member, incarnation, topics, session, seen_at) "
            "VALUES ($1, $2, $3, $4, $5, clock_timestamp()) "
            "ON CONFLICT (group_name, member) DO UPDATE SET incarnation = excluded.incarnation, "
            "topics = excluded.topics, session = excluded.session, seen_at = excluded.seen_at",
            member.group,
            member.name,
            member.incarnation,
            list(member.topics),
            member.session,
        )
        await _raise_generation(connection, member.group)


async def leave(connection: Any, member: Member) -> None:
    """Give the seat up at once."""
    async with connection.transaction():
        await _lock(connection, member.group)
        gone = await connection.fetchval(
            "DELETE FROM log_member WHERE group_name = $1 AND member = $2 AND incarnation = $3 RETURNING true",
            member.group,
            member.name,
            member.incarnation,
        )
        if gone:
            await _raise_generation(connection, member.group)


async def beat(connection: Any, member: Member) -> int | None:
    """Say that the member is alive and give up those that fell silent.

    Returns:
        the group's generation, or None when this incarnation is no longer a member.
    """
    row = await connection.fetchrow(
        "WITH mine AS (UPDATE log_member SET seen_at = clock_timestamp() "
        "WHERE group_name = $1 AND member = $2 AND incarnation = $3 RETURNING 1) "
        "SELECT EXISTS (SELECT FROM mine) AS alive, g.generation, EXISTS (SELECT FROM log_member m "
        "WHERE m.group_name = $1 AND m.member <> $2 AND m.seen_at < clock_timestamp() - m.session) AS silent "
        "FROM log_group g WHERE g.name = $1",
        member.group,
        member.name,
        member.incarnation,
    )
    if row is None or not row["alive"]:
        return None
    if not row["silent"]:
        return int(row["generation"])
    async with connection.transaction():
        await _lock(connection, member.group)
        if await _evict(connection, member.group):
            await _raise_generation(connection, member.group)
    return int(await connection.fetchval("SELECT generation FROM log_group WHERE name = $1", member.group))


async def replaced(connection: Any, member: Member) -> bool:
    """Whether another process holds the member's name now."""
    return bool(
        await connection.fetchval(
            "SELECT true FROM log_member WHERE group_name = $1 AND member = $2 AND incarnation <> $3",
            member.group,
            member.name,
            member.incarnation,
        )
    )


async def take_seat(connection: Any, member: Member) -> Seat | None:
    """The member's seat in the present generation, or None when it is not a member."""
    async with connection.transaction():
        generation = await connection.fetchval(
            "SELECT generation FROM log_group WHERE name = $1 FOR SHARE", member.group
        )
        rows = await connection.fetch(
            "SELECT member, incarnation, topics FROM log_member WHERE group_name = $1 ORDER BY member", member.group
        )
        if not any(row["incarnation"] == member.incarnation for row in rows):
            return None
        partitions = await connection.fetch(
            "SELECT p.topic, p.partition, COALESCE(c.next_offset, 0) AS start FROM log_partition p LEFT JOIN "
            "log_committed c ON c.group_name = $1 AND c.topic = p.topic AND c.partition = p.partition "
            "ORDER BY p.topic, p.partition",
            member.group,
        )
    starts = {Partition(row["topic"], row["partition"]): int(row["start"]) for row in partitions}
    owners = deal(list(starts), {row["member"]: set(row["topics"]) for row in rows})
    return Seat(generation, {p: start for p, start in starts.items() if owners.get(p) == member.name})


def deal(partitions: Sequence[Partition], members: Mapping[str, set[str]]) -> dict[Partition, str]:
    """Round robin over sorted partitions and sorted members, passing over members that do not read the topic."""
    order, turn = sorted(members), 0
    owners: dict[Partition, str] = {}
    for partition in sorted(partitions):
        for step in range(len(order)):
            candidate = order[(turn + step) % len(order)]
            if partition.topic in members[candidate]:
                owners[partition] = candidate
                turn = (turn + step + 1) % len(order)
                break
    return owners


async def store(connection: Any, member: Member, generation: int, offsets: Mapping[Partition, int]) -> None:
    """Store offsets if the generation still stands; ``StaleGeneration`` otherwise."""
    async with connection.transaction():
        current = await connection.fetchval(
            "SELECT g.generation FROM log_group g JOIN log_member m ON m.group_name = g.name "
            "WHERE g.name = $1 AND m.member = $2 AND m.incarnation = $3 FOR SHARE OF g",
            member.group,
            member.name,
            member.incarnation,
        )
        if current != generation:
            raise StaleGeneration(f"{member.group}/{member.name}: generation {generation}, the group is at {current}")
        ordered = sorted(offsets.items())
        await connection.execute(
            "INSERT INTO log_committed (group_name, topic, partition, next_offset, generation) "
            "SELECT $1, t, p, o, $2 FROM unnest($3::text[], $4::int[], $5::bigint[]) AS r (t, p, o) "
            "ON CONFLICT (group_name, topic, partition) DO UPDATE "
            "SET next_offset = excluded.next_offset, generation = excluded.generation",
            member.group,
            generation,
            [partition.topic for partition, _ in ordered],
            [partition.number for partition, _ in ordered],
            [offset for _, offset in ordered],
        )


async def _lock(connection: Any, group: str) -> None:
    await connection.fetchval("SELECT generation FROM log_group WHERE name = $1 FOR UPDATE", group)


async def _evict(connection: Any, group: str) -> bool:
    return bool(
        await connection.fetch(
            "DELETE FROM log_member WHERE group_name = $1 AND seen_at < clock_timestamp() - session RETURNING 1", group
        )
    )


async def _raise_generation(connection: Any, group: str) -> None:
    await connection.execute("UPDATE log_group SET generation = generation + 1 WHERE name = $1", group)
