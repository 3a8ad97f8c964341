"""One RFC 5545 object out of obligations: the same obligations give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal

from placement.adapters.calendar.wording import NAME, summary

Component = Literal["todo", "event"]
DOMAIN = "placement.talent-programme"


def calendar_of(rows: Iterable[Any], *, component: Component, locale: str) -> bytes:
    """The calendar.

    Args:
        rows: of the obligations' sources; ``id`` gives the UID, ``revision`` the SEQUENCE.
        component: ``todo`` for programmes that keep tasks, ``event`` (the whole last day) for all others.
        locale: of the summaries.
    """
    from icalendar import Calendar, Event, Todo

    calendar = Calendar()
    calendar.add("prodid", "-//Talent Programme Platform//Placement//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NAME[0] if locale.startswith("zh") else NAME[1])
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for row in rows:
        item: Any = Todo() if component == "todo" else Event()
        item.add("uid", f"{row.id}@{DOMAIN}")
        item.add("sequence", row.revision)
        item.add("dtstamp", row.updated_at)
        item.add("last-modified", row.updated_at)
        item.add("summary", summary(row.kind, locale))
        item.add("categories", [row.kind])
        item.add("description", f"{row.subject_kind} {row.subject}")
        item.add("class", "CONFIDENTIAL")
        if component == "todo":
            item.add("due", row.due_on)
            item.add("status", "NEEDS-ACTION")
        else:
            item.add("dtstart", row.due_on)
            item.add("dtend", row.due_on + timedelta(days=1))
            item.add("transp", "TRANSPARENT")
        calendar.add_component(item)
    content: bytes = calendar.to_ical()
    return content
