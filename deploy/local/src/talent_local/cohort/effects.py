"""What was done on a platform: asked before and after, equal answers mean that nothing was done meanwhile.

The one place that says what counts, for whoever asks the platform and wants to leave nothing behind, and for drills that
take a log away and demand that nothing happens twice.
"""

from __future__ import annotations

from typing import Final

from talent_local.cohort.audit import SAID, rows
from talent_local.home import Home
from talent_local.running.servers import SERVICES

Effects = dict[str, int]
"""``service event type`` and ``service act action`` → how many there ever were."""

OF_THE_CLOCK: Final = ("obligation.escalated",)
"""Acts of a due clock on a platform at rest: it goes on whoever asks or fails, and its turns are no effect of either."""

_COUNTED: Final = (
    f"SELECT 'event ' || type, count(*) FROM {SAID} GROUP BY type "  # noqa: S608 - a constant
    "UNION ALL SELECT 'act ' || action, count(*) FROM audit WHERE outcome = 'done' AND details ->> 'denied' IS NULL "
    "AND action <> ALL(%s) GROUP BY action"
)


def effects(home: Home) -> Effects:
    """Events announced and acts on record, those of persons, of events and of services alike; what was refused is none."""
    return {
        f"{service} {what}": count
        for service in SERVICES
        for what, count in rows(home, service, _COUNTED, list(OF_THE_CLOCK))
    }


def events(found: Effects) -> int:
    """How many events there are among them."""
    return sum(count for what, count in found.items() if what.split()[1] == "event")


def more(before: Effects, after: Effects) -> Effects:
    """What there is more (or, below zero, less) of than before."""
    differing = {what: after.get(what, 0) - before.get(what, 0) for what in before | after}
    return {what: count for what, count in differing.items() if count}
