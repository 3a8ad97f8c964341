"""Waivers as recorded acts, what units attest, dry runs and targets, through the real routes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from selection.usecases.judging.forget_attestations import forget_attestations

SICHUAN = "sichuan-two-way-secondment"
UNIT = "cn/51/5133/U0001"
REVIEWER = "cn/51/5133"
STATED = {
    "title_level": "intermediate", "specialty": "public-administration", "years_of_service": 9, "grassroots_years": 4,
    "county_experience": True, "township_experience": True, "staff_category": "administrative",
    "position_class": "county-team-deputy", "competences": ["economy-management", "social-management"],
}  # fmt: skip


async def put_programme(road: Any, programme: str, version: str) -> None:
    path = f"/policies/{programme}/{version}"
    await road.ok(road.put(road.people.operator, path, road.kit.content(version, "selection", programme)))
    path = f"/programmes/{programme}/batches/{version}"
    await road.ok(road.put(road.people.operator, path, road.kit.content(version, "programme", programme)))


async def a_secondment(road: Any, profile: str = "county-leadership", session: str = "2012-outbound") -> None:
    """Sichuan's batch stands, one session and one call are open."""
    await put_programme(road, SICHUAN, "batch-2")
    rows = [
        {"path": "cn/51", "name_zh": "四川", "name_en": "Sichuan", "unit_class": "regional_authority"},
        {"path": REVIEWER, "name_zh": "甘孜", "name_en": "Garze", "unit_class": "prefecture_authority"},
        {"path": UNIT, "name_zh": "单位", "name_en": "Unit", "unit_class": "prefecture_unit"},
    ]
    await road.ok(road.put(road.people.operator, "/organisations", {"items": rows}))
    body = {"programme": SICHUAN, "batch": "batch-2", "session": session, "quota_nodes": []}
    road.session = (await road.ok(road.post(road.people.region, "/sessions", body)))["id"]
    window = {"opens_at": "2012-06-13T00:00:00Z", "closes_at": "2012-06-30T00:00:00Z", "scope": "cn/51"}
    call = {"session": road.session, "profile": profile} | window
    road.call = (await road.ok(road.post(road.people.region, "/calls", call)))["id"]


async def applied(road: Any, number: int, **more: Any) -> str:
    """Submitted, recommended and locally approved."""
    actor = road.people.applicant(number)
    body = {"call": road.call, "unit": UNIT, "person": road.kit.person(number)} | STATED | more
    id = str((await road.ok(road.post(actor, "/applications", body)))["id"])
    road.accounts[id] = actor
    await road.ok(road.post(actor, f"/applications/{id}/submit"))
    opinion = {"items": [{"application": id, "opinion": "given"}]}
    await road.ok(road.post(road.people.unit(UNIT), "/recommendations", opinion))
    review = {"items": [{"application": id, "decision": "approve"}]}
    await road.ok(road.post(road.people.reviewer(REVIEWER), "/reviews", review))
    return id


async def attest(road: Any, listed: dict[str, bool], unit: str = UNIT) -> Any:
    items = [{"application": id, "reserve_listed": said} for id, said in listed.items()]
    return await road.post(road.people.unit(unit), "/attestations", {"items": items})


async def test_every_programme_is_taken_as_data(road: Any) -> None:
    """Five kinds of programme through PUT, and again without a change."""
    for programme, version in road.kit.versions():
        await put_programme(road, programme, version)
        await put_programme(road, programme, version)

    batches = (await road.ok(road.get(road.people.region, "/batches?limit=100")))["items"]

    assert {each["kind"] for each in batches} == {
        "special_training", "two_way_secondment", "short_class", "talent_support", "expert_mission",
    }  # fmt: skip


