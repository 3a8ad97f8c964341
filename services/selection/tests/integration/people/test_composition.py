"""Ethnicity is counted once over the fixed roster and changes nothing else, anywhere (domain.md 7.3 no. 1)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import text

from selection.adapters.db import readings
from selection.usecases.people.keep_retention import keep_retention

NOTICE = {"notice_version": "2026-1"}
PEOPLE = 3


async def _states(road: Any, number: int, value: str) -> None:
    path = "/persons/me/declarations/ethnicity"
    await road.ok(road.put(road.people.applicant(number), path, {"value": value} | NOTICE))


async def _ready(road: Any, count: int) -> list[str]:
    ids: list[str] = await road.submitted(*range(count))
    await road.recommended(ids)
    await road.approved(ids)
    await road.scored({id: 95 - 2 * n for n, id in enumerate(ids)})
    await road.classified(ids)
    return ids


async def test_the_composition_is_counted_once_and_small_cells_are_hidden(road: Any) -> None:
    """S-09 target over the roster: share reached and wanted, cells below ten hidden, never counted again."""
    await road.opened(PEOPLE)
    await _ready(road, PEOPLE)
    for number in range(PEOPLE - 1):
        await _states(road, number, "HA" if number < 1 else "ZA")
    path = f"/sessions/{road.session}/composition"

    early = await road.post(road.people.region, path)
    await road.fixed()
    unseen = await road.get(road.people.region, path)
    made = await road.ok(road.post(road.people.region, path))
    again = await road.post(road.people.second, path)
    refused = [await road.get(actor, path) for actor in (road.people.expert(1), road.people.applicant(1))]
    refused.append(await road.get(road.people.unit(road.kit.unit_of(1)), path))
    read = await road.ok(road.get(road.people.auditor, path))
    log = (await road.ok(road.get(road.people.applicant(1), "/persons/me/reads")))["items"]

    assert (early.status_code, early.json()["code"]) == (409, "roster-not-fixed")
    assert unseen.status_code == 404
    assert made == read
    assert {cell["code"]: cell["count"] for cell in made["cells"]} == {
        "MB": None, "LB": None, "other": None, "ZA": None, "HA": None,
    }  # fmt: skip
    assert (made["population"], made["declared"], made["share"], made["wanted"]) == (3, None, None, 51)
    assert (again.status_code, again.json()["code"]) == (409, "counted-already")
    assert [answer.status_code for answer in refused] == [403] * 3
    assert [(each["attribute"], each["extent"], each["purpose"]) for each in log] == [
        ("ethnicity", "aggregate", "composition-statistic")
    ]
    async with road.service.running.system_unit("retention") as unit:
        await keep_retention(unit)
    assert await road.service.scalar("SELECT count(*) FROM vault_item WHERE attribute = 'ethnicity'") == 0
    assert await road.ok(road.get(road.people.auditor, path)) == made


async def test_it_is_not_collected_where_no_policy_asks_for_it(road: Any) -> None:
    """7.3 (1) a: only under a policy that states a composition target."""
    await road.opened(1)
    await road.submitted(1)
    async with road.service.running.engine.begin() as connection:
        await connection.execute(text("UPDATE registered_policy SET resolved = resolved - 'composition', used = false"))
    readings._POLICIES.clear()

    answer = await road.put(road.people.applicant(1), "/persons/me/declarations/ethnicity", {"value": "ZA"} | NOTICE)
    readings._POLICIES.clear()

    assert (answer.status_code, answer.json()["code"]) == (422, "not-needed")


async def _everything(road: Any, ids: dict[str, str]) -> dict[str, tuple[int, bytes]]:
    """Every answer of every reading route to everybody who may ask, but what is the person's own."""
    people = road.people
    asking = [people.region, people.auditor, people.expert(1), people.applicant(1)]
    guarded = {
        route.path: dependency.call.action
        for router in road.service.running.service.routers
        for route in router.routes
        for dependency in (route.dependant.dependencies if "GET" in getattr(route, "methods", ()) else ())
        if hasattr(dependency.call, "action")
    }
    answers = {}
    for path, item in road.service.app.openapi()["paths"].items():
        if "get" not in item or "/persons/me" in path or "/audit" in path or "template" in path:
            continue
        named = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "1"), path)
        if path not in guarded:
            continue
        for actor in asking:
            if not road.service.running.service.policy.relations(guarded[path], actor):
                continue
            answer = await road.service.get(actor, named, params={"limit": 100})
            content = re.sub(rb'"watermark":"[^"]*"', b"", answer.content)
            answers[f"{named} {actor.subject}"] = (answer.status_code, content)
    return answers


async def test_two_worlds_that_differ_in_it_only_answer_the_same(road: Any) -> None:
    """Lists, details, explanations, panels, runs, rosters: byte for byte the same, whatever is declared or withdrawn."""
    await road.opened(2)
    people = await _ready(road, 3)
    await _states(road, 0, "ZA")
    await _states(road, 1, "HA")
    first_run = await road.balanced()
    roster = await road.ok(road.post(road.people.region, f"/balancing-runs/{first_run['id']}/confirm", {}))
    ids = {
        "application_id": people[0], "session_id": road.session, "run_id": first_run["id"], "roster_id": roster["id"],
        "call_id": road.call, "panel_id": road.panel, "programme": road.kit.programme, "version": "batch-4",
        "batch": "batch-4", "number": "1",
    }  # fmt: skip
    one = await _everything(road, ids)

    await _states(road, 0, "HA")
    await _states(road, 1, "ZA")
    other = await _everything(road, ids)
    await road.ok(road.post(road.people.applicant(0), "/persons/me/declarations/ethnicity/withdraw"))
    neither = await _everything(road, ids)
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/discard", {"reason": "again"}))
    second_run = await road.balanced()

    assert sum(status == 200 for status, _ in one.values()) > 30
    assert {name for name in one if one[name] != other[name] or one[name] != neither[name]} == set()
    assert first_run["outcomes"] == second_run["outcomes"]
    assert first_run["input_sha256"] == second_run["input_sha256"]
    assert first_run["targets"] == second_run["targets"]


async def test_no_trace_in_outbox_audit_or_idempotency(road: Any, capfd: Any) -> None:
    """Neither the value nor a hash that a few dozen tries would open; the logs of a whole road name nobody."""
    await road.opened(1)
    ids = await _ready(road, 2)
    path = "/persons/me/declarations/ethnicity"
    await road.ok(road.put(road.people.applicant(0), path, {"value": "MB"} | NOTICE, key="declare-1"))
    await road.fixed()
    await road.ok(road.get(road.people.applicant(0), "/persons/me/export", key="export-1"))
    await road.ok(road.post(road.people.service, "/persons/lookup", {"participations": ids}, issuer="assessment"))

    logged = "".join(capfd.readouterr())
    kept = await road.service.scalar(
        "SELECT string_agg(x, '') FROM (SELECT to_jsonb(t)::text x FROM outbox t UNION ALL "
        "SELECT to_jsonb(t)::text FROM audit t UNION ALL SELECT to_jsonb(t)::text FROM idempotency t) rows"
    )

    assert await road.service.scalar("SELECT count(*) FROM idempotency WHERE key IN ('declare-1', 'export-1')") == 0
    assert '"MB"' not in kept
    assert "request" in logged
    for number in range(2):
        secrets = (f"扎西{number}", f"Tashi {number}", road.kit.identity(number), "13800000000", "བཀྲ")
        for secret in secrets:
            assert secret not in logged
            assert secret not in kept
