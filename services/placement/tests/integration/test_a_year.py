"""A year and more, day by day: everything falls due on the day the policy says, none is missed and none doubled.

Eight people of two programmes with their groups, two inspections, a training before departure and a short class. What is owed is reckoned here a second time, from the numbers of the policies alone,
and compared with the feed of every day on which something should change; the duties that turn reports overdue and
escalate run on every day, and what they do is compared day by day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import text

from placement.testing import year_by_hand
from placement.testing.year_by_hand import Owed, Steps, Year, days, escalations
from placement.usecases.escalations.raise_overdue import raise_overdue
from placement.usecases.groups.form_groups import let_go
from placement.usecases.groups.report_for_groups import mark_group_reports_overdue
from placement.usecases.reports.handle_reports import mark_overdue
from shared.kernel.actor import Role
from shared.testing.actors import someone

FIRST, LAST = date(2024, 6, 10), date(2025, 10, 20)
NEVER = date.max
OTHER = "other-programme"
DEPARTMENTS = {"health": someone(Role.SECTOR_DEPARTMENT, organisation="sectors/health"),
               "education": someone(Role.SECTOR_DEPARTMENT, subject="edu", organisation="sectors/education")}  # fmt: skip


@dataclass(frozen=True)
class Programme:
    """The numbers of a policy, as a person would read them off the page."""

    months: int
    report_days: int
    acknowledge: int
    filing: int  # days, 0 where the policy names none
    tasks: tuple[tuple[str, str, int], ...]
    steps: Steps
    host: int
    sector: str
    start: date
    end: date
    session: str


A = Programme(
    3, 15, 14, 0, (("reception", "start", -14), ("conditions", "start", 0), ("contact", "start", 30)),
    year_by_hand.MAIN,
    1, "health", date(2024, 7, 1), date(2025, 6, 30), "2024",
)  # fmt: skip
B = Programme(
    2, 10, 5, 10, (("reception", "start", -60), ("farewell", "end", 10)),
    year_by_hand.OTHER,
    2, "education", date(2024, 9, 1), date(2025, 8, 31), "2024-b",
)  # fmt: skip
PEOPLE = {**dict.fromkeys(range(1, 5), A), **dict.fromkeys(range(11, 15), B)}


def later(day: date, months: int) -> date:
    """The same day of a later month; the days used here exist in every month."""
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)


def arrival(n: int) -> date:
    """The day on which a person arrives."""
    return PEOPLE[n].start + days(n % 4)


def signed(n: int) -> date:
    """The day on which a person signs; the unit signs a day later."""
    return FIRST + days(1 + n % 5)


def reports(n: int) -> Iterator[tuple[int, date, date]]:
    """(number, last day, day on which it is handed in) of a person's reports."""
    p = PEOPLE[n]
    count = 12 // p.months
    for k in range(count):
        covers_to = p.end if k == count - 1 else later(arrival(n), p.months * (k + 1)) - days(1)
        due = covers_to + days(p.report_days)
        yield k, due, due + days((-3, 0, 1, 9, 16, 35)[(n + k) % 6])


def tasks(n: int) -> Iterator[tuple[str, date, date]]:
    """(code, last day, day on which it is done) of the department's tasks for a person."""
    p = PEOPLE[n]
    for i, (code, base, offset) in enumerate(p.tasks):
        due = max((p.start if base == "start" else p.end) + days(offset), FIRST)
        yield code, due, due + days((-1, 5, 16, 33)[(n + i) % 4])


def filed(n: int) -> date:
    """The day on which a person's agreement is filed."""
    return signed(n) + days(1 + 8 + 9 * (n % 5))


def calendar() -> list[Owed]:
    """Everything that is owed between the first and the last day, by the policies' numbers."""
    owed = []
    for n, p in PEOPLE.items():
        owed += [
            Owed("record-arrival", "host", n, FIRST, p.start, arrival(n)),
            Owed("sign-agreement", "trainee", n, FIRST, p.start, signed(n)),
            Owed("sign-agreement", "sending_unit", n, FIRST, p.start, signed(n) + days(1)),
            Owed("record-pre-contact", "mentor", n, FIRST, p.start, FIRST + days(7 + n % 3)),
            Owed("consult-plan", "trainee", n, FIRST, p.start, FIRST + days(12)),
        ]
        if p.filing:
            last = signed(n) + days(1 + p.filing)
            owed.append(Owed("file-agreement", "sending_unit", n, signed(n) + days(1), last, filed(n)))
        owed += [Owed("finish-sector-task", "sector_department", n, FIRST, due, done) for _, due, done in tasks(n)]
        for k, due, done in reports(n):
            read = max(due, done) + days(p.acknowledge)
            owed += [
                Owed("submit-report", "trainee", n, arrival(n), due, done),
                Owed("acknowledge-report", "sending_unit", n, done, read, done + days(7)),
                Owed("acknowledge-report", "region", n, done, read, done + days((10, 20, 50)[k % 3])),
            ]
    return [replace(each, steps=PEOPLE[each.whose].steps) for each in owed if isinstance(each.whose, int)]


