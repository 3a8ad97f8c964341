"""Measures that are read from events which do not belong to one participation: budgets, claims, findings, inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, True_, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.db.tables import feed, journey
from gateway.domain.statistics.evaluating import Asked
from gateway.domain.statistics.quantity import Quantity, Unit
from shared.kernel.money import fen

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What the journeys in scope name: their funds and hosts."""

    funds: set[str]
    hosts: set[str]


@dataclass(frozen=True, slots=True)
class Happened:
    """How much an event adds; ``by`` says into which parts. Amounts are fen."""

    event: str
    unit: Unit
    of: Callable[[Payload], int]
    by: Mapping[str, Callable[[Payload], Iterable[tuple[str, int]]]]


def _amount(payload: Payload) -> int:
    return fen(payload["amount"]["amount"])


def _parts(member: str) -> Callable[[Payload], Iterable[tuple[str, int]]]:
    return lambda payload: [(part["code"], _amount(part)) for part in payload[member]]


HAPPENINGS: Final = {
    "budget_approved": Happened("funding.budget.approved", Unit.CNY, _amount, {}),
    "allocated": Happened(
        "funding.budget.allocated", Unit.CNY, _amount,
        {"fund": lambda payload: [(payload["fund"], _amount(payload))], "source": _parts("sources"), "purpose": _parts("purposes")},
    ),
    "claims_paid": Happened("funding.claim.paid", Unit.CNY, _amount, {}),
    "inspections": Happened("placement.inspection.closed", Unit.COUNT, lambda _: 1, {}),
    "inspection_findings": Happened(
        "placement.inspection.closed", Unit.COUNT, lambda payload: len(payload["findings"]), {}
    ),
    "findings": Happened("funding.finding.changed", Unit.COUNT, lambda payload: int(payload["state"] == "open"), {}),
    "findings_closed": Happened(
        "funding.finding.changed", Unit.COUNT, lambda payload: int(payload["state"] == "closed"), {}
    ),
}  # fmt: skip
"""Measure → how it is taken. A finding is opened once and closed once, so both are counted by their events."""


async def happened(
    connection: AsyncConnection,
    name: str,
    asked: Asked,
    scope: ColumnElement[bool],
    known: Known,
    as_of: datetime | None,
    by: str | None = None,
) -> tuple[Quantity, dict[str, Fraction]]:
    """The measure within what the journeys in scope name, and its parts by a dimension."""
    measure = HAPPENINGS[name]
    total, parts, owners = 0, Counter[str](), dict[str, str]()
    for row in await connection.execute(_events(measure.event, name, asked, scope, as_of)):
        payload = row.payload
        if "finding" in payload:  # only the opening names the fund
            owners.setdefault(payload["finding"], payload.get("fund") or "")
        if not _counts(payload, scope, known, owners):
            continue
        total += measure.of(payload)
        for code, amount in measure.by[by](payload) if by else ():
            parts[code] += amount
    unit = 100 if measure.unit is Unit.CNY else 1
    return Quantity(Fraction(total, unit), measure.unit), {code: Fraction(one, unit) for code, one in parts.items()}


def _events(event: str, name: str, asked: Asked, scope: ColumnElement[bool], as_of: datetime | None) -> Select[Any]:
    statement = select(feed.c.payload).where(feed.c.type == f"cn.talent.{event}.v1").order_by(feed.c.position)
    if as_of is not None:
        statement = statement.where(feed.c.at <= as_of)
    if name == "claims_paid":
        return statement.where(feed.c.payload["participation"].astext.in_(_people(asked, scope)))
    if event.startswith("placement") and asked.programme is not None:
        statement = statement.where(feed.c.payload["programme"].astext == asked.programme)
    if asked.session is not None and not name.startswith("findings"):
        statement = statement.where(feed.c.payload["session"].astext == asked.session)
    return statement


def _people(asked: Asked, scope: ColumnElement[bool]) -> Select[Any]:
    statement = select(cast(journey.c.id, feed.c.subject.type)).where(scope)
    for name in ("programme", "batch", "session"):
        wanted = getattr(asked, name)
        if wanted is not None:
            statement = statement.where(journey.c[name] == wanted)
    return statement


def _counts(payload: Payload, scope: ColumnElement[bool], known: Known, owners: Mapping[str, str]) -> bool:
    """Money and findings by fund; inspections by host, except for those who see everything."""
    if "finding" in payload:
        return owners[payload["finding"]] in known.funds
    if "inspection" in payload:
        return isinstance(scope, True_) or payload["host"] in known.hosts
    return "fund" not in payload or payload["fund"] in known.funds
