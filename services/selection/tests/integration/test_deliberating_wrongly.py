"""What wrong reviews, sheets, swaps, trees and policies get."""

from __future__ import annotations

from typing import Any
from uuid import uuid4


async def test_a_sheet_of_reviews_reports_every_problem_and_changes_nothing(road: Any) -> None:
    """All problems at once, with pointers; all or nothing."""
    await road.opened(1)
    first, second, third = await road.submitted(0, 7, 14)
    await road.recommended([first])
    items = [
        {"application": first, "decision": "approve"},
        {"application": second, "decision": "approve"},
        {"application": third, "decision": "reject", "reason": "no-such"},
        {"application": str(uuid4()), "decision": "approve"},
    ]

    answer = await road.post(road.people.reviewer("cn/54/5401"), "/reviews", {"items": items})

    assert {(error["code"], error["pointer"]) for error in answer.json()["errors"]} == {
        ("not-recommended", "/items/1"), ("unknown-code", "/items/2/reason"), ("not-found", "/items/3/application"),
    }  # fmt: skip
    assert set((await road.states()).values()) == {"submitted"}


async def test_rows_that_name_one_thing_twice_are_refused(road: Any) -> None:
    await road.opened(1)
    (id,) = await road.submitted(0)
    twice = {"items": [{"application": id, "decision": "approve"}] * 2}

    answer = await road.post(road.people.reviewer("cn/54/5401"), "/reviews", twice)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/items/1/application")


async def test_an_expert_who_stood_aside_neither_sees_nor_scores(road: Any) -> None:
    """S-05: 403; the mean needs one sheet less."""
    await road.opened(1)
    ids = await road.submitted(0, 1)
    await road.recommended(ids)
    await road.approved(ids)
    await road.a_panel(2)
    expert = road.people.expert(1)
    path = f"/panels/{road.panel}"
    await road.ok(road.post(expert, f"{path}/conflicts", {"items": [{"application": ids[0], "reason": "employer"}]}))

    seen = (await road.ok(road.get(expert, f"{path}/candidates")))["items"]
    refused = await road.post(expert, f"{path}/score-sheets", {"items": [road.sheet(id, 80) for id in ids]})
    await road.ok(road.post(expert, f"{path}/score-sheets", {"items": [road.sheet(ids[1], 80)]}))
    missing = await road.post(road.people.region, f"{path}/conclude")
    both = {"items": [road.sheet(ids[0], 70), road.sheet(ids[1], 90)]}
    await road.ok(road.post(road.people.expert(2), f"{path}/score-sheets", both))
    done = await road.ok(road.post(road.people.region, f"{path}/conclude"))

    assert [candidate["application"] for candidate in seen] == [ids[1]]
    assert not set(seen[0]) & {"person", "account", "unit", "name_zh"}
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (403, "/items/0/application")
    assert (missing.status_code, missing.json()["code"], len(missing.json()["errors"])) == (422, "sheets-missing", 2)
    assert done["concluded_count"] == 2
    assert [(await road.application(id))["panel_score"] for id in ids] == ["70.0000", "85.0000"]
    assert (await road.post(expert, f"{path}/score-sheets", both)).json()["code"] == "panel-concluded"
    assert (await road.get(road.people.expert(3), path)).status_code == 404


async def test_bad_sheets_swaps_trees_and_receipts(road: Any) -> None:
    """The rest of the vocabulary of refusals."""
    await road.opened(1)
    ids = await road.ready(2)
    overlap = [
        {"code": "a", "min": 0, "max": 1, "match": {"area": ["5401"]}, "name_zh": "甲", "name_en": "A"},
        {
            "code": "b",
            "min": 0,
            "max": 1,
            "match": {"unit_class": ["prefecture_unit"]},
            "name_zh": "乙",
            "name_en": "B",
        },
    ]
    path = f"/sessions/{road.session}/quota-tree"
    tree = await road.put(road.people.region, path, {"nodes": overlap})
    starving = [overlap[0] | {"match": {"area": ["5425"]}, "min": 1}]
    await road.ok(road.put(road.people.region, path, {"nodes": starving}))
    infeasible = await road.post(road.people.region, f"/sessions/{road.session}/balancing-runs")
    await road.ok(road.put(road.people.region, path, {"nodes": []}))
    run = await road.balanced()
    confirm = f"/balancing-runs/{run['id']}/confirm"
    twice = [{"out": ids[0], "in": ids[0], "reason": "x"}]
    swap = await road.post(road.people.region, confirm, {"swaps": twice})
    roster = await road.ok(
        road.post(road.people.region, confirm, {"swaps": [{"out": ids[0], "in": ids[1], "reason": "Needed at home."}]})
    )
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/fix"))
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/file"))
    receipt = await road.post(road.people.ministry, f"/rosters/{roster['id']}/acknowledge", {"receipt": "回执 1"})

    assert (tree.status_code, tree.json()["errors"][0]["code"]) == (422, "quota-node-overlap")
    assert (infeasible.status_code, infeasible.json()["errors"][0]["code"]) == (422, "quota-node-infeasible")
    assert "'a'" in infeasible.json()["errors"][0]["detail"]
    assert (swap.status_code, swap.json()["code"]) == (400, "bad-swap")
    assert [entry["application"] for entry in roster["entries"]] == [ids[1], ids[0]]
    assert roster["swaps"][0]["reason"] == "Needed at home."
    assert (receipt.status_code, receipt.json()["code"]) == (400, "bad-receipt")
    assert (await road.application(ids[1]))["state"] == "selected"


async def test_a_used_policy_and_an_open_batch_do_not_change(road: Any) -> None:
    """S-08, P-02: the same content again is answered alike, another is refused."""
    await road.opened(2)
    path = f"/policies/{road.kit.programme}/batch-4"
    content = road.kit.content("batch-4")

    same = await road.put(road.people.operator, path, content)
    changed = await road.put(road.people.operator, path, content | {"reserve": {"size": 1}})
    wrong = await road.put(road.people.operator, path, content | {"version": "batch-9"})
    orphan = await road.put(
        road.people.operator,
        f"/policies/{road.kit.programme}/batch-9",
        content | {"version": "batch-9", "inherits": "no"},
    )
    batch = await road.put(
        road.people.operator,
        f"/programmes/{road.kit.programme}/batches/batch-4",
        road.kit.content("batch-4", "programme"),
    )
    short = road.kit.content("batch-3", "programme")
    short["batch"]["target"] = 599
    target = await road.put(road.people.operator, f"/programmes/{road.kit.programme}/batches/batch-3", short)
    again = await road.post(
        road.people.region, "/sessions", {"programme": road.kit.programme, "batch": "batch-4", "session": "2024"}
    )

    codes = [answer.json().get("code") for answer in (changed, wrong, orphan, batch, target)]
    assert same.status_code == 200
    assert codes == ["policy-in-use", "policy-name", "policy-not-found", "batch-in-use", "batch-target"]
    assert again.status_code in (409, 422)
