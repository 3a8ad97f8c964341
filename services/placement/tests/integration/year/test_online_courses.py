"""Online courses: a catalogue, completions by list and sheet, hours as a fact (D-07)."""

from __future__ import annotations

from typing import Any

from placement.adapters.jobs.steps import STEPS
from placement.domain.online import Subject, hours_of
from placement.domain.year_rules import CourseRules
from placement.testing.ways.online import COURSE
from shared.jobs.stepping import run_jobs
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone

PROVIDER = someone(Role.AGENCY, subject="zj-online", organisation="providers/zj-online")
ROUTE = "/v1/placement/course-completions"


async def catalogue(road: Any, *codes: str, **more: Any) -> None:
    items = [COURSE | {"code": code} | more for code in codes]
    await road.ok(road.service.call(road.people.region, "PUT", "/v1/placement/online-courses", {"items": items}))


def done(road: Any, number: int, course: str, **more: Any) -> dict[str, Any]:
    return {
        "participation": road.pid(number), "course": course, "completed_on": "2024-02-20",
        "reference": f"{course}-{number}",
    } | more  # fmt: skip


async def test_completions_count_once_and_make_hours(road: Any) -> None:
    """The same list again changes nothing; hours are summed by subject and year and shown to person and office."""
    await road.placed(2)
    await catalogue(road, "a", "b")
    await catalogue(road, "c", subject="public", hours=6)
    items = [done(road, 1, "a"), done(road, 1, "b"), done(road, 1, "c"), done(road, 2, "a", completed_on="2023-12-31")]

    first = await road.service.post(PROVIDER, ROUTE, {"items": items})
    again = await road.service.post(PROVIDER, ROUTE, {"items": items})

    assert (first.json(), again.json()) == ({"recorded": 4, "unchanged": 0}, {"recorded": 0, "unchanged": 4})
    path = f"/v1/placement/placements/{road.pid(1)}/course-hours"
    hours = (await road.service.get(road.people.region, path, params={"year": 2024})).json()
    assert (hours["professional"], hours["public"], hours["total"]) == (24, 6, 30)
    assert (hours["reaches_total"], hours["reaches_share"]) == (False, True)
    assert (hours["expected_total"], hours["expected_professional_share"]) == (90, "2/3")
    stranger = someone(Role.APPLICANT, subject="somebody-else")
    assert (await road.service.get(stranger, path, params={"year": 2024})).status_code == 404
    assert (await road.service.get(PROVIDER, ROUTE)).status_code == 403
    listed = (await road.service.get(road.people.region, ROUTE, params={"participation": road.pid(2)})).json()
    assert [row["hours"] for row in listed["items"]] == [12]


async def test_every_wrong_line_is_named_and_nothing_is_written(road: Any) -> None:
    """Unknown course and person, a day to come, twice in the list, completed before, no longer offered."""
    await road.placed(2)
    await catalogue(road, "a", "b")
    await catalogue(road, "old", offered=False)
    await road.ok(road.service.post(PROVIDER, ROUTE, {"items": [done(road, 1, "a")]}))
    items = [
        done(road, 1, "a", reference="another"), done(road, 1, "none"), done(road, 99, "a"),
        done(road, 2, "a", completed_on="2024-03-02"), done(road, 2, "b"), done(road, 2, "b"), done(road, 2, "old"),
    ]  # fmt: skip

    answer = await road.service.post(PROVIDER, ROUTE, {"items": items}, headers={"accept-language": "zh-CN"})

    found = {error["pointer"]: error["code"] for error in answer.json()["errors"]}
    assert found == {
        "/items/0": "completed-already", "/items/1": "unknown-course", "/items/2": "unknown-participation",
        "/items/3": "date-in-future", "/items/5": "duplicate-item", "/items/6": "course-not-offered",
    }  # fmt: skip
    assert "该学员已完成此课程" in answer.text
    assert await road.service.scalar("SELECT count(*) FROM course_completion") == 1
    foreign = someone(Role.REGIONAL_OFFICER, organisation="cn/65")
    hidden = await road.service.post(foreign, ROUTE, {"items": [done(road, 2, "b")]})
    assert (hidden.status_code, hidden.json()["errors"][0]["code"]) == (404, "unknown-participation")


