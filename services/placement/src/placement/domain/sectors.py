"""What the department of a host's sector does for a placement: reception, conditions, contact (M-02)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

from shared.kernel.actor import Actor, Role, system
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import RuleViolated

BASES = ("planned_start", "planned_end")


class SectorTaskState(StrEnum):
    """Open until done or not needed; lapsed when the placement is over or has left the host before."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"
    LAPSED = "lapsed"


S = SectorTaskState
_DEPARTMENT = frozenset({Role.SECTOR_DEPARTMENT})

SECTOR_TASK = Lifecycle(
    "sector task",
    initial=S.OPEN,
    transitions=[
        Transition("finish", S.OPEN, S.DONE, _DEPARTMENT),
        Transition("waive", S.OPEN, S.NOT_NEEDED, _DEPARTMENT | {Role.MINISTRY_OFFICER}),
        Transition("lapse", S.OPEN, S.LAPSED, frozenset({Role.SYSTEM})),
    ],
)


@dataclass(frozen=True, slots=True)
class SectorTaskRule:
    """One line of the policy's list: what, and how many days before (negative) or after which planned day."""

    code: str
    base: str
    days: int

    @classmethod
    def of(cls, member: Mapping[str, Any]) -> SectorTaskRule:
        """Read a line that passed the schema."""
        return cls(member["code"], member["from"], member["days"])


@dataclass(kw_only=True)
class SectorTask(Aggregate):
    """One task of one department for one placement. ``department`` is ``sectors/<sector>/<province>``."""

    lifecycle: ClassVar[Lifecycle[SectorTaskState]] = SECTOR_TASK

    participation: UUID
    department: str
    host: str
    code: str
    due_on: date
    state: SectorTaskState = SectorTaskState.OPEN
    done_on: date | None = None
    reason: str | None = None

    def finish(self, on: date, today: date, *, by: Actor) -> None:
        """The department did it. Raises ``RuleViolated``: ``date-in-future``."""
        self._advance("finish", by)
        if on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="M-02")
        self.done_on = on

    def waive(self, reason: str, today: date, *, by: Actor) -> None:
        """It is not needed here, and why."""
        self._advance("waive", by)
        self.reason, self.done_on = reason, today

    def lapse(self) -> None:
        """Nobody will live through what it was for."""
        self._advance("lapse", system("placement"))


def department_of(sector: str, province: str) -> str:
    """The department that answers for hosts of a sector in a province."""
    return f"sectors/{sector}/{province}"


class _Placed(Protocol):
    """What the tasks are reckoned from."""

    @property
    def planned_start(self) -> date:
        """The first day."""
        ...

    @property
    def planned_end(self) -> date:
        """The last day."""
        ...


def tasks_due(rules: tuple[SectorTaskRule, ...], placed: _Placed, *, not_before: date) -> Iterator[tuple[str, date]]:
    """(code, last day) for every task of the list; none is due before the day it comes into being."""
    for rule in rules:
        base = placed.planned_start if rule.base == "planned_start" else placed.planned_end
        yield rule.code, max(base + timedelta(days=rule.days), not_before)
