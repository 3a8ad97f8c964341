"""What bad input gets: every changing route refuses the stranger, the wrong role, unknown fields; nothing is written."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from selection.service import SERVICE
from shared.kernel.actor import Role
from shared.testing.actors import someone

CHANGING = [
    (method, route.path)
    for router in SERVICE.routers
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted({"POST", "PUT"}.intersection(route.methods or ()))
]
READING = [
    route.path
    for router in SERVICE.routers
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and not route.path.endswith("/schema")
]
ANYBODY = someone(*(set(Role) - {Role.SYSTEM, Role.SERVICE}), subject="anybody", organisation="cn/54/5401/U0001")


def concrete(path: str) -> str:
    """The path with ids that name nothing."""
    filled = path.replace("{programme}", "p").replace("{version}", "v").replace("{batch}", "b").replace("{number}", "1")
    while "{" in filled:
        head, _, rest = filled.partition("{")
        filled = f"{head}{uuid4()}{rest.partition('}')[2]}"
    return filled


async def empty(road: Any) -> bool:
    """True when nothing was told and nothing but denials was audited."""
    told = await road.service.scalar("SELECT count(*) FROM outbox")
    done = await road.service.scalar("SELECT count(*) FROM audit WHERE NOT details ? 'denied'")
    return (told, done) == (0, 0)


@pytest.mark.parametrize(("method", "path"), CHANGING)
async def test_every_changing_route_refuses_strangers_and_wrong_roles(road: Any, method: str, path: str) -> None:
    """401 without a token, 403 for a role that no row of the policy table admits."""
    nobody = await road.service.call(None, method, concrete(path), {})
    wrong = await road.service.call(someone(Role.GROUP_LEADER), method, concrete(path), {})

    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    assert (wrong.status_code, wrong.json()["code"]) in ((403, "wrong-role"), (400, "bad-request"))
    assert wrong.status_code == 403 or any("missing" in error["code"] for error in wrong.json()["errors"])
    assert await empty(road)


@pytest.mark.parametrize(("method", "path"), CHANGING)
async def test_every_changing_route_refuses_unknown_members(road: Any, method: str, path: str) -> None:
    """400 with a pointer, in the caller's language."""
    issuer = "assessment" if path.endswith("lookup") else "gateway"
    answer = await road.service.call(
        ANYBODY, method, concrete(path), {"surprise": 1}, issuer=issuer, headers={"accept-language": "zh-CN"}
    )

    assert answer.status_code == 400, answer.text
    assert answer.headers["content-language"] == "zh-CN"
    assert "surprise" in answer.text
    assert await empty(road)


@pytest.mark.parametrize("path", READING)
async def test_every_reading_route_refuses_strangers(road: Any, path: str) -> None:
    assert (await road.service.get(None, concrete(path))).status_code == 401


async def test_the_wrong_roles_are_refused_where_a_body_is_sound(road: Any) -> None:
    """Each act belongs to its role."""
    await road.opened(1)
    ids = await road.ready(1)
    roster = await road.proposed()
    r, unit = road.people, road.kit.unit_of(0)
    rows = {"items": [{"application": ids[0], "decision": "approve"}]}
    tries = [
        (r.applicant(1), f"/rosters/{roster['id']}/fix", {}),
        (r.ministry, f"/rosters/{roster['id']}/fix", {}),
        (r.region, f"/rosters/{roster['id']}/acknowledge", {"receipt": "R-1"}),
        (r.unit(unit), "/reviews", rows),
        (r.region, "/reviews", rows),
        (r.reviewer("cn/54/5401"), f"/sessions/{road.session}/balancing-runs", {}),
        (r.region, "/persons/lookup", {"participations": ids}),
        (r.auditor, f"/panels/{road.panel}/conclude", {}),
    ]

    answers = [await road.post(actor, path, body) for actor, path, body in tries]

    assert [answer.status_code for answer in answers] == [403] * len(tries)