async def test_a_sheet_is_taken_whole_or_not_at_all(road: Any) -> None:
    """Cells that do not fit are named by their address; a good sheet is recorded, and again changes nothing."""
    await road.placed(2)
    await catalogue(road, "a")
    head = "学员编号,课程代码,完成日期,完成证明编号\n"
    good = head + "".join(f"{road.pid(n)},a,2024-02-20,R-{n}\n" for n in (1, 2))
    wrong = head + f"{road.pid(1)},a,tomorrow,R-1\nnobody,a,2024-02-20,\n"

    async def sent(content: str) -> Any:
        headers = {"content-type": "text/csv"}
        return await road.service.call(
            PROVIDER, "POST", f"{ROUTE}/sheet", headers=headers, content=content.encode("utf-8-sig")
        )

    refused, taken, again = await sent(wrong), await sent(good), await sent(good)

    assert refused.status_code == 400
    assert len(refused.json()["errors"]) == 3
    assert (taken.json(), again.json()) == ({"recorded": 2, "unchanged": 0}, {"recorded": 0, "unchanged": 2})


async def test_two_imports_at_once_record_one(road: Any) -> None:
    """The database knows one completion per person and course, and one per reference of a provider."""
    await road.placed(2)
    await catalogue(road, "a")
    body = {"items": [done(road, 1, "a")]}

    answers = await road.service.race([road.service.post(PROVIDER, ROUTE, body) for _ in range(5)])
    taken = await road.service.post(PROVIDER, ROUTE, {"items": [done(road, 2, "a", reference="a-1")]})

    assert all(answer.status_code in {200, 409} for answer in answers)
    assert await road.service.scalar("SELECT count(*) FROM course_completion") == 1
    assert (taken.status_code, taken.json()["code"]) == (409, "reference-used")


def test_hours_are_a_fact_with_the_general_expectation_beside_it() -> None:
    """90 hours and two thirds are shown, exactly at the border too."""
    border = hours_of(CourseRules(), 2024, [(Subject.PROFESSIONAL, 60), (Subject.PUBLIC, 30)])
    below = hours_of(CourseRules(), 2024, [(Subject.PROFESSIONAL, 59), (Subject.PUBLIC, 30)])

    assert (border.total, border.reaches_hours, border.reaches_share) == (90, True, True)
    assert (below.reaches_hours, below.reaches_share) == (False, False)
    assert not hours_of(CourseRules(), 2024, []).reaches_share


async def test_a_large_sheet_of_an_office_takes_in_its_own_people_only(road: Any) -> None:
    """An office starts the job like a provider does; the step decides on every person by the office that asked."""
    await road.placed(1)
    await catalogue(road, "a")
    sheet = f"学员编号,课程代码,完成日期,完成证明编号\n{road.pid(1)},a,2024-02-20,a-1\n"
    elsewhere = someone(Role.REGIONAL_OFFICER, subject="acc-elsewhere", organisation="cn/11")

    jobs = [await _queued(road, actor, sheet) for actor in (elsewhere, road.people.region)]
    nobody = someone(Role.REGIONAL_OFFICER, subject="acc-nowhere", organisation="")
    refused = await road.service.call(
        nobody, "POST", f"{ROUTE}/imports", content=sheet.encode(), headers={"content-type": "text/csv"}
    )
    await run_jobs(road.service.running, STEPS)

    foreign, own = [await road.ok(road.get(actor, f"/jobs/{job}")) for actor, job in jobs]
    assert (foreign["state"], own["state"]) == ("failed", "done")
    assert "unknown-participation" in str(foreign["problem"])
    assert own["counts"] == {"recorded": 1, "unchanged": 0}
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")


async def _queued(road: Any, actor: Actor, sheet: str) -> tuple[Actor, str]:
    answer = await road.service.call(
        actor, "POST", f"{ROUTE}/imports", content=sheet.encode(), headers={"content-type": "text/csv"}
    )
    assert answer.status_code == 202, answer.text
    return actor, str(answer.json()["id"])
