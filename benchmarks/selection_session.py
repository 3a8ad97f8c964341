"""A session with thousands of applicants, everything over HTTP through the gateway of a platform of its own.

Most people arrive by spreadsheet, the others apply by themselves with 32 clients at once; then recommendations, local
reviews, the panel's sheets, classification, balancing, the roster fixed, filed and acknowledged. Prints what each step
took and at which rate. ``python benchmarks/selection_session.py [applicants]``; it wants a quiet machine.
"""

from __future__ import annotations

import asyncio
import io
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

sys.path.insert(0, str(Path(__file__).parent))
import sheet_people as people

from selection.adapters.sheets.columns import application_columns
from shared.sheets.columns import Sheet
from shared.sheets.writing import XLSX_TYPE, write_xlsx
from talent_local.client import origin
from talent_local.cohort import calendar
from talent_local.cohort.cohort import scaled_batch, scaled_nodes
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door
from talent_local.cohort.road.persons import Person
from talent_local.cohort.trial import a_platform
from talent_local.commands.clock import set_clock
from talent_local.home import Home

BASE = "/v1/selection"
CLIENTS = 32
BULK = 2000
SELF_SHARE = 10
"""Percent of the applicants who apply by themselves."""
PLACES_SHARE = 30
PLANNED_PLACES = 180
CRITERIA = ("key-points", "urgent-needs", "grassroots", "best-of-best")


