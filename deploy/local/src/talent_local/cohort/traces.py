"""Commands whose traces are looked at, and whether a trace is whole: gateway, service, relay, consumer, database."""

from __future__ import annotations

from typing import Final

from shared.testing.collector import Seen
from talent_local.cohort import calendar
from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door
from talent_local.cohort.steps.setting_up import apply_programme

TOPIC: Final = "funding.events.v1"


def whole(spans: list[Seen]) -> dict[str, str]:
    """Trace of each command that froze or thawed → what is missing of it; empty when nothing is."""
    by_trace: dict[str, list[Seen]] = {}
    for span in spans:
        for trace in {span.trace, *(trace for trace, _ in span.links)}:
            by_trace.setdefault(trace, []).append(span)
    commands = {
        span.trace
        for span in spans
        if span.service == "funding" and span.kind == "SERVER" and span.name.endswith(("/freeze", "/thaw"))
    }
    busy = {span.parent for span in spans if span.kind == "CLIENT"}
    return {trace: _missing(trace, by_trace[trace], busy) for trace in commands}


def _missing(trace: str, spans: list[Seen], busy: set[str]) -> str:
    door = [s for s in spans if s.service == "gateway" and s.kind == "SERVER" and s.trace == trace and not s.parent]
    service = [
        s for s in spans
        if s.service == "funding" and s.kind == "SERVER" and s.parent in {d.span for d in door}
        and s.attributes.get("talent.outbox.events", 0) >= 1 and "talent.command" in s.attributes
    ]  # fmt: skip
    made = {(trace, s.span) for s in service}
    relay = [s for s in spans if s.name == f"{TOPIC} publish" and s.kind == "PRODUCER" and made & set(s.links)]
    hops = {(s.trace, s.span) for s in relay}
    consumer = [
        s for s in spans
        if s.service == "gateway" and s.name == f"{TOPIC} process" and s.kind == "CONSUMER"
        and ((s.trace, s.parent) in made or made & set(s.links)) and hops & set(s.links)
    ]  # fmt: skip
    database = [s for s in consumer if s.span in busy]
    stages = {"door": door, "service": service, "relay": relay, "consumer": consumer, "database": database}
    return ", ".join(name for name, found in stages.items() if not found)


async def a_fund(door: Door) -> str:
    """Opens one that may be frozen and thawed as often as one likes; its id."""
    await apply_programme(door, SMALL)
    body = {
        "code": "traced", "name": "经费", "programme": calendar.PROGRAMME, "policy": calendar.BATCH,
        "sources": [{"code": "central", "name": "中央财政"}],
    }  # fmt: skip
    opened = await door.post(persons.PREPARER, "/v1/funding/funds", body, step="fund")
    return str(opened["id"])


async def turn(door: Door, fund: str, number: int) -> None:
    """Freezes or thaws it: a command about money, one event, one consumer."""
    action = ("freeze", "thaw")[number % 2]
    body = {"reason": "A word that nobody may read."}
    await door.post(persons.APPROVER, f"/v1/funding/funds/{fund}/{action}", body, step=f"turn-{number}")
