"""What other services say of one person, as lists of single facts; their order and number must not matter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from uuid import UUID

from funding.testing.office import START, Office

Heard = Callable[[Office, UUID], Awaitable[None]]


def _chosen(o: Office, who: UUID) -> Awaitable[None]:
    return o.selected(who)


def _dropped(o: Office, who: UUID) -> Awaitable[None]:
    return o.deselected(who, 2)


def _chosen_again(o: Office, who: UUID) -> Awaitable[None]:
    return o.selected(who, 3)


def _placed(o: Office, who: UUID) -> Awaitable[None]:
    return o.placed(who)


def _arrived(o: Office, who: UUID) -> Awaitable[None]:
    return o.arrived(who)


def _late(o: Office, who: UUID) -> Awaitable[None]:
    return o.arrived(who, date(2024, 8, 1), late=True)


def _moved(o: Office, who: UUID) -> Awaitable[None]:
    return o.transferred(who, "hosts/H002", date(2024, 10, 1))


def _moved_again(o: Office, who: UUID) -> Awaitable[None]:
    return o.transferred(who, "hosts/H003", date(2025, 2, 1))


def _ended(o: Office, who: UUID) -> Awaitable[None]:
    return o.ended(who)


def _broken_off(o: Office, who: UUID) -> Awaitable[None]:
    return o.ended(who, "early", date(2024, 10, 8), 100)


def _no_show(o: Office, who: UUID) -> Awaitable[None]:
    return o.ended(who, "no_show", START, 0)


def _withdrawn(o: Office, who: UUID) -> Awaitable[None]:
    return o.withdrawn(who)


def _passed(o: Office, who: UUID) -> Awaitable[None]:
    return o.assessed(who)


def _failed(o: Office, who: UUID) -> Awaitable[None]:
    return o.assessed(who, passed=False, on=date(2025, 7, 5))


def _certified(o: Office, who: UUID) -> Awaitable[None]:
    return o.certified(who)


def _revoked(o: Office, who: UUID) -> Awaitable[None]:
    return o.revoked(who)


STORIES: Final[dict[str, list[Heard]]] = {
    "the whole way": [_chosen, _placed, _arrived, _ended, _passed, _certified],
    "revoked": [_chosen, _placed, _arrived, _ended, _passed, _certified, _revoked],
    "late and moved twice": [_chosen, _placed, _late, _moved, _moved_again, _ended, _passed, _certified],
    "broken off": [_chosen, _placed, _arrived, _broken_off],
    "withdrawn before the start": [_chosen, _placed, _withdrawn],
    "withdrawn while there": [_chosen, _placed, _arrived, _withdrawn, _broken_off],
    "never came": [_chosen, _placed, _no_show],
    "failed": [_chosen, _placed, _arrived, _ended, _failed],
    "passed the second time": [_chosen, _placed, _arrived, _ended, _failed, _passed, _certified],
    "dropped": [_chosen, _dropped],
    "dropped and chosen again": [_chosen, _dropped, _chosen_again, _placed, _arrived],
    "dropped after placing": [_chosen, _placed, _dropped],
}
"""Every story that the platform tells funding, each fact once and in the order of life."""