async def test_what_a_caller_may_not_see_is_not_there(road: Any) -> None:
    """404, the same for the foreign and for the absent."""
    await road.opened(1)
    (id,) = await road.submitted(0)
    foreign_unit, foreign_office = road.people.unit("cn/54/5402/U0001"), road.people.reviewer("cn/54/5402")
    other = road.people.applicant(5)

    answers = [
        await road.get(foreign_unit, f"/applications/{id}"),
        await road.get(foreign_office, f"/applications/{id}"),
        await road.get(other, f"/applications/{id}"),
        await road.get(other, f"/applications/{id}/explanation"),
        await road.post(other, f"/applications/{id}/submit"),
        await road.post(other, f"/applications/{uuid4()}/submit"),
        await road.post(foreign_unit, "/recommendations", {"items": [{"application": id, "opinion": "given"}]}),
        await road.post(foreign_office, "/reviews", {"items": [{"application": id, "decision": "approve"}]}),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert answers[4].json() == answers[5].json()
    assert (await road.ok(road.get(foreign_unit, "/applications")))["items"] == []
    assert (await road.ok(road.get(other, "/applications")))["items"] == []
    assert len((await road.ok(road.get(road.people.unit(road.kit.unit_of(0)), "/applications")))["items"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"specialty": "alchemy"}, 400, "unknown-code", "/specialty"),
        ({"focus_area": "no-such"}, 400, "unknown-code", "/focus_area"),
        ({"focus_area": None}, 400, "unknown-code", "/focus_area"),
        ({"study_direction_wish": "no-such"}, 400, "unknown-code", "/study_direction_wish"),
        ({"grassroots_years": 60}, 400, "years-contradict", "/grassroots_years"),
        ({"host_preferences": ["hosts/H001", "hosts/H001"]}, 400, "host-twice", "/host_preferences"),
        ({"title_level": "professor"}, 400, "enum", "/title_level"),
        ({"years_of_service": -1}, 400, "greater-than-equal", "/years_of_service"),
        ({"years_of_service": "eight"}, 400, "int-type", "/years_of_service"),
        ({"unit": "cn/54/5401/U9999"}, 400, "unknown-unit", "/unit"),
        ({"ethnicity": "x"}, 400, "extra-forbidden", "/ethnicity"),
        ({"call": "x"}, 400, "uuid-parsing", "/call"),
    ],
)
async def test_a_wrong_statement_is_named(road: Any, change: Any, status: int, code: str, pointer: str) -> None:
    """Field pointer and code; no application remains."""
    await road.opened(1)

    answer = await road.post(road.people.applicant(1), "/applications", road.form(1, **change))

    assert answer.status_code == status, answer.text
    errors = {(error["code"], error.get("pointer")) for error in answer.json()["errors"]}
    assert (code, pointer) in errors
    assert await road.service.scalar("SELECT count(*) FROM application") == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identity_number": "540102198001011230"}, "identity-number-check"),
        ({"identity_number": "1"}, "identity-number-shape"),
        ({"birth_date": "2090-01-01"}, "birth-date-in-future"),
        ({"birth_date": "1980-01-02"}, "identity-number-birth-date"),
    ],
)
async def test_a_wrong_identity_is_named_and_not_repeated(road: Any, change: Any, code: str) -> None:
    """GB 11643; the number itself appears in no answer."""
    await road.opened(1)
    body = road.form(1, person=road.kit.person(1, **change))

    answer = await road.post(road.people.applicant(1), "/applications", body, headers={"accept-language": "zh"})

    assert answer.status_code == 400
    assert code in {error["code"] for error in answer.json()["errors"]}
    assert len(change.get("identity_number", "")) < 5 or change["identity_number"] not in answer.text
    assert await road.service.scalar("SELECT count(*) FROM person") == 0


