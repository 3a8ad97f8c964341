"""Shapes of re-allocations and of the sources behind an entry."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import Category, Money, MoneyIn, SessionCode, money
from funding.domain.budgets.reallocation import Reallocation
from shared.http.resources import Body, Prose, Resource
from shared.kernel.actor import Actor


class ShiftBody(Body):
    """Money out of one category into another (or the same) one."""

    source: Category
    target: Category
    amount: MoneyIn


class AskReallocation(Body):
    """Free money to be moved from one session to another, or between categories of one session."""

    giver: SessionCode
    taker: SessionCode
    shifts: list[ShiftBody] = Field(min_length=1, max_length=50)
    reason: Prose


class ShiftOut(Resource):
    """Money out of one category into another."""

    source: str
    target: str
    amount: Money


class SourceAmount(Resource):
    """Money of one source."""

    source: str
    amount: Money


class ReallocationOut(Resource):
    """A re-allocation; its chain of signatures is at ``/v1/funding/approvals?subject=<id>``."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    fund: UUID
    giver: str
    taker: str
    amount: Money
    shifts: list[ShiftOut]
    reason: str
    asked_by: str
    asked_on: date
    sources: list[SourceAmount]
    refusal: str | None

    @classmethod
    def of(cls, each: Reallocation, actor: Actor) -> ReallocationOut:
        """The representation."""
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            allowed_actions=each.allowed_actions(actor),
            fund=each.fund,
            giver=each.giver,
            taker=each.taker,
            amount=money(each.amount),
            shifts=[ShiftOut(source=x.source, target=x.target, amount=money(x.amount)) for x in each.shifts],
            reason=each.reason,
            asked_by=each.asked_by,
            asked_on=each.asked_on,
            sources=sources_of(each.sources),
            refusal=each.refusal,
        )


class SourceShare(Resource):
    """A signed amount of one source."""

    source: str
    amount: str


class PostingSources(Resource):
    """A posting and whose money it moved."""

    kind: str
    owner: str
    category: str | None
    amount: str
    sources: list[SourceShare]


class SourcesOut(Resource):
    """An entry, posting by posting, by source."""

    entry: UUID
    postings: list[PostingSources]


def sources_of(parts: dict[str, int]) -> list[SourceAmount]:
    """Fen by source as a list, ordered by source."""
    return [SourceAmount(source=source, amount=money(amount)) for source, amount in sorted(parts.items())]