async def test_a_dry_run_answers_for_every_profile(road: Any) -> None:
    """Of a policy version or of a call; what is left out is named; sentences in both languages."""
    await a_secondment(road)
    facts = STATED | {"unit_class": "prefecture_unit", "age": 38}
    version = {"programme": SICHUAN, "policy_version": "batch-2", "profile": "county-leadership", "facts": facts}
    applicant, unit = road.people.applicant(1), road.people.unit(UNIT)

    open_ = await road.ok(road.post(applicant, "/eligibility-checks", version))
    supposed = await road.ok(
        road.post(unit, "/eligibility-checks", version | {"facts": facts | {"reserve_listed": False}})
    )
    vague = await road.ok(
        road.post(applicant, "/eligibility-checks", {"call": road.call, "facts": facts | {"competences": None}})
    )
    refused = [
        await road.post(applicant, "/eligibility-checks", version | {"facts": facts | {"reserve_listed": True}}),
        await road.post(applicant, "/eligibility-checks", {"facts": facts}),
        await road.post(applicant, "/eligibility-checks", version | {"profile": "no-such"}),
        await road.post(applicant, "/eligibility-checks", version | {"facts": facts | {"competences": ["magic"]}}),
    ]

    profiles = {each["profile"]: each["eligible"] for each in open_["profiles"]}
    assert profiles == {
        "county-leadership": True, "department-and-village": False, "professional": False, "inbound": False,
    }  # fmt: skip
    listed = next(each for each in open_["results"] if each["rule"] == "S-10-reserve")
    assert (listed["outcome"], listed["attested"]) == ("not_applicable", True)
    assert all(each["message_zh"] and each["message_en"] and each["clause"] for each in open_["results"])
    assert not supposed["eligible"]
    assert (vague["profile"], vague["eligible"], vague["unknown"]) == ("county-leadership", False, ["competences"])
    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (403, "attested-by-unit"), (400, "bad-question"), (400, "bad-form"), (400, "bad-form"),
    ]  # fmt: skip
    zh = await road.post(applicant, "/eligibility-checks", {"facts": facts}, headers={"accept-language": "zh-CN"})
    assert "申报通知" in zh.json()["detail"]


async def test_a_condition_that_the_unit_attests(road: Any) -> None:
    """S-10: the unit attests, the selecting authority alone reads, the roster waits, who is not listed is excluded."""
    await a_secondment(road)
    road.on(date(2012, 6, 20))
    yes, no = await applied(road, 1), await applied(road, 2)
    region, ids = road.people.region, {"applications": [yes, no]}
    path = f"/sessions/{road.session}"

    early = await road.post(region, f"{path}/balancing-runs")
    said = await attest(road, {yes: True, no: False})
    foreign = await attest(road, {yes: True}, "cn/51/5133/U0002")
    checks = (await road.ok(road.post(region, f"{path}/attested-checks", ids)))["items"]
    blind = [
        await road.post(actor, f"{path}/attested-checks", ids)
        for actor in (road.people.reviewer(REVIEWER), road.people.unit(UNIT), road.people.auditor, road.people.ministry)
    ]
    open_ = await road.post(region, f"{path}/balancing-runs")
    wrong = await road.post(region, f"{path}/exclusions", {"items": [{"application": yes, "rule": "S-10-reserve"}]})
    done = {"items": [{"application": no, "rule": "S-10-reserve"}]}
    excluded = await road.ok(road.post(region, f"{path}/exclusions", done))
    run = await road.ok(road.post(region, f"{path}/balancing-runs"))

    assert (early.status_code, len(early.json()["errors"])) == (422, 2)
    assert "reserve_listed" not in said.text
    assert said.status_code == 200
    assert foreign.status_code == 404
    assert [(each["attested"], each["eligible"]) for each in checks] == [(True, True), (True, False)]
    assert [each.status_code for each in blind] == [403] * 4
    assert (open_.json()["code"], open_.json()["applications"]) == ("attested-rules-open", [no])
    assert wrong.json()["code"] == "rule-not-unmet"
    assert excluded["items"][0]["state"] == "rejected"
    assert run["candidates"] == 1
    assert {each["wanted"] for each in run["targets"]} == {"54.1", "45.9", "60"}
    seen = {
        actor.subject: (await road.ok(road.get(actor, f"/applications/{no}/explanation")))
        for actor in (road.accounts[no], region, road.people.reviewer(REVIEWER))
    }
    cited = ["S3 县级党政班子副职：" in str(each["lines"][-1]["zh"]) for each in seen.values()]
    assert cited == [True, True, False]
    assert all(each["appeals"][0]["decision"] == "rejection" for each in seen.values())
    local = seen[road.people.reviewer(REVIEWER).subject]["local_decision"]
    assert (local["reason"], local["clause"]) == ("selecting-authority", None)