class Actors:
    """Does on every day what is done on that day."""

    def __init__(self, road: Any) -> None:
        self.road, self.plan = road, defaultdict[date, list[Callable[[], Coroutine[Any, Any, Any]]]](list)

    def on(self, day: date, actor: Any, path: Callable[[], str] | str, body: Any = None) -> None:
        """Plan one request; its path may need what only that day knows."""

        async def do() -> None:
            where = path if isinstance(path, str) else path()
            await self.road.ok(self.road.post(actor, where, body() if callable(body) else body))

        self.plan[day].append(do)


async def beginning(road: Any) -> dict[str, dict[int, Any]]:
    """The first day: everybody is placed, papers are offered and drafted; gives the ids by person."""
    people, ids = road.people, defaultdict[str, dict[int, Any]](dict)
    await road.policies()
    third = {k: v for k, v in road.content("batch-3").items() if k != "documents"}
    await road.ok(
        road.put(people.operator, f"/policies/{OTHER}/v1", third | {
            "programme": OTHER, "version": "v1",
            "reports": {"every_months": 2, "due_days": 10, "recipients": ["sending_unit", "region"]},
            "deadlines": {"acknowledge-report": 5, "file-agreement": 10, "acknowledge-group-report": 6},
            "escalation": [{"after_days": 5, "to": "region"},
                           {"after_days": 12, "to": "ministry", "kinds": ["submit-report"]}],
            "sector_tasks": [{"code": "reception", "from": "planned_start", "days": -60},
                             {"code": "farewell", "from": "planned_end", "days": 10}],
        })
    )  # fmt: skip
    lines = [road.host_line(1), road.host_line(2, sector="education", province="31")]
    await road.ok(road.put(people.operator, "/hosts", {"items": lines}))
    for p, version, name in ((A, "batch-4", "tibet-special-training"), (B, "v1", OTHER)):
        numbers = [n for n, programme in PEOPLE.items() if programme is p]
        host = people.host(p.host)
        offer = road.offer_text(p.host, 6, programme=name, policy_version=version, session=p.session)
        await road.ok(road.post(host, "/offers", offer))
        await road.receive(*(
            road.selected(n, programme=name, batch=version, policy_version=version, session=p.session,
                          planned_start=p.start, planned_end=p.end) for n in numbers
        ))  # fmt: skip
        run = await road.ok(road.post(people.ministry, "/matching-runs", {"session": p.session}))
        await road.ok(road.post(people.ministry, f"/matching-runs/{run['id']}/confirm"))
        await road.ok(road.post(host, "/decisions", road.items(numbers, decision="accept")))
        await road.ok(road.post(people.ministry, "/confirmations", road.items(numbers)))
        ids["agreement"] |= dict(zip(numbers, await road.offered_agreements(numbers), strict=True))
        mentors = [{"account": f"m-{p.host}-{i}", "title_level": "senior", "load_limit": 5} for i in (0, 1)]
        await road.ok(road.put(host, f"/hosts/H{p.host:03d}/mentors", {"items": mentors}))
        items = [{"participation": road.pid(n), "mentor": f"m-{p.host}-{n % 2}"} for n in numbers]
        made = (await road.ok(road.post(host, "/mentorships", {"items": items})))["items"]
        ids["mentorship"] |= {n: m["id"] for n, m in zip(numbers, made, strict=True)}
        parts = [{"mode": mode, "title": mode, "starts_on": str(p.start), "ends_on": str(p.end)}
                 for mode in ("work_post", "course")]  # fmt: skip
        plans = {"items": [road.plan_text(participation=road.pid(n), parts=parts) for n in numbers]}
        made = (await road.ok(road.post(host, "/plans", plans)))["items"]
        ids["plan"] |= {n: m["id"] for n, m in zip(numbers, made, strict=True)}
        listed = (await road.ok(road.get(DEPARTMENTS[p.sector], "/sector-tasks?limit=100")))["items"]
        for n in numbers:
            ids["task"][n] = {t["code"]: t["id"] for t in listed if t["participation"] == road.pid(n)}
    return ids


