"""The rest of a year, reckoned by hand: groups, inspections, pre-training, a short class; what is done when, and owed.

Days and numbers are read off the policies' pages by a person; nothing here asks the code what is due. A thing is named
by a word of ours; the words are bound to ids as the service gives them (``Year.names``).

Long, and in one piece on purpose: it is read from the first day to the last beside the policies' pages, and half of it
would say nothing of what is owed on a day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from placement.testing.class_road import PROGRAMME as CLASS_PROGRAMME
from placement.testing.class_road import VERSION as CLASS_VERSION
from placement.testing.class_road import programme_file
from placement.testing.groups import Groups
from placement.testing.ways.online import COURSE
from placement.testing.ways.pretraining import EVENT
from shared.kernel.actor import Role
from shared.testing.actors import someone

Steps = tuple[tuple[int, str, frozenset[str] | None], ...]
Act = Callable[[], Coroutine[Any, Any, Any]]
MAIN: Steps = (
    (7, "sending_unit", frozenset({"submit-report"})), (14, "region", None), (30, "ministry", None),
)  # fmt: skip
OTHER: Steps = ((5, "region", None), (12, "ministry", frozenset({"submit-report"})))
CLASS: Steps = ((7, "region", None), (14, "ministry", None))
OFFICES = {"finish-sector-task": {"ministry"}, "conduct-inspection": {"region", "ministry"},
           "answer-findings": {"region", "ministry"}}  # fmt: skip
"""Offices that hear of a kind, where it is not all of them."""
FORMED_A, FORMED_B = date(2024, 7, 10), date(2024, 9, 10)
REPORTS_A = [date(2024, 10, 24), date(2025, 1, 24), date(2025, 4, 24), date(2025, 7, 15)]
"""Every three months from the day the group began, 15 days after each; the last stretch ends with the term."""
REPORTS_B = [date(2025, 3, 24), date(2025, 9, 15)]
"""Every six months, 15 days after each."""
DRAWN, VISIT = date(2024, 10, 8), date(2024, 11, 20)
ANNOUNCED, OPENS, CLOSES = date(2025, 2, 3), date(2025, 3, 10), date(2025, 3, 12)
UNITS = [f"cn/11/S00{n}" for n in range(3)]


@dataclass(frozen=True)
class Owed:
    """One obligation: owed from the day it arises to the day before it is done. ``whose`` is a person or a thing."""

    kind: str
    by: str
    whose: int | str
    arises: date
    due: date
    done: date
    steps: Steps = MAIN


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def escalations(owed: Iterable[Owed], last: date) -> Counter[tuple[str, int | str, str, int, date]]:
    """(kind, whose, office, step, day) of every step taken by ``last``.

    A thing that is due anew is the same obligation: each step is taken once for it. Of a person several are owed.
    """
    taken: Counter[tuple[str, int | str, str, int, date]] = Counter()
    before = set[tuple[str, int | str, str, int]]()
    for each in sorted(owed, key=lambda one: one.due):
        for number, (after, office, kinds) in enumerate(each.steps, 1):
            day, step = each.due + days(after), (each.kind, each.whose, each.by, number)
            hears = office in OFFICES.get(each.kind, {office}) and (kinds is None or each.kind in kinds)
            again = isinstance(each.whose, str) and step in before
            if hears and not again and office != each.by and each.arises <= day < each.done and day <= last:
                before.add(step)
                taken[each.kind, each.whose, office, number, day] += 1
    return taken


def _group(name: str, formed: date, due: list[date], read_within: int, steps: Steps) -> list[Owed]:
    owed = []
    for k, last in enumerate(due):
        done = handed(k, last)
        owed.append(Owed("submit-group-report", "group_leader", f"{name}{k + 1}", formed, last, done, steps))
        for by, read in (("region", done + days(20)), ("sending_unit", done + days(3))):
            until = max(last, done) + days(read_within)
            owed.append(Owed("acknowledge-group-report", by, f"{name}{k + 1}", done, until, read, steps))
    return owed


def handed(k: int, due: date) -> date:
    """The day on which the k-th report of a group is handed in: early, a day late, weeks late, late."""
    return due + days((-4, 1, 17, 6)[k])


def calendar() -> list[Owed]:
    """Everything that is owed besides cases, papers, reports and sector tasks."""
    ministry = "ministry"
    return [
        *_group("A", FORMED_A, REPORTS_A, 14, MAIN),
        *_group("B", FORMED_B, REPORTS_B, 6, OTHER),
        # Drawn for the main programme: carried out 35 days after the day that was planned.
        Owed("conduct-inspection", "region", "visit A", DRAWN, VISIT, date(2024, 12, 25)),
        # Found on 27 December: severe within 14 days, major within 30; the earlier day counts until it is answered.
        Owed("answer-findings", "host", "visit A", date(2024, 12, 27), date(2025, 1, 10), date(2025, 1, 28)),
        Owed("answer-findings", "host", "visit A", date(2025, 1, 28), date(2025, 1, 26), date(2025, 3, 1)),
        # Not enough: the major one anew from 5 March.
        Owed("answer-findings", "host", "visit A", date(2025, 3, 5), date(2025, 4, 4), date(2025, 4, 1)),
        # Planned by hand for the other programme, carried out on the day, nothing found: nothing else is owed.
        Owed("conduct-inspection", "region", "visit B", date(2024, 11, 4), VISIT, VISIT, OTHER),
        *(
            Owed("attend-pre-training", "trainee", n, date(2024, 6, 10), date(2024, 6, 20), date(2024, 6, 25))
            for n in range(1, 5)
        ),
        Owed("record-attendance", "region", "training", date(2024, 6, 10), date(2024, 6, 21), date(2024, 6, 25)),
        # The class: registration until 28 February, the roll is open from 4 February on.
        Owed("register-delegates", "sending_unit", UNITS[0], date(2025, 2, 4), date(2025, 2, 28), date(2025, 2, 10), CLASS),
        Owed("register-delegates", "sending_unit", UNITS[1], date(2025, 2, 4), date(2025, 2, 28), date(2025, 2, 28), CLASS),
        Owed("register-delegates", "sending_unit", UNITS[2], date(2025, 2, 4), date(2025, 2, 28), OPENS, CLASS),
        # A month after the opening for what is asked before it, after the closing for what is asked during it.
        Owed("answer-question", ministry, "before", date(2025, 2, 12), date(2025, 4, 9), date(2025, 3, 11), CLASS),
        Owed("answer-question", ministry, "during", date(2025, 3, 11), date(2025, 4, 11), CLOSES, CLASS),
        # Left for later study on 11 March; the policy says 90 days.
        Owed("follow-up-question", ministry, "before", date(2025, 3, 11), date(2025, 6, 9), date(2025, 6, 30), CLASS),
        # Handed out within a day of the opening; the call of a session on its day; the end with the last day.
        Owed("distribute-material", ministry, "compilation", OPENS, date(2025, 3, 11), date(2025, 3, 20), CLASS),
        Owed("call-class-session", "host", "lecture", OPENS, OPENS, date(2025, 3, 18), CLASS),
        Owed("call-class-session", "host", "qa", OPENS, CLOSES, date(2025, 3, 13), CLASS),
        Owed("evaluate-class", ministry, "class", OPENS, CLOSES, date(2025, 3, 29), CLASS),
    ]  # fmt: skip


class Year:
    """Does all this on its days, over the routes; ``names`` binds ids of the service to the words above."""

    def __init__(self, road: Any, other: str) -> None:
        self.road, self.other, self.names = road, other, dict[str, str]()
        self.plan = defaultdict[date, list[Act]](list)
        self.groups, self.region = Groups(road), road.people.region

    def on(self, day: date, act: Act) -> None:
        """Plan something."""
        self.plan[day].append(act)

    async def _post(self, actor: Any, path: str, body: Any = None) -> Any:
        return await self.road.ok(self.road.post(actor, path, body))

    def planned(self) -> dict[date, list[Act]]:
        """Everything, by day."""
        self._of_groups("A", range(1, 5), FORMED_A, REPORTS_A)
        self._of_groups("B", range(11, 15), FORMED_B, REPORTS_B)
        self._of_visits()
        self._of_training()
        self._of_courses()
        self._of_class()
        return self.plan

    def _of_groups(self, name: str, members: range, formed: date, due: list[date]) -> None:
        ids: dict[int, str] = {}
        leader = self.road.people.trainee(members[0])  # the appointment itself gives the right; no role in the token

        async def form() -> None:
            group = await self.groups.active(list(members), leader=members[0])
            for each in (await self.road.ok(self.road.get(self.region, f"/group-reports?group={group}")))["items"]:
                ids[each["period"]] = each["id"]
                self.names[each["id"]] = f"{name}{each['period']}"

        def later(k: int, actor: Any, verb: str, body: Any = None) -> Act:
            return lambda: self._post(actor, f"/group-reports/{ids[k + 1]}/{verb}", body)

        self.on(formed, form)
        for k, last in enumerate(due):
            done = handed(k, last)
            self.on(done, later(k, leader, "submit", {"text": "Work."}))
            self.on(done + days(3), later(k, self.road.people.unit, "acknowledge"))
            self.on(done + days(20), later(k, self.region, "acknowledge"))

    def _of_visits(self) -> None:
        ids: dict[str, str] = {}

        async def drawn() -> None:
            draw = await self._post(
                self.region, "/inspection-draws", {"programme": EVENT["programme"], "session": "2024"}
            )
            await self._post(self.region, f"/inspection-draws/{draw['id']}/confirm")
            (visit,) = (await self.road.ok(self.road.get(self.region, "/inspections")))["items"]
            assert DRAWN < date.fromisoformat(visit["planned_on"]) <= date(2024, 12, 31)
            if visit["planned_on"] != str(VISIT):
                await self._post(self.region, f"/inspections/{visit['id']}/reschedule", {"planned_on": str(VISIT)})
            ids["A"], self.names[visit["id"]] = visit["id"], "visit A"

        async def by_hand() -> None:
            body = {"programme": self.other, "session": "2024-b", "host": "hosts/H002", "planned_on": str(VISIT)}
            visit = await self._post(self.region, "/inspections", body)
            ids["B"], self.names[visit["id"]] = visit["id"], "visit B"

        def step(which: str, verb: str, body: Any = None, actor: Any = None) -> Act:
            return lambda: self._post(actor or self.region, f"/inspections/{ids[which]}/{verb}", body)

        def answer(number: int, on: date) -> Any:
            return {"items": [{"number": number, "measure": "mentor_assigned", "done_on": str(on)}]}

        host = self.road.people.host()
        found = [{"code": "mentor_absent", "severity": "major"}, {"code": "plan_missing", "severity": "severe"}]
        self.on(DRAWN, drawn)
        self.on(date(2024, 12, 25), step("A", "conduct", {"conducted_on": "2024-12-25"}))
        self.on(date(2024, 12, 27), step("A", "findings", {"items": found}))
        for number, day in ((2, date(2025, 1, 28)), (1, date(2025, 3, 1)), (1, date(2025, 4, 1))):
            self.on(day, step("A", "answer", answer(number, day), host))
        self.on(date(2025, 3, 5), step("A", "demand", {"numbers": [1]}))
        self.on(date(2025, 4, 8), step("A", "close"))
        self.on(date(2024, 11, 4), by_hand)
        self.on(VISIT, step("B", "conduct", {"conducted_on": str(VISIT)}))
        self.on(date(2024, 11, 22), step("B", "close"))

    def _of_training(self) -> None:
        ids: list[str] = []

        async def invite() -> None:
            event = EVENT | {"starts_on": "2024-06-20", "ends_on": "2024-06-21"}
            ids.append((await self._post(self.region, "/pre-trainings", event))["id"])
            self.names[ids[0]] = "training"
            await self._post(self.region, f"/pre-trainings/{ids[0]}/invitations", {})

        async def attended() -> None:
            items = [{"participation": self.road.pid(n), "attended": True} for n in range(1, 5)]
            await self._post(self.region, f"/pre-trainings/{ids[0]}/attendance", {"items": items})

        self.on(date(2024, 6, 10), invite)
        self.on(date(2024, 6, 25), attended)

    def _of_courses(self) -> None:
        """Person 1: 96 hours in 2024, 60 of them professional less than two thirds; 90 in 2025, 60 professional."""

        async def catalogue() -> None:
            items = [COURSE | {"code": f"p{n}", "hours": 30} for n in range(4)]
            items += [COURSE | {"code": f"q{n}", "subject": "public", "hours": 36 - 6 * n} for n in range(2)]
            await self.road.ok(self.road.put(self.region, "/online-courses", {"items": items}))

        def complete(*codes: str) -> Act:
            async def do() -> None:
                day = self.road.service.clock.at.date()
                items = [{"participation": self.road.pid(1), "course": code, "completed_on": str(day),
                          "reference": f"R-{code}"} for code in codes]  # fmt: skip
                provider = someone(Role.AGENCY, subject="zj-online", organisation="providers/zj-online")
                await self._post(provider, "/course-completions", {"items": items})

            return do

        self.on(date(2024, 8, 1), catalogue)
        self.on(date(2024, 8, 15), complete("p0"))
        self.on(date(2024, 12, 31), complete("p1", "q0"))
        self.on(date(2025, 1, 2), complete("p2", "q1"))
        self.on(date(2025, 6, 20), complete("p3"))

    def _of_class(self) -> None:
        ids: dict[str, str] = {}
        ministry, host = self.road.people.ministry, self.road.people.host()

        def step(path: str, body: Any = None, actor: Any = None) -> Act:
            return lambda: self._post(actor or ministry, f"/classes/{ids['class']}{path}", body)

        async def announce() -> None:
            content = programme_file(CLASS_PROGRAMME, CLASS_VERSION)
            content["escalation"] = [{"after_days": 7, "to": "region"}, {"after_days": 14, "to": "ministry"}]
            await self.road.ok(
                self.road.put(self.road.people.operator, f"/policies/{CLASS_PROGRAMME}/{CLASS_VERSION}", content)
            )
            made = await self._post(ministry, "/classes", {
                "programme": CLASS_PROGRAMME, "policy_version": CLASS_VERSION, "batch": CLASS_VERSION,
                "session": "2025", "code": "C2025", "title_zh": "培训班", "title_en": "Class", "organiser": "cn",
                "host": "hosts/H001", "starts_on": str(OPENS), "ends_on": str(CLOSES), "registers_until": "2025-02-28",
            })  # fmt: skip
            ids["class"], self.names[made["id"]] = made["id"], "class"

        async def roll() -> None:
            path = f"/classes/{ids['class']}"
            items = [{"unit": unit, "category": "technical-school", "province": "11"} for unit in UNITS]
            await self.road.ok(self.road.put(ministry, f"{path}/units", {"items": items}))
            slots = ((1, "lecture", 10), (2, "qa", 12))
            lessons = [
                {"number": n, "kind": kind, "topic_zh": kind, "topic_en": kind, "breakout": None,
                 "lecturers": ["L1"] if kind == "lecture" else [], "starts_at": f"2025-03-{day}T00:30:00Z",
                 "ends_at": f"2025-03-{day}T01:30:00Z"}
                for n, kind, day in slots
            ]  # fmt: skip
            await self.road.ok(self.road.put(ministry, f"{path}/sessions", {"items": lessons}))
            await self._post(ministry, f"{path}/materials", {"code": "compilation", "title_zh": "文件汇编",
                             "title_en": "Compilation", "reference": "doc:1"})  # fmt: skip
            await self._post(ministry, f"{path}/open-registration")
            for unit in (await self.road.ok(self.road.get(ministry, f"{path}/units")))["items"]:
                self.names[unit["id"]] = unit["unit"]

        def register(unit: str) -> Act:
            return step("/delegates", {"items": [{"unit": unit, "account": f"d-{unit[-1]}", "wait": True}]})

        def ask(word: str) -> Act:
            async def do() -> None:
                body = {"items": [{"topic": "policy", "text": "Why?"}]}
                asked = await self._post(ministry, f"/classes/{ids['class']}/questions", body)
                ids[word] = asked["items"][0]["id"]
                self.names[ids[word]] = word

            return do

        def decide(word: str, decision: str, text: str | None = None) -> Act:
            async def do() -> None:
                body = {"items": [{"question": ids[word], "decision": decision, "text": text}]}
                await self._post(ministry, f"/classes/{ids['class']}/answers", body)

            return do

        def call(number: int) -> Act:
            return step(f"/sessions/{number}/attendance", {"items": [], "rest": "present"}, host)

        self.on(ANNOUNCED, announce)
        self.on(date(2025, 2, 4), roll)
        self.on(date(2025, 2, 10), register(UNITS[0]))
        self.on(date(2025, 2, 12), ask("before"))
        self.on(date(2025, 2, 28), register(UNITS[1]))
        self.on(OPENS, step("/begin"))
        self.on(date(2025, 3, 11), ask("during"))
        self.on(date(2025, 3, 11), decide("before", "follow-up"))
        self.on(CLOSES, decide("during", "answer", "So."))
        self.on(date(2025, 3, 13), call(2))
        self.on(date(2025, 3, 18), call(1))
        self.on(date(2025, 3, 20), step("/materials/compilation/distributions", {"handed_on": "2025-03-20"}))
        self.on(date(2025, 3, 29), step("/evaluate"))
        self.on(date(2025, 6, 30), decide("before", "answer", "Studied."))

    def word(self, shown: Any) -> str:
        """Our word for the thing of an obligation; sessions and materials of the class say theirs as their state."""
        if shown["kind"] in {"distribute-material", "call-class-session"}:
            self.names[shown["subject"]] = shown["state"]
        return self.names[shown["subject"]]