async def test_what_a_unit_attests_reaches_nobody_else_and_is_deleted(road: Any) -> None:
    """domain.md 7.3 no. 3: in no answer, event, audit or stored answer; gone after the time for appeals."""
    await a_secondment(road)
    road.on(date(2012, 6, 20))
    (id,) = [await applied(road, 1)]
    await attest(road, {id: True})
    run = await road.balanced()
    roster = await road.ok(road.post(road.people.region, f"/balancing-runs/{run['id']}/confirm", {"swaps": []}))
    await attest(road, {id: False})
    changed = await road.post(road.people.region, f"/rosters/{roster['id']}/fix")
    await attest(road, {id: True})
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/fix"))
    readers = [road.accounts[id], road.people.unit(UNIT), road.people.reviewer(REVIEWER), road.people.ministry]

    shown = [await road.get(actor, f"/applications/{id}") for actor in readers]
    targets = await road.ok(road.get(road.people.ministry, f"/rosters/{roster['id']}/targets"))
    late = await attest(road, {id: False})
    road.on(date(2012, 8, 19))
    async with road.service.running.system_unit("test:1") as unit:
        kept = await forget_attestations(unit)
    road.on(date(2012, 8, 20))
    async with road.service.running.system_unit("test:2") as unit:
        gone = await forget_attestations(unit)

    for answer in shown:
        results = {each["rule"]: each for each in answer.json()["eligibility"]}
        assert results["S-10-reserve"]["outcome"] == "not_applicable"
        assert "reserve_listed" not in answer.text
    for table in ("outbox", "audit", "idempotency"):
        rows = await road.service.scalar(f"SELECT string_agg(to_jsonb(t)::text, '') FROM {table} t")
        assert "reserve_listed" not in (rows or "")
    assert {each["rule"]: each["share"] for each in targets["items"]}["W-01-administrative"] == "100.0"
    assert (late.status_code, late.json()["code"]) == (409, "wrong-state")
    assert (changed.status_code, changed.json()["code"]) == (422, "attested-rules-open")
    assert (kept, gone) == (0, 1)
    assert await road.service.scalar("SELECT count(*) FROM attestation") == 0


async def test_nothing_is_attested_without_need(road: Any) -> None:
    """PIPL 6: a call whose rules do not ask keeps nothing."""
    await a_secondment(road, "professional")
    road.on(date(2012, 6, 20))
    items = [{"call": road.call, "account": "account-1", "reserve_listed": True}]

    refused = await road.post(road.people.unit(UNIT), "/attestations", {"items": items})
    shapeless = await road.post(road.people.unit(UNIT), "/attestations", {"items": [{"reserve_listed": True}]})

    assert (refused.status_code, refused.json()["code"]) == (422, "attestation-not-needed")
    assert shapeless.json()["code"] == "bad-opinion"
    assert await road.service.scalar("SELECT count(*) FROM attestation") == 0


async def test_a_waiver_of_an_attested_rule_stays_with_the_selecting_authority(road: Any) -> None:
    """S-13 一般应: the region waives, nobody else sees that it had to."""
    await a_secondment(road, "inbound", "2012-inbound")
    road.on(date(2012, 6, 20))
    id = await applied(road, 1)
    body = {"rule": "S-13-reserve", "reason": "One of very few hydrologists."}
    local, region = road.people.reviewer(REVIEWER), road.people.region

    refused = await road.post(local, f"/applications/{id}/waivers", body)
    given = await road.ok(road.post(region, f"/applications/{id}/waivers", body))
    seen = {
        actor.subject: (await road.ok(road.get(actor, f"/applications/{id}/waivers")))["items"]
        for actor in (region, local, road.accounts[id])
    }
    run = await road.balanced()

    assert refused.status_code in (409, 422)
    assert given["waivers"] == []
    assert [len(items) for items in seen.values()] == [1, 0, 0]
    assert seen[region.subject][0]["attested"]
    assert run["candidates"] == 1


