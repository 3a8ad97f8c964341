"""Assignment, blindness, quorum, calibration, minutes and replacement of a panel, through the real routes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

RULES = {
    "sheets_required": 2, "quorum": {"experts": 2, "sheets": 2}, "calibration": "expert_shift", "spread_limit": "25",
}  # fmt: skip


def strict(road: Any, **panel: Any) -> None:
    """Let batch 4 have these panel rules in this test."""
    read, rules = road.kit.content, RULES | panel

    class Strict(road.kit):  # type: ignore[misc]
        @staticmethod
        def content(version: str, file: str = "selection", *more: str) -> dict[str, Any]:
            found: dict[str, Any] = read(version, file, *more)
            if (version, file) == ("batch-4", "selection"):
                found["panel"] |= rules
            return found

    road.kit = Strict


async def candidates(road: Any, count: int, **panel: Any) -> list[str]:
    """``count`` people stand before the panel."""
    strict(road, **panel)
    await road.opened(count)
    ids: list[str] = await road.submitted(*range(count))
    await road.recommended(ids)
    await road.approved(ids)
    return ids


async def a_panel(road: Any, experts: int = 3, **more: Any) -> str:
    names = [f"expert-{n + 1}" for n in range(experts)]
    body = {"session": road.session, "name": "2024", "experts": names} | more
    road.panel = (await road.ok(road.post(road.people.region, "/panels", body)))["id"]
    return f"/panels/{road.panel}"


async def seen(road: Any, expert: int) -> set[str]:
    rows = await road.ok(road.get(road.people.expert(expert), f"/panels/{road.panel}/candidates"))
    return {row["application"] for row in rows["items"]}


async def score(road: Any, expert: int, points: dict[str, int]) -> Any:
    items = [road.sheet(id, each) for id, each in points.items()]
    return await road.post(road.people.expert(expert), f"/panels/{road.panel}/score-sheets", {"items": items})


async def test_candidates_are_assigned_evenly_and_never_with_a_conflict(road: Any) -> None:
    """S-05: own unit and own person by themselves, others by declaration; then the candidate passes to another."""
    ids = await candidates(road, 5)
    unit = road.units[ids[0]]
    path = await a_panel(road, 4, members=[{"account": "expert-1", "unit": unit}])
    before = await seen(road, 2)

    made = await road.ok(road.post(road.people.region, f"{path}/assign"))
    again = await road.ok(road.post(road.people.region, f"{path}/assign"))
    views = {n: await seen(road, n) for n in range(1, 5)}
    mine = next(id for id in sorted(views[2]))
    foreign = next(id for id in ids if id not in views[2])
    refused = await score(road, 2, {foreign: 80})
    conflict = {"items": [{"application": mine, "reason": "teacher"}]}
    await road.ok(road.post(road.people.expert(2), f"{path}/conflicts", conflict))
    after = {n: await seen(road, n) for n in range(1, 5)}

    assert before == set(ids)
    assert again["loads"] == made["loads"]
    assert (sum(made["loads"].values()), made["short"]) == (10, [])
    assert max(made["loads"].values()) - min(made["loads"].values()) <= 1
    assert not {id for id in views[1] if road.units[id] == unit}
    assert all(sum(id in view for view in views.values()) == 2 for id in ids)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (404, "/items/0/application")
    assert mine not in after[2]
    assert sum(mine in view for view in after.values()) == 2
    assert after[2] == views[2] - {mine}


async def test_experts_are_blind(road: Any) -> None:
    """S-05: no name, account or unit, no sheet of another before the conclusion; the region sees none before either."""
    ids = await candidates(road, 2)
    path = await a_panel(road, 2)
    await road.ok(score(road, 1, dict.fromkeys(ids, 81)))
    await road.ok(score(road, 2, dict.fromkeys(ids, 79)))

    listed = await road.get(road.people.expert(1), f"{path}/candidates")
    own = (await road.ok(road.get(road.people.expert(1), f"{path}/score-sheets")))["items"]
    region = (await road.ok(road.get(road.people.region, f"{path}/score-sheets")))["items"]
    early = [await road.get(road.people.expert(1), f"{path}/{what}") for what in ("minutes", "results")]
    stranger = [
        await road.get(road.people.expert(9), f"{path}/{what}") for what in ("score-sheets", "results", "minutes")
    ]
    await road.ok(road.post(road.people.region, f"{path}/conclude"))
    all_ = (await road.ok(road.get(road.people.auditor, f"{path}/score-sheets")))["items"]
    still = (await road.ok(road.get(road.people.expert(1), f"{path}/score-sheets")))["items"]

    for n in range(2):
        assert road.units[ids[n]] not in listed.text
        assert f"account-{n}" not in listed.text
        assert road.kit.person(n)["name_zh"] not in listed.text
    assert {row["expert"] for row in own} == {row["expert"] for row in still} == {"expert-1"}
    assert region == []
    assert early[0].status_code == 404
    assert early[1].json()["items"] == []
    assert [answer.status_code for answer in stranger] == [404] * 3
    assert len(all_) == 4
    for actor, status in ((road.people.expert(1), 403), (road.people.unit("cn/54"), 403), (road.people.region, 409)):
        assert (await road.post(actor, f"{path}/assign")).status_code == status


async def test_an_expert_does_not_judge_themself(road: Any) -> None:
    """An account that is also a candidate's neither sees nor scores that candidate."""
    strict(road)
    await road.opened(2)
    (own,) = await road.submitted(0)
    expert = road.people.expert(1)
    body = {"call": road.call, "unit": road.kit.unit_of(7), "person": road.kit.person(7)} | road.kit.statement(7)
    twin = type(expert)(subject=expert.subject, roles=frozenset({"applicant", "panel_expert"}))
    made = await road.ok(road.post(twin, "/applications", body))
    road.units[made["id"]], road.accounts[made["id"]] = made["unit"], twin
    await road.ok(road.post(twin, f"/applications/{made['id']}/submit"))
    await road.recommended([own, made["id"]])
    await road.approved([own, made["id"]])
    await a_panel(road, 2)

    refused = await score(road, 1, {made["id"]: 100})

    assert await seen(road, 1) == {own}
    assert (refused.status_code, refused.json()["code"]) == (403, "conflict-of-interest")