async def test_units_and_windows_are_held(road: Any) -> None:
    """S-02, S-03, S-04: outside the window, a foreign unit, a unit nobody reviews, a scope that does not hold it."""
    await road.opened(1, scope="cn/54/5401")
    own = someone(Role.APPLICANT, subject="account-1", organisation="cn/54/5402/U0001")

    foreign = await road.post(own, "/applications", road.form(1, unit="cn/54/5401/U0001"))
    outside = await road.post(road.people.applicant(1), "/applications", road.form(1))
    unrouted = await road.post(road.people.applicant(1), "/applications", road.form(1, unit="cn/54/5401"))
    road.on(date(2024, 4, 2))
    late = await road.post(road.people.applicant(1), "/applications", road.form(1, unit="cn/54/5401/U0001"))

    assert [answer.json()["code"] for answer in (foreign, outside, unrouted, late)] == [
        "foreign-unit", "unit-outside-scope", "unit-not-routed", "call-not-open",
    ]  # fmt: skip
    assert [answer.status_code for answer in (foreign, outside, unrouted, late)] == [422, 422, 422, 409]


async def test_a_draft_is_not_handed_in_after_the_window(road: Any) -> None:
    """S-02."""
    await road.opened(1)
    id = await road.drafted(1)
    road.on(date(2024, 4, 2))

    answer = await road.post(road.people.applicant(1), f"/applications/{id}/submit")

    assert (answer.status_code, answer.json()["rule"]) == (409, "S-02")


async def test_one_identity_has_one_account_and_one_account_one_identity(road: Any) -> None:
    """Duplicates are refused, never merged."""
    await road.opened(1)
    await road.drafted(1)

    again = await road.post(road.people.applicant(1), "/applications", road.form(1))
    taken = await road.post(road.people.applicant(2), "/applications", road.form(2, person=road.kit.person(1)))
    other = await road.post(road.people.applicant(1), "/applications", road.form(1, person=road.kit.person(3)))
    unknown = await road.post(road.people.applicant(4), "/applications", road.form(4, person=None))

    assert [(answer.status_code, answer.json()["code"]) for answer in (again, taken, other, unknown)] == [
        (409, "applied-already"), (409, "identity-taken"), (409, "person-known-otherwise"), (400, "person-missing"),
    ]  # fmt: skip


async def test_a_must_excludes_at_submission_with_rule_and_clause(road: Any) -> None:
    """S-09, in Chinese from the policy's own words."""
    await road.opened(1)
    id = await road.drafted(1, title_level="junior", specialty="agronomy")

    path = f"/applications/{id}/submit"
    answer = await road.post(road.people.applicant(1), path, headers={"accept-language": "zh-CN"})

    assert (answer.status_code, answer.json()["code"]) == (422, "not-eligible")
    assert answer.json()["errors"] == [
        {"code": "rule-unmet", "detail": "学员应具有中级及以上职称。", "pointer": "", "rule": "S-09-title"}
    ]
    assert (await road.application(id))["state"] == "draft"


async def test_a_stale_version_is_refused(road: Any) -> None:
    """If-Match: 412 with nothing done."""
    await road.opened(1)
    id = await road.drafted(1)
    read = await road.get(road.people.applicant(1), f"/applications/{id}")
    path = f"/applications/{id}/submit"

    await road.ok(road.post(road.people.applicant(1), path, if_match=read.headers["etag"]))
    stale = await road.post(
        road.people.applicant(1), f"/applications/{id}/withdraw", {"reason": "work"}, if_match=read.headers["etag"]
    )

    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    assert (await road.application(id))["state"] == "submitted"