async def test_a_waiver_is_a_recorded_act(road: Any) -> None:
    """S-09: who, in which role, why, when, under which policy; withdrawn before the decision, then it counts no more."""
    await road.opened(2)
    (id,) = await road.submitted(4, title_level="junior", specialty="tibetan-medicine")
    await road.recommended([id])
    authority = road.people.reviewer(road.kit.reviewer_of(road.units[id]))
    path, body = f"/applications/{id}/waivers", {"rule": "S-09-title", "reason": "The only one of the county."}
    approve = {"items": [{"application": id, "decision": "approve"}]}

    answers = await road.service.race(
        [road.post(actor, path, body) for actor in (road.people.region, road.people.second)]
    )
    local = await road.post(authority, path, body)
    shown = (await road.application(id))["waivers"]
    (waiver,) = (await road.ok(road.get(road.accounts[id], path)))["items"]
    undo = f"{path}/{waiver['id']}/withdraw"
    foreign = await road.post(authority, undo, {"reason": "no"})
    withdrawn = await road.ok(road.post(road.people.region, undo, {"reason": "A second one applied."}))
    unmet = await road.post(authority, "/reviews", approve)
    again = await road.post(road.people.region, undo, {"reason": "again"})
    await road.ok(road.post(road.people.region, path, body))
    await road.ok(road.post(authority, "/reviews", approve))
    late = await road.post(road.people.region, path, body)

    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 422])
    assert local.json()["code"] == "not-waivable"
    assert [(each["rule"], each["role"], each["policy_version"]) for each in shown] == [
        ("S-09-title", "regional_officer", "batch-4")
    ]
    assert (waiver["role"], waiver["reason"], waiver["state"]) == ("regional_officer", body["reason"], "granted")
    assert (foreign.status_code, foreign.json()["code"]) == (422, "not-waivable")
    assert (withdrawn["state"], withdrawn["withdrawal_reason"]) == ("withdrawn", "A second one applied.")
    assert unmet.json()["code"] == "waiver-needed"
    assert (again.status_code, late.status_code) == (409, 409)
    assert len((await road.ok(road.get(road.people.auditor, path)))["items"]) == 2
    assert (await road.get(road.people.applicant(5), path)).status_code == 404


async def test_the_sum_of_a_batch_is_held_by_the_database_too(road: Any) -> None:
    """P-02: never another sum; W-03: never one county in two schemes."""
    await road.opened(2)
    overlapping = road.kit.content("batch-2", "programme", SICHUAN)
    overlapping["batch"]["pairing_schemes"][1]["targets"].append("513321")

    answer = await road.put(road.people.operator, f"/programmes/{SICHUAN}/batches/batch-2", overlapping)
    with pytest.raises(IntegrityError, match="ck_batch_target_is_sum"):
        async with road.service.running.engine.begin() as connection:
            await connection.execute(text("UPDATE batch SET target = target + 1"))

    assert (answer.status_code, answer.json()["code"]) == (422, "pairing-overlap")
    assert answer.json()["errors"][0]["pointer"] == "/batch/pairing_schemes/1/targets"


async def test_a_session_copies_the_tree_of_its_batch(road: Any) -> None:
    """P-08: inherited at the opening, changed for itself alone."""
    await put_programme(road, "skilled-talent-class", "class-2006")
    body = {"programme": "skilled-talent-class", "batch": "class-2006", "session": "2006"}
    session = await road.ok(road.post(road.people.region, "/sessions", body))
    path = "/policies/skilled-talent-class/class-2006"

    await road.ok(road.put(road.people.region, f"/sessions/{session['id']}/quota-tree", {"nodes": []}))
    policy = await road.ok(road.get(road.people.region, path))

    assert {node["code"]: node["min"] for node in session["quota_nodes"]} == {
        "provincial-department": 30, "prefecture-bureau": 140, "industry": 12, "enterprise": 16, "technical-school": 230,
    }  # fmt: skip
    assert len(policy["resolved"]["quota_nodes"]) == 5


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"modality": "SHOULD"}, "/rules/0/waiver_role"),
        ({"modality": "MUST", "waiver_role": "regional_officer"}, "/rules/0/waiver_role"),
        ({"modality": "EXCEPTION", "relaxes": "S-10-post", "waiver_role": "regional_officer"}, "/rules/0/predicate"),
        ({"effective_from": "2024-02-01", "effective_to": "2024-01-01"}, "/rules/0/effective_to"),
        ({"predicate": {"fact": "position_class", "op": "is", "value": "no-such"}}, "/rules/0/predicate"),
        (
            {"modality": "PREFER", "predicate": {"fact": "reserve_listed", "op": "is", "value": True}},
            "/rules/0/predicate",
        ),
        (
            {
                "modality": "SHOULD",
                "waiver_role": "local_reviewer",
                "predicate": {"fact": "reserve_listed", "op": "is", "value": True},
            },
            "/rules/0/waiver_role",
        ),
    ],
)
async def test_rules_that_cannot_work_are_refused(road: Any, change: dict[str, Any], pointer: str) -> None:
    """domain.md 1.2 at PUT, with the place."""
    content = road.kit.content("batch-2", "selection", SICHUAN)
    content["rules"][0] |= change

    answer = await road.put(road.people.operator, f"/policies/{SICHUAN}/batch-2", content)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-policy")
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