async def test_a_panel_below_its_quorum_cannot_conclude(road: Any) -> None:
    """S-05: experts present, sheets of every candidate, a note where sheets lie apart; all said at once, in Chinese too."""
    ids = await candidates(road, 3)
    path = await a_panel(road, 3)
    await road.ok(score(road, 1, {ids[0]: 90, ids[1]: 80}))
    await road.ok(score(road, 2, {ids[0]: 60}))
    region = road.people.region

    nobody = await road.post(region, f"{path}/conclude", {"attendance": ["expert-1"]})
    zh = await road.post(region, f"{path}/conclude", {"attendance": ["expert-1"]}, headers={"accept-language": "zh-CN"})
    wrong = await road.post(
        region, f"{path}/conclude",
        {"attendance": ["expert-8"], "deliberations": [{"application": road.session, "opinion": "supported"}]},
    )  # fmt: skip
    await road.ok(score(road, 2, {ids[1]: 80, ids[2]: 70}))
    await road.ok(score(road, 3, {ids[2]: 72}))
    apart = await road.post(region, f"{path}/conclude")
    blank = await road.post(region, f"{path}/conclude", {"deliberations": [{"application": ids[0], "note": "  "}]})

    assert (nobody.status_code, nobody.json()["code"]) == (422, "panel-not-ready")
    assert sorted(error["code"] for error in nobody.json()["errors"]) == [
        "deliberation-missing", "quorum-missing", "sheets-missing", "sheets-missing",
    ]  # fmt: skip
    assert sorted(nobody.json()["applications"]) == sorted(ids)
    assert "到会专家 1 名" in zh.text
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/attendance/0", "/deliberations/0/application"}
    assert (apart.json()["code"], apart.json()["applications"]) == ("deliberation-missing", [ids[0]])
    assert blank.status_code in (400, 422)
    assert (await road.ok(road.get(region, path)))["state"] == "open"


async def test_the_minutes_are_signed_off_and_never_change(road: Any) -> None:
    """Attendance, candidates, opinions, decisions, text; SHA-256 of the canonical document; raw and calibrated means."""
    ids = await candidates(road, 3, sheets_required=3)
    path = await a_panel(road, 3, chair="expert-1")
    for expert, points in ((1, (90, 80, 70)), (2, (90, 80, 70)), (3, (60, 50, 40))):
        await road.ok(score(road, expert, dict(zip(ids, points, strict=True))))
    said = [
        {"application": id, "opinion": "supported", "note": "The third expert is known to be strict."} for id in ids
    ]
    body = {"minutes": "评审会于当日完成。", "attendance": ["expert-1", "expert-2"], "deliberations": said}

    region = await road.post(road.people.region, f"{path}/conclude", body)
    other = await road.post(road.people.expert(2), f"{path}/conclude", body)
    done = await road.ok(road.post(road.people.expert(1), f"{path}/conclude", body))
    minutes = await road.ok(road.get(road.people.region, f"{path}/minutes"))
    results = (await road.ok(road.get(road.people.expert(2), f"{path}/results")))["items"]
    application = await road.application(ids[0])

    assert [(answer.status_code, answer.json()["code"]) for answer in (region, other)] == [(403, "not-the-chair")] * 2
    assert (done["state"], done["concluded_count"]) == ("concluded", 3)
    content = minutes["content"]
    assert hashlib.sha256(minutes["text"].encode()).hexdigest() == minutes["sha256"]
    assert json.loads(minutes["text"]) == content
    assert (minutes["signed_by"], content["attendance"], content["absent"]) == (
        "expert-1", ["expert-1", "expert-2"], ["expert-3"],
    )  # fmt: skip
    assert [row["decision"] for row in content["candidates"]] == ["forwarded"] * 3
    assert all(row["flagged"] and row["opinion"] == "supported" and row["note"] for row in content["candidates"])
    assert content["calibration"]["shifts"] == {"expert-1": "5.0000", "expert-2": "5.0000", "expert-3": "-10.0000"}
    assert {row["application"]: (row["raw_mean"], row["calibrated_mean"]) for row in results}[ids[0]] == (
        "80.0000", "80.0000",
    )  # fmt: skip
    assert (application["panel_score"], application["panel_raw_mean"]) == ("80.0000", "80.0000")
    for statement in ("UPDATE panel_minutes SET text_ = ''", "UPDATE panel_minutes SET document = '{}'", "DELETE FROM panel_minutes", "UPDATE panel_result SET raw_mean = 1"):  # fmt: skip
        with pytest.raises(DBAPIError):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_calibration_changes_whose_sheets_decide(road: Any) -> None:
    """Two alike, one before a strict expert: the policy brings their means together and keeps the raw ones."""
    ids = await candidates(road, 4, spread_limit="90")
    path = await a_panel(road, 3)
    await road.ok(score(road, 1, dict.fromkeys(ids, 80)))
    await road.ok(score(road, 2, dict.fromkeys(ids[:3], 50)))
    await road.ok(score(road, 3, {ids[3]: 80}))

    await road.ok(road.post(road.people.region, f"{path}/conclude"))

    rows = {
        row["application"]: row for row in (await road.ok(road.get(road.people.region, f"{path}/results")))["items"]
    }
    raw = float(rows[ids[3]]["raw_mean"]) - float(rows[ids[0]]["raw_mean"])
    calibrated = float(rows[ids[3]]["calibrated_mean"]) - float(rows[ids[0]]["calibrated_mean"])
    assert raw == 15
    assert 0 < calibrated < raw
    assert (await road.application(ids[0]))["panel_score"] == rows[ids[0]]["calibrated_mean"]


