"""Shapes that several nouns share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from shared.http.resources import Body, CodeText, Line, Prose, Resource
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate

T = TypeVar("T")

HostPath = Annotated[str, Field(pattern=r"^hosts/[A-Za-z0-9-]{1,40}$", examples=["hosts/H001"])]
Account = CodeText
"""The opaque account of a person, never a name."""
Codes = Annotated[list[CodeText], Field(max_length=200)]

__all__ = [
    "NOTHING",
    "Account",
    "CodeText",
    "Codes",
    "Done",
    "DoneItem",
    "HostPath",
    "Items",
    "Line",
    "NoMembers",
    "Prose",
    "ReasonCode",
    "ReasonText",
]  # fmt: skip


class Items(Body, Generic[T]):
    """A list that is done as a whole or not at all."""

    items: Annotated[list[T], Field(min_length=1, max_length=1000)]


class NoMembers(Body):
    """A request without members."""


NOTHING = NoMembers()
"""The default of bodies without members, so that a request may come without one."""


class ReasonText(Body):
    """Why, in words."""

    reason: Prose


class ReasonCode(Body):
    """Why, by a code of the policy's list."""

    reason: CodeText


class DoneItem(Resource):
    """What became of one item."""

    id: UUID
    version: int
    state: str


class Done(Resource):
    """What a list led to, item by item in the order of the request."""

    count: int
    items: list[DoneItem]

    @classmethod
    def of(cls, things: Iterable[Aggregate], _: Actor) -> Done:
        """The answer for things with a lifecycle."""
        items = [DoneItem(id=thing.id, version=thing.version, state=_state(thing)) for thing in things]
        return cls(count=len(items), items=items)


def _state(thing: Any) -> str:
    return str(thing.state)