async def test_wrong_states_name_what_is_possible(road: Any) -> None:
    """409 with the state and what the caller may do."""
    await road.opened(1)
    (id,) = await road.submitted(1)

    again = await road.post(road.people.applicant(1), f"/applications/{id}/submit")
    correct = await road.post(road.people.applicant(1), f"/applications/{id}/correct", road.kit.statement(1))
    early = await road.post(
        road.people.region, f"/sessions/{road.session}/classifications",
        {"items": [{"application": id, "study_direction": "clinical-practice"}]},
    )  # fmt: skip
    nobody = await road.post(road.people.region, f"/sessions/{road.session}/balancing-runs")

    assert [answer.status_code for answer in (again, correct, early, nobody)] == [409] * 4
    assert again.json()["allowed_actions"] == ["withdraw"]
    assert early.json()["errors"][0]["pointer"] == "/items/0"
    assert early.json()["code"] == "step-missing"
    assert nobody.json()["code"] == "nobody-ready"


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
        {"code": "b", "min": 0, "max": 1, "match": {"unit_class": ["prefecture_unit"]}, "name_zh": "乙", "name_en": "B"},
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
        road.people.operator, f"/policies/{road.kit.programme}/batch-9", content | {"version": "batch-9", "inherits": "no"}
    )
    batch = await road.put(
        road.people.operator, f"/programmes/{road.kit.programme}/batches/batch-4", road.kit.content("batch-4", "programme")
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


async def test_names_are_given_for_a_purpose_and_audited(road: Any) -> None:
    """domain.md 7.3: purpose stated, every read audited, the tail only when asked for."""
    await road.opened(1)
    (id,) = await road.submitted(1)
    bare, purposeful = someone(Role.SERVICE), road.people.service
    body = {"participations": [id]}

    refused = await road.post(bare, "/persons/lookup", body, issuer="assessment")
    plain = await road.ok(road.post(purposeful, "/persons/lookup", body, issuer="assessment"))
    tail = await road.ok(road.post(
        purposeful, "/persons/lookup", body | {"with_identity_tail": True, "purpose": "second-factor"}, issuer="assessment"
    ))  # fmt: skip
    unknown = await road.post(purposeful, "/persons/lookup", {"participations": [str(uuid4())]}, issuer="assessment")

    assert (refused.status_code, refused.json()["code"]) == (403, "purpose-missing")
    assert plain["items"] == [
        {"participation": id, "name_zh": "扎西1", "name_bo": "བཀྲ་ཤིས།", "name_latin": "Tashi 1", "identity_tail": None}
    ]
    assert tail["items"][0]["identity_tail"] == road.kit.identity(1)[-4:]
    assert unknown.status_code == 404
    audited = await road.service.scalar(
        "SELECT count(*) FROM audit WHERE action = 'person.lookup' AND object_id = :id AND details ? 'purpose'", id=id
    )
    assert audited == 2


async def test_nothing_sealed_or_named_reaches_outbox_or_audit(road: Any) -> None:
    """Events and audit hold ids and codes only; the database holds no readable identity number."""
    await road.opened(1)
    await road.ready(1)
    await road.fixed()

    for table in ("outbox", "audit", "person"):
        rows = await road.service.scalar(f"SELECT string_agg(to_jsonb(t)::text, '') FROM {table} t")
        assert road.kit.identity(0) not in rows
        assert table == "person" or "扎西" not in rows


async def test_lists_are_paged_and_complete_since(road: Any) -> None:
    """Signed cursors bound to the filters; updated_since by the watermark."""
    await road.opened(1)
    ids = await road.submitted(*range(5))
    first = await road.ok(road.get(road.people.region, f"/applications?session={road.session}&limit=2"))
    cursor = first["next_cursor"]

    second = await road.ok(
        road.get(road.people.region, "/applications", params={"session": road.session, "limit": 2, "cursor": cursor})
    )
    stolen = await road.get(road.people.region, "/applications", params={"limit": 2, "cursor": cursor})
    await road.ok(road.post(road.accounts[ids[4]], f"/applications/{ids[4]}/withdraw", {"reason": "work"}))
    since = await road.ok(
        road.get(road.people.region, "/applications", params={"updated_since": first["watermark"]})
    )

    assert [row["id"] for row in first["items"] + second["items"]] == sorted(ids)[:4]
    assert (stolen.status_code, stolen.json()["code"]) == (400, "bad-cursor")
    assert [row["id"] for row in since["items"]] == [ids[4]]
