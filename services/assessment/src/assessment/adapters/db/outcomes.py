"""Outcomes counted by the database: one aggregate per subject, never a row per person (domain rules 1.6 nos. 15 to 18)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, Text, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from assessment.adapters.db import tables

Rows = Callable[[Any], Awaitable[Sequence[Any]]]
Sight = Callable[[Table], ColumnElement[bool]]
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was counted; nothing is withheld yet.

    Attributes:
        whole: persons who did not leave.
        results: persons by pass, fail and open.
        changed: True when a result of that day was replaced afterwards.
        kinds, standings, phases: verified achievements by code.
        follow_ups: visits by recorded, overdue and due.
        posts: recorded visits by post held; ``visited`` persons stand behind them.
        funds: fen.
    """

    whole: int
    results: Counts
    changed: bool
    certified: int
    waivers: Counts
    kinds: Counts
    standings: Counts
    phases: Counts
    follow_ups: Counts
    posts: Counts
    visited: int
    projects: int
    funds: int
    training_days: int


async def outcomes(rows: Rows, sight: Sight, day: date) -> Outcomes:
    """Count as of the end of ``day``.

    Args:
        rows: runs a statement.
        sight: what of a table may be counted: the caller's scope, the programme, the session.
        day: counted.
    """
    person, certificate, waiver = tables.participation, tables.certificate, tables.waiver
    [people] = await rows(select(func.count()).where(sight(person), person.c.state != "left"))
    results, changed = await _results(rows, sight, day)
    stands = or_(certificate.c.revoked_on.is_(None), certificate.c.revoked_on > day)
    [certified] = await rows(
        select(func.count(certificate.c.participation.distinct())).where(
            sight(certificate), certificate.c.issued_on <= day, stands
        )
    )
    [credits] = await rows(
        select(func.count().filter(waiver.c.granted_on <= day), func.count().filter(waiver.c.consumed_on <= day)).where(
            sight(waiver)
        )
    )
    made = await _achievements(rows, sight, day)
    visits = await _visits(rows, sight, day)
    return Outcomes(
        whole=people[0], results=results, changed=changed, certified=certified[0],
        waivers={"used": credits[1], "unused": credits[0] - credits[1]}, **made, **visits,
    )  # fmt: skip


async def _results(rows: Rows, sight: Sight, day: date) -> tuple[Counts, bool]:
    """What was confirmed on ``day``, from the past results where another came later; whether anything changed since."""
    a, on = tables.assessment.c, day.isoformat()
    past = cast(a.past, JSONB)
    last = past[-1]
    upheld = and_(
        func.jsonb_array_length(past) > 0, last["why"].astext == "appeal",
        last["attempt"].astext == cast(a.attempt, Text),
    )  # fmt: skip
    stands = and_(
        a.confirmed_on.is_not(None), or_(a.state.in_(["confirmed", "appealed"]), and_(a.state == "decided", ~upheld))
    )
    earlier = func.jsonb_array_elements(past).table_valued("value", with_ordinality="place", name="earlier")
    earlier = earlier.render_derived()
    each = cast(earlier.c.value, JSONB)
    before = (
        select(each["result"]["outcome"].astext)
        .where(each["confirmed_on"].astext <= on)
        .order_by(earlier.c.place.desc())
        .limit(1)
        .scalar_subquery()
    )
    later = select(literal(1)).select_from(earlier).where(each["confirmed_on"].astext > on).exists()
    said = case((and_(stands, a.confirmed_on <= day), cast(a.result, JSONB)["outcome"].astext), else_=before)
    each_one = (
        select(func.coalesce(said, "open").label("outcome"), or_(and_(stands, a.confirmed_on > day), later).label("later"))
        .where(sight(tables.assessment), a.state != "void", a.opened_on <= day)
        .subquery("said")
    )  # fmt: skip
    found = await rows(
        select(each_one.c.outcome, func.count(), func.bool_or(each_one.c.later)).group_by(each_one.c.outcome)
    )
    counted = {"pass": 0, "fail": 0, "open": 0} | {row[0]: row[1] for row in found}
    return counted, any(row[2] for row in found)


async def _achievements(rows: Rows, sight: Sight, day: date) -> dict[str, Any]:
    a = tables.achievement.c
    found = await rows(
        select(a.kind, a.standing, a.phase, func.count())
        .where(sight(tables.achievement), a.state == "verified", a.verified_on <= day)
        .group_by(a.kind, a.standing, a.phase)
    )
    counted: dict[str, Any] = {"kinds": {}, "standings": {}, "phases": {}}
    for kind, standing, phase, count in found:
        for name, code in (("kinds", kind), ("standings", f"{kind}.{standing}"), ("phases", phase)):
            counted[name][code] = counted[name].get(code, 0) + count
    return counted


async def _visits(rows: Rows, sight: Sight, day: date) -> dict[str, Any]:
    f = tables.follow_up.c
    done = and_(f.recorded_on.is_not(None), f.recorded_on <= day)
    standing = case((done, "recorded"), (f.until < day, "overdue"), else_="due")
    states = await rows(
        select(standing, func.count()).where(sight(tables.follow_up), f.due_on <= day).group_by(standing)
    )
    found = cast(f.found, JSONB)
    post = found["post"].astext

    def total(name: str) -> ColumnElement[Any]:
        return func.coalesce(func.sum(cast(found[name].astext, BigInteger)), 0)

    posts = await rows(select(post, func.count()).where(sight(tables.follow_up), done).group_by(post))
    [sums] = await rows(
        select(func.count(f.participation.distinct()), total("projects"), total("funds"), total("training_days")).where(
            sight(tables.follow_up), done
        )
    )
    return {
        "follow_ups": {row[0]: row[1] for row in states}, "posts": {row[0]: row[1] for row in posts},
        "visited": sums[0], "projects": int(sums[1]), "funds": int(sums[2]), "training_days": int(sums[3]),
    }  # fmt: skip