class Bench:
    """One session on a running platform, with a clock on every step."""

    def __init__(self, home: Home, door: Door, applicants: int) -> None:
        self.home, self.door, self.count = home, door, applicants
        self.table: list[tuple[str, int, float]] = []
        self.singles: list[float] = []
        self.session = self.call = ""

    async def step(self, name: str, items: int, act: Callable[[], Awaitable[Any]]) -> Any:
        """Do one step and note what it took."""
        began = time.perf_counter()
        answer = await act()
        seconds = time.perf_counter() - began
        self.table.append((name, items, seconds))
        print(f"{name:44} {items:7} {seconds:9.2f} s {items / seconds:10.0f}/s", flush=True)
        return answer

    async def post(self, person: Person, path: str, body: Any = None, subject: str = "") -> Any:
        """A command of a person."""
        return await self.door.post(person, BASE + path, body, step="bench", subject=subject)

    async def put(self, path: str, body: Any) -> Any:
        """A command of the operator."""
        return await self.door.command(persons.OPERATOR, "PUT", BASE + path, body, step="bench")

    async def set_up(self) -> None:
        """Organisations, policies, the session at the size of the bench, the call."""
        places = self.count * PLACES_SHARE // 100
        await self.put("/organisations", {"items": people.organisations()})
        for version in ("batch-3", "batch-4"):
            await self.put(f"/policies/{people.PROGRAMME}/{version}", people.content(version))
        batch = scaled_batch(people.content("batch-4", "programme"), calendar.SESSION, places)
        await self.put(f"/programmes/{people.PROGRAMME}/batches/batch-4", batch)
        policy = await self.door.get(persons.OPERATOR, f"{BASE}/policies/{people.PROGRAMME}/batch-4")
        plan = next(row for row in policy["resolved"]["sessions"] if row["code"] == calendar.SESSION)
        nodes = scaled_nodes(plan["quota_nodes"], places, PLANNED_PLACES)
        for node in nodes:
            node["min"] = node["min"] if not node.get("match") else 0
        body = {"programme": people.PROGRAMME, "batch": "batch-4", "session": calendar.SESSION, "quota_nodes": nodes}
        self.session = (await self.post(persons.REGIONAL, "/sessions", body))["id"]
        window = {"opens_at": calendar.CALL_OPENS, "closes_at": calendar.CALL_CLOSES, "scope": "cn/54"}
        self.call = (await self.post(persons.REGIONAL, "/calls", {"session": self.session} | window))["id"]

    async def import_sheet(self, count: int) -> None:
        """Upload, dry run, confirmation, application."""
        columns = application_columns({"codes": people.codes()})
        sheet = Sheet(name="people", columns=columns, rows=people.sheet_rows(count))
        content = await self.step("write the sheet (the bench itself)", count, lambda: asyncio.to_thread(
            write_xlsx, [sheet], "zh"
        ))  # fmt: skip
        job = await self.step(f"upload {len(content) / 1e6:.1f} MB of XLSX", count, lambda: self.upload(content))
        checked = await self.step("dry run: every row checked", count, lambda: self.until(job["id"], "checked"))
        if checked["counts"]["ok"] != count:
            raise SystemExit(f"not every row is right: {checked['counts']}")
        await self.post(persons.REGIONAL, f"/jobs/{job['id']}/confirm")
        await self.step("confirmed: rows become applications", count, lambda: self.until(job["id"], "done"))

    async def upload(self, content: bytes) -> Any:
        """Send a sheet through the gateway."""
        token = await self.door.token(persons.REGIONAL)
        url = f"{self.door.gateway}{BASE}/calls/{self.call}/imports?language=zh"
        headers = {"authorization": f"Bearer {token}", "content-type": XLSX_TYPE}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=io.BytesIO(content), headers=headers) as answer,
        ):
            if answer.status != 202:
                raise SystemExit(f"upload: {answer.status} {await answer.text()}")
            return await answer.json()

    async def until(self, job: str, state: str) -> Any:
        """Look at a job until it stands where it should."""
        while True:
            known = await self.door.get(persons.REGIONAL, f"{BASE}/jobs/{job}")
            if known["state"] == state:
                return known
            if known["state"] in {"failed", "cancelled"}:
                raise SystemExit(f"job {known}")
            await asyncio.sleep(0.2)

    async def apply_singly(self, first: int, count: int) -> None:
        """Create and hand in, by as many clients at once."""
        specialties = [row["code"] for row in people.codes()["specialties"]]
        numbers = iter(range(first, first + count))

        async def client() -> None:
            for number in numbers:
                who = Person(f"acc-bench-{number}", "applicant", people.unit_of(number))
                person = {
                    "name_zh": f"扎西{number}", "birth_date": people.born(number).isoformat(),
                    "identity_number": people.identity(number), "phone": f"139{number:08d}",
                }  # fmt: skip
                body = {"call": self.call, "unit": who.organisation, "person": person}
                await self.door.token(who)
                began = time.perf_counter()
                made = await self.post(who, "/applications", body | people.statement(number, specialties))
                self.singles.append(time.perf_counter() - began)
                await self.post(who, f"/applications/{made['id']}/submit")

        await asyncio.gather(*(client() for _ in range(CLIENTS)))

    async def deliberate(self) -> None:
        """Everything after the applications."""
        rows = await self.step("list every application, pages of 100", self.count, lambda: self.door.all(
            persons.REGIONAL, f"{BASE}/applications", session=self.session
        ))  # fmt: skip
        ids = [row["id"] for row in rows]
        units, offices = _grouped(rows, "unit"), _grouped(rows, "reviewer")
        await self.step("recommendations, a request per unit", len(ids), lambda: _all(
            self.post(Person(f"acc-officer-{unit}".replace("/", "-"), "unit_officer", unit), "/recommendations",
                      {"items": [{"application": id, "opinion": "given"} for id in mine]})
            for unit, mine in units.items()
        ))  # fmt: skip
        set_clock(self.home, calendar.REVIEWING)
        await self.step("local reviews, a request per 2000", len(ids), lambda: _all(
            self.post(persons.reviewer(office), "/reviews",
                      {"items": [{"application": id, "decision": "approve"} for id in part]})
            for office, mine in offices.items() for part in _parts(mine)
        ))  # fmt: skip
        set_clock(self.home, calendar.DELIBERATING)
        experts = [expert.account for expert in persons.EXPERTS]
        panel = await self.post(
            persons.REGIONAL, "/panels", {"session": self.session, "name": "bench", "experts": experts}
        )
        path = f"/panels/{panel['id']}"
        await self.step("score sheets, three experts", 3 * len(ids), lambda: _all(
            self.post(expert, f"{path}/score-sheets", {"items": [
                {"application": id, "scores": dict.fromkeys(CRITERIA, 40 + (hash(id) + nth) % 60)} for id in part
            ]})
            for nth, expert in enumerate(persons.EXPERTS) for part in _parts(ids)
        ))  # fmt: skip
        await self.step("panel concluded", len(ids), lambda: self.post(persons.REGIONAL, f"{path}/conclude"))
        await self.step("study directions", len(ids), lambda: _all(
            self.post(persons.REGIONAL, f"/sessions/{self.session}/classifications", {"items": [
                {"application": id, "study_direction": "clinical-practice"} for id in part
            ]})
            for part in _parts(ids)
        ))  # fmt: skip
        set_clock(self.home, calendar.BALANCING)
        run = await self.step("balancing run", len(ids), lambda: self.post(
            persons.REGIONAL, f"/sessions/{self.session}/balancing-runs"
        ))  # fmt: skip
        roster = await self.step("run confirmed", len(ids), lambda: self.post(
            persons.REGIONAL, f"/balancing-runs/{run['id']}/confirm"
        ))  # fmt: skip
        path = f"/rosters/{roster['id']}"
        await self.step(f"roster fixed, {run['selected_count']} selected", len(ids), lambda: self.post(
            persons.REGIONAL, f"{path}/fix"
        ))  # fmt: skip
        await self.step("filed and acknowledged", 1, lambda: self.filed(path))

    async def filed(self, path: str) -> None:
        """File, and take the receipt."""
        await self.post(persons.REGIONAL, f"{path}/file")
        await self.post(persons.MINISTRY, f"{path}/acknowledge", {"receipt": "BENCH-1"})


async def main(applicants: int) -> None:
    """Start a platform, run the session, stop the platform."""
    with a_platform() as home:
        set_clock(home, calendar.APPLYING)
        async with Door(origin(home, "gateway"), origin(home, "issuer")) as door:
            door._turns = asyncio.Semaphore(CLIENTS)
            bench = Bench(home, door, applicants)
            alone = applicants * SELF_SHARE // 100
            await bench.set_up()
            began = time.perf_counter()
            await bench.import_sheet(applicants - alone)
            await bench.step(
                f"apply and hand in singly, {CLIENTS} clients",
                alone,
                lambda: bench.apply_singly(applicants - alone, alone),
            )
            await bench.deliberate()
            print(f"{'the whole session':44} {applicants:7} {time.perf_counter() - began:9.2f} s")
            cuts = statistics.quantiles(bench.singles, n=100)
            print(f"single POST: p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms")


def _grouped(rows: Iterable[dict[str, Any]], member: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row[member]].append(row["id"])
    return groups


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[at : at + BULK] for at in range(0, len(ids), BULK)]


async def _all(acts: Iterable[Awaitable[Any]]) -> None:
    await asyncio.gather(*acts)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
