"""The register and the archives: hosts over the years, one placement's line of days, figures as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from shared.kernel.actor import Role
from shared.testing.actors import someone


def said(answer: Any) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


async def test_a_paused_host_offers_nothing(road: Any) -> None:
    """P-04: not while offers are open; paused and closed hosts offer no places; the host itself may not do it."""
    offer = (await road.offers(1))[0]
    ministry, host = road.people.ministry, road.people.host()
    assert said(await road.post(ministry, "/hosts/H001/pause")) == (409, "host-has-offers")
    assert (await road.post(host, "/hosts/H001/pause")).status_code == 403
    assert (await road.post(ministry, "/hosts/H404/pause")).status_code == 404
    await road.ok(road.post(host, f"/offers/{offer}/close"))
    paused = await road.ok(road.post(ministry, "/hosts/H001/pause"))
    stale = await road.post(ministry, "/hosts/H001/resume", if_match=99)
    zh = await road.post(host, "/offers", road.offer_text(1, 2), headers={"accept-language": "zh-CN"})
    assert (paused["state"], paused["allowed_actions"], stale.status_code) == ("paused", ["close", "resume"], 412)
    assert (said(zh), zh.json()["detail"]) == ((409, "host-not-active"), "该培养单位已暂停或关闭，不能提供名额。")

    await road.ok(road.post(ministry, "/hosts/H001/resume"))
    answers = await road.service.race(
        [road.post(host, "/offers", road.offer_text(1, 2)), road.post(ministry, "/hosts/H001/pause")]
    )
    assert sorted(answer.status_code < 300 for answer in answers) == [False, True]


async def test_178_hosts_in_21_provinces(road: Any) -> None:
    """S0: the register holds the numbers of the programme, paged by province; coordinators are offices."""
    provinces = ["11", "12", "13", "14", "21", "22", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
                 "50", "51", "53", "61"]  # fmt: skip
    lines = [road.host_line(n, province=provinces[n % 21], coordinator=f"office-{n}") for n in range(1, 179)]
    await road.ok(road.put(road.people.operator, "/hosts", {"items": lines}))

    found, cursor = [], ""
    while True:
        page = await road.ok(road.get(road.people.region, f"/hosts?limit=100{cursor}"))
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert (len(found), len({host["province"] for host in found})) == (178, 21)
    assert {host["state"] for host in found} == {"active"}
    assert sum(host["province"] == "11" for host in found) == 178 // 21


async def test_a_host_is_remembered_session_by_session(road: Any) -> None:
    """D-08: offers, arrivals, ends and mentors of every session; paged, of a transferred person at both hosts."""
    await road.arrived(3)
    await road.hosts(2)
    moved = (await road.ok(road.post(road.people.host(2), "/offers", road.offer_text(2, 2))))["id"]
    await road.ok(road.post(road.people.host(), "/offers", road.offer_text(1, 4, session="2023")))
    road.on(date(2024, 12, 1))
    body = {"effective_on": "2024-11-01", "offer": moved, "reason": "host_unable"}
    await road.ok(road.post(road.people.ministry, f"/placements/{road.pid(3)}/transfer", body))
    end = {"ended_on": "2024-10-31", "reason": "health"}
    await road.ok(road.post(road.people.host(), f"/placements/{road.pid(2)}/end", end))

    first = await road.ok(road.get(road.people.host(), "/hosts/H001/archive?limit=1"))
    rest = await road.ok(road.get(road.people.host(), f"/hosts/H001/archive?limit=1&cursor={first['next_cursor']}"))
    other = (await road.ok(road.get(road.people.ministry, "/hosts/H002/archive")))["items"][0]

    assert first["items"][0] == {
        "session": "2024", "offers": 1, "places": 3, "accepted": 2, "placements": 3, "arrived_on_time": 3,
        "arrived_late": 0, "no_shows": 0, "ended_normally": 0, "ended_early": 1, "running": 2, "mentors": 1,
        "inspections": 0, "findings": 0,
    }  # fmt: skip
    assert ([i["session"] for i in rest["items"]], rest["items"][0]["places"], rest["next_cursor"]) == (
        ["2023"],
        4,
        None,
    )
    assert (other["placements"], other["running"], other["accepted"]) == (1, 1, 1)
    assert (await road.get(road.people.host(2), "/hosts/H001/archive")).status_code == 404
    assert (await road.get(road.people.unit, "/hosts/H001/archive")).status_code == 403


async def test_a_placement_is_a_line_of_days(road: Any) -> None:
    """D-08: it goes on after the return; hosts hear nothing of reports (D-02), strangers of nothing."""
    await road.arrived(1)
    road.on(date(2025, 7, 3))
    await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/end", {"ended_on": "2025-06-30"}))
    await road.ok(road.post(road.people.unit, f"/placements/{road.pid(1)}/return", {"returned_on": "2025-07-02"}))
    report = (await road.reports(road.people.trainee(1), period="4"))[0]["id"]
    await road.ok(road.post(road.people.trainee(1), f"/reports/{report}/submit", {"text": "Home again."}))
    path = f"/placements/{road.pid(1)}/timeline"

    moments = (await road.ok(road.get(road.people.unit, path)))["moments"]
    told = [(m["on"], m["what"], m["detail"]) for m in moments]
    hosts = {m["what"] for m in (await road.ok(road.get(road.people.host(), path)))["moments"]}

    assert [m["on"] for m in moments] == sorted(m["on"] for m in moments)
    for moment in (
        ("2024-03-01", "proposed", "hosts/H001"), ("2024-02-20", "mentor-contacted", None),
        ("2024-07-01", "arrived", "on_time"), ("2024-10-15", "report-due", "1"), ("2025-06-30", "ended", "normal"),
        ("2025-07-02", "returned", None), ("2025-07-03", "report-submitted", "4"), ("2025-07-15", "report-due", "4"),
    ):  # fmt: skip
        assert moment in told, (moment, told)
    assert not {what for what in hosts if what.startswith(("report", "obligation"))}
    assert (await road.get(road.people.other_unit, path)).status_code == 404


async def test_figures_are_as_of_a_day(road: Any) -> None:
    """M-03, D-02: of those expected how many came on time; what was late then may be done now."""
    numbers = await road.placed(4)
    await road.agreed(numbers)
    road.on(date(2024, 7, 20))
    for number, day in ((1, "2024-07-01"), (2, "2024-07-08"), (3, "2024-07-12")):
        await road.ok(road.post(road.people.host(), f"/placements/{road.pid(number)}/arrive", {"arrived_on": day}))
    gone = {"noted_on": "2024-07-20", "reason": "other"}
    await road.ok(road.post(road.people.host(), f"/placements/{road.pid(4)}/no-show", gone))
    road.on(date(2024, 11, 1))
    report = (await road.reports(road.people.trainee(1), period="1"))[0]["id"]
    await road.ok(road.post(road.people.trainee(1), f"/reports/{report}/submit", {"text": "Late."}))

    async def figures(actor: Any, query: str = "") -> dict[str, Any]:
        shown: dict[str, Any] = await road.ok(road.get(actor, f"/statistics?session=2024{query}"))
        return shown

    now, before = await figures(road.people.region), await figures(road.people.region, "&as_of=2024-07-10")
    assert {k: now["terms"][k] for k in ("placed", "expected", "on_time", "late", "no_show", "running")} == {
        "placed": 4, "expected": 4, "on_time": 2, "late": 1, "no_show": 1, "running": 3,
    }  # fmt: skip
    assert now["terms"]["on_time_share"] == 0.5
    assert (before["terms"]["on_time"], before["terms"]["late"], before["terms"]["no_show"]) == (2, 0, 0)
    assert now["reports"] == {"due": 3, "on_time": 0, "late": 1, "missing": 2, "on_time_share": 0.0}
    assert (await figures(road.people.region, "&as_of=2024-10-20"))["reports"]["missing"] == 1
    assert {"kind": "submit-report", "owed_by": "trainee", "host": "hosts/H001", "count": 2} in now["overdue"]
    host = await figures(road.people.host())
    assert (host["reports"], host["terms"]["placed"]) == (None, 4)
    assert (await figures(someone(Role.REGIONAL_OFFICER, organisation="cn/65")))["terms"]["placed"] == 0
    assert (await road.get(road.people.unit, "/statistics")).status_code == 403