def planned(road: Any, ids: dict[str, dict[int, Any]]) -> Actors:
    """What is done on which day."""
    actors, people = Actors(road), road.people
    report: dict[tuple[int, int], str] = {}

    def learn(n: int) -> Callable[[], Coroutine[Any, Any, None]]:
        async def look() -> None:
            for found in await road.reports(people.trainee(n)):
                report[n, int(found["period"]) - 1] = found["id"]

        return look

    def of_report(n: int, k: int, verb: str) -> Callable[[], str]:
        return lambda: f"/reports/{report[n, k]}/{verb}"

    for n, p in PEOPLE.items():
        me, host, agreement, plan = people.trainee(n), people.host(p.host), ids["agreement"][n], ids["plan"][n]
        actors.on(signed(n), me, f"/agreements/{agreement}/sign")
        actors.on(signed(n) + days(1), people.unit, f"/agreements/{agreement}/sign")
        filing = {"items": [{"agreement": agreement, "number": f"F-{n}"}]}
        actors.on(filed(n), people.region, "/agreements/filings", filing)
        contact = FIRST + days(7 + n % 3)
        item = {"mentorship": ids["mentorship"][n], "contacted_on": str(contact)}
        actors.on(contact, host, "/mentorships/pre-contacts", {"items": [item]})
        actors.on(FIRST + days(12), me, f"/plans/{plan}/consult", {"comments": "Good.", "agrees": True})
        actors.on(FIRST + days(12), host, f"/plans/{plan}/approve")
        place = f"/placements/{road.pid(n)}"
        actors.on(arrival(n), host, f"{place}/arrive", {"arrived_on": str(arrival(n))})
        actors.plan[arrival(n)].append(learn(n))
        for code, _, done in tasks(n):
            actors.on(
                done, DEPARTMENTS[p.sector], f"/sector-tasks/{ids['task'][n][code]}/finish", {"done_on": str(done)}
            )
        for k, _, done in reports(n):
            actors.on(done, me, of_report(n, k, "submit"), {"text": "Work."})
            for actor, read in ((people.unit, done + days(7)), (people.region, done + days((10, 20, 50)[k % 3]))):
                actors.on(read, actor, of_report(n, k, "acknowledge"))
        actors.on(p.end + days(1), host, f"{place}/end", {"ended_on": str(p.end)})
        actors.on(p.end + days(3), people.unit, f"{place}/return", {"returned_on": str(p.end + days(3))})
    return actors


async def test_every_day_of_a_year_is_as_the_policies_say(road: Any) -> None:
    """3.1 no. 14, D-02, M-02, M-04, M-05: 498 days; the feed equals a calendar reckoned by other hands."""
    road.on(FIRST)
    ids = await beginning(road)
    actors, number = planned(road, ids), {road.pid(n): n for n in PEOPLE}
    year = Year(road, OTHER)
    for day, acts in year.planned().items():
        actors.plan[day] += acts
    owed, auditor = [*calendar(), *year_by_hand.calendar()], road.people.auditor
    overdue, group_overdue = (
        sorted(each.due + days(1) for each in owed if each.kind == kind and each.done > each.due + days(1))
        for kind in ("submit-report", "submit-group-report")
    )
    taken = escalations(owed, LAST)

    def whose(shown: Any) -> int | str:
        return number[shown["participation"]] if shown["participation"] else year.word(shown)

    changing = {d for each in owed for d in (each.arises, each.due + days(1), each.done)}
    day = FIRST
    while day <= LAST:
        road.on(day)
        for act in actors.plan[day]:
            await act()
        async with road.service.running.system_unit(f"duty:reports:{day}") as work:
            turned = await mark_overdue(work)
        async with road.service.running.system_unit(f"duty:group-reports:{day}") as work:
            group_turned = await mark_group_reports_overdue(work)
            await let_go(work)
        async with road.service.running.system_unit(f"duty:escalations:{day}") as work:
            raised = await raise_overdue(work)

        assert (turned, group_turned) == (overdue.count(day), group_overdue.count(day)), day
        assert raised == sum(count for key, count in taken.items() if key[-1] == day), day
        if day not in changing:
            day += days(1)
            continue
        shown = (await road.ok(road.get(auditor, "/obligations?limit=500")))["items"]
        found = Counter((i["kind"], i["owed_by"], whose(i), i["due_on"], i["urgency"] == "overdue")
                        for i in shown)  # fmt: skip
        assert found == Counter(
            (each.kind, each.by, each.whose, str(each.due), each.due < day)
            for each in owed if each.arises <= day < each.done
        ), day  # fmt: skip
        day += days(1)

    async with road.service.running.engine.connect() as connection:
        rows = await connection.execute(text("SELECT * FROM escalation"))
        kept = Counter(
            (r.kind, number[str(r.participation)] if r.participation else year.names[str(r.subject)], r.office, r.step,
             r.raised_on) for r in rows
        )  # fmt: skip
    assert kept == taken
    assert {"submit-group-report", "conduct-inspection", "answer-findings", "register-delegates",
            "follow-up-question", "call-class-session"} < {key[0] for key in taken}  # fmt: skip
    hours = [
        await road.ok(road.get(road.people.region, f"/placements/{road.pid(1)}/course-hours?year={each}"))
        for each in (2024, 2025)
    ]
    assert [(h["professional"], h["total"], h["reaches_total"], h["reaches_share"]) for h in hours] == [
        (60, 96, True, False), (60, 90, True, True),
    ]  # fmt: skip
    groups = (await road.ok(road.get(road.people.region, "/groups")))["items"]
    assert {each["state"] for each in groups} == {"dissolved"}
    ended = await road.heard("placement.ended")
    assert Counter((e["kind"], e["days_served"]) for e in ended) == Counter(
        ("normal", (p.end - arrival(n)).days + 1) for n, p in PEOPLE.items()
    )