async def test_two_who_conclude_at_once_leave_one_conclusion(road: Any) -> None:
    """One wins, the other gets 409; one set of minutes."""
    ids = await candidates(road, 2)
    path = await a_panel(road, 2)
    for expert in (1, 2):
        await road.ok(score(road, expert, dict.fromkeys(ids, 80)))

    answers = await road.service.race(
        [road.post(actor, f"{path}/conclude") for actor in (road.people.region, road.people.second)]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await road.service.scalar("SELECT count(*) FROM panel_minutes") == 1
    assert await road.service.scalar("SELECT count(*) FROM panel_result") == 2


async def test_a_member_is_replaced_and_what_was_scored_stays(road: Any) -> None:
    """The successor takes the open candidates and the chair; nobody is left without an expert unsaid."""
    ids = await candidates(road, 4)
    path = await a_panel(road, 2, chair="expert-1")
    await road.ok(road.post(road.people.region, f"{path}/assign"))
    await road.ok(score(road, 1, {ids[0]: 70, ids[1]: 70}))
    body = {"out": "expert-1", "member": {"account": "expert-5"}, "reason": "Fell ill."}

    wrong = await road.post(road.people.region, f"{path}/replace-member", body | {"out": "expert-9"})
    foreign = await road.post(road.people.expert(1), f"{path}/replace-member", body)
    done = await road.ok(road.post(road.people.region, f"{path}/replace-member", body))
    gone = await road.get(road.people.expert(1), f"{path}/candidates")
    mine = await seen(road, 5)
    await road.ok(score(road, 5, {ids[2]: 70, ids[3]: 70}))
    await road.ok(score(road, 2, dict.fromkeys(ids, 72)))
    concluded = await road.ok(road.post(road.people.expert(5), f"{path}/conclude"))
    minutes = await road.ok(road.get(road.people.region, f"{path}/minutes"))

    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/out")
    assert foreign.status_code == 403
    assert (done["experts"], done["chair"]) == (["expert-5", "expert-2"], "expert-5")
    assert gone.status_code == 404
    assert mine == set(ids[2:])
    assert concluded["concluded_count"] == 4
    assert minutes["content"]["replacements"] == [["expert-1", "expert-5", "Fell ill."]]


async def test_what_wrong_panels_get(road: Any) -> None:
    """All problems at once; nobody may be left whom no expert may see."""
    ids = await candidates(road, 1)
    unit = road.units[ids[0]]
    body = {"session": road.session, "name": "x", "experts": ["expert-1"], "chair": "expert-7"}
    members = [{"account": "expert-8", "unit": "cn/54/no-such", "specialty_groups": ["no-such"]}]

    wrong = await road.post(road.people.region, "/panels", body | {"members": members})
    path = await a_panel(road, 2, members=[{"account": f"expert-{n}", "unit": unit} for n in (1, 2)])
    alone = await road.post(road.people.region, f"{path}/assign")

    assert {(error["code"], error["pointer"]) for error in wrong.json()["errors"]} == {
        ("unknown-expert", "/members/0/account"), ("unknown-expert", "/chair"), ("too-few-experts", "/experts"),
        ("unknown-code", "/members/0/specialty_groups/0"), ("unknown-unit", "/members/0/unit"),
    }  # fmt: skip
    assert (alone.status_code, alone.json()["code"], alone.json()["applications"]) == (422, "no-expert-left", ids)
    assert not (await road.ok(road.get(road.people.region, path)))["assigned"]
