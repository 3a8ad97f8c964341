"""After the return: achievements, follow-ups, alumni links, what is due, and what comes of it all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessment.testing.racing.recipes import A, done
from assessment.testing.racing.returning import FOUND, PAPER
from assessment.usecases.returning.follow_ups import keep_follow_ups
from shared.contracts.selection import PersonErased

TWICE = {"reference": "docs/paper-1", "sha256": "a" * 64}


async def paper(road: Any, kit: Any, **more: Any) -> Any:
    """An achievement of person 1, as handed in by them."""
    body = PAPER | {"participation": str(kit.pid(1))} | more
    return await road.service.post(kit.people.trainee, f"{A}/achievements", body)


async def pass_time(road: Any, year: int, month: int, day: int) -> None:
    """Let the business clock and the duty move on."""
    road.service.clock.at = datetime(year, month, day, 4, tzinfo=UTC)
    async with road.service.running.system_unit(f"duty:{year}-{month}-{day}") as unit:
        await keep_follow_ups(unit)


async def due(road: Any, actor: Any, **more: Any) -> list[tuple[str, str, str | None]]:
    """What is due in an actor's sight: kind, by whom, until when."""
    answer = await done(road.service.get(actor, f"{A}/obligations", params=more))
    return [(row["kind"], row["owed_by"], row["due_on"]) for row in answer["items"]]


async def test_an_achievement_is_recorded_and_verified_by_another(road: Any, kit: Any) -> None:
    """D-06: evidence with its hash, whose property it is, during the term; the unit verifies."""
    await road.term_completed(1)

    made = (await paper(road, kit)).json()
    again = await paper(road, kit)
    foreign = await road.service.post(kit.people.other_unit, f"{A}/achievements/verify", {"achievements": [made["id"]]})
    verified = await done(
        road.service.post(kit.people.unit, f"{A}/achievements/verify", {"achievements": [made["id"]]})
    )

    assert (made["phase"], made["state"], made["allowed_actions"]) == ("during", "recorded", ["correct", "withdraw"])
    assert (again.status_code, again.json()["code"]) == (409, "achievement-exists")
    assert foreign.status_code == 404
    assert verified["items"][0]["state"] == "verified"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "poem"}, 422, "unknown-kind"),
        ({"standing": "granted"}, 422, "unknown-standing"),
        ({"achieved_on": "2030-01-01"}, 422, "in-the-future"),
        ({"evidence": [TWICE, TWICE]}, 422, "evidence-twice"),
        ({"evidence": []}, 400, "bad-request"),
        ({"evidence": [{"reference": "docs/1", "sha256": "short"}]}, 400, "bad-request"),
        ({"owner": "nobody"}, 400, "bad-request"),
        ({"colour": "red"}, 400, "bad-request"),
        ({"participation": "00000000-0000-7000-8000-000000000404"}, 404, "not-found"),
    ],
    ids=["kind", "standing", "future", "twice", "no-evidence", "no-hash", "owner", "unknown", "nobody"],
)
async def test_a_wrong_achievement_leaves_no_trace(
    road: Any, kit: Any, change: dict[str, Any], status: int, code: str
) -> None:
    await road.term_completed(1)

    answer = await paper(road, kit, **change)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await road.service.scalar("SELECT count(*) FROM achievement") == 0


async def test_wrong_hands_and_wrong_states_are_refused(road: Any, kit: Any) -> None:
    """Every POST of this page: wrong role, foreign person, wrong state, unknown members, missing things."""
    people, post = kit.people, road.service.post
    await road.term_completed(1)
    made = (await paper(road, kit)).json()["id"]
    follow_up = await road.service.scalar("SELECT id FROM follow_up WHERE round = 'm6'")
    link = (await done(post(people.host, f"{A}/alumni-links", {"participation": str(kit.pid(1)), "purpose": "p"})))[
        "id"
    ]
    ghost, one = str(kit.pid(404)), {"participation": str(kit.pid(1))}
    refused = [
        (people.other_trainee, "/achievements", PAPER | one, 404, "not-found"),
        (people.unit, "/achievements", PAPER | one, 403, "wrong-role"),
        (people.trainee, "/achievements/verify", {"achievements": [made]}, 403, "wrong-role"),
        (people.unit, "/achievements/verify", {"achievements": [made, made]}, 409, "item-twice"),
        (people.unit, "/achievements/verify", {"achievements": [ghost]}, 404, "not-found"),
        (people.unit, "/achievements/verify", {"achievements": []}, 400, "bad-request"),
        (people.trainee, f"/achievements/{ghost}/correct", PAPER, 404, "not-found"),
        (people.other_trainee, f"/achievements/{made}/withdraw", {}, 404, "not-found"),
        (people.unit, f"/achievements/{made}/return", {"reason": "why not"}, 400, "bad-request"),
        (people.unit, f"/follow-ups/{follow_up}/record", FOUND, 409, "wrong-state"),
        (people.unit, f"/follow-ups/{follow_up}/record", FOUND | {"funds": 12}, 400, "bad-request"),
        (people.unit, f"/follow-ups/{follow_up}/record", FOUND | {"post": "king"}, 400, "bad-request"),
        (people.other_unit, f"/follow-ups/{follow_up}/record", FOUND, 404, "not-found"),
        (people.trainee, f"/follow-ups/{follow_up}/record", FOUND, 403, "wrong-role"),
        (people.host, f"/alumni-links/{link}/accept", {}, 403, "own-proposal"),
        (people.other_host, f"/alumni-links/{link}/accept", {}, 404, "not-found"),
        (people.other_trainee, f"/alumni-links/{link}/end", {}, 404, "not-found"),
        (people.trainee, "/alumni-links", one | {"purpose": "p"}, 409, "link-exists"),
        (people.unit, "/alumni-links", one | {"purpose": "p"}, 403, "wrong-role"),
        (None, "/alumni-links", one | {"purpose": "p"}, 401, "unauthenticated"),
    ]

    for actor, path, body, status, code in refused:
        answer = await post(actor, A + path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (path, answer.text)
    said = await post(people.host, f"{A}/alumni-links/{link}/accept", {}, headers={"accept-language": "zh-CN"})
    assert said.json()["detail"] == "须由对方同意。"


async def test_follow_ups_come_from_the_end_of_the_term(road: Any, kit: Any) -> None:
    """C-04: the rounds of the programme from the last day of the term; due, overdue, recorded late all the same."""
    await road.term_completed(1)
    await road.receive(road.ended(1))

    async def shown() -> list[tuple[str, str, str]]:
        answer = await done(road.service.get(kit.people.unit, f"{A}/follow-ups"))
        return sorted((row["due_on"], row["round"], row["state"]) for row in answer["items"])

    assert await shown() == [
        ("2025-12-30", "m6", "scheduled"), ("2026-06-30", "m12", "scheduled"), ("2028-06-30", "m36", "scheduled"),
    ]  # fmt: skip
    await pass_time(road, 2025, 12, 30)
    assert await due(road, kit.people.unit, kind="record-follow-up") == [
        ("record-follow-up", "sending_unit", "2026-02-28")
    ]
    await pass_time(road, 2026, 3, 1)
    assert (await shown())[0] == ("2025-12-30", "m6", "overdue")
    late = await done(road.service.get(kit.people.unit, f"{A}/obligations", params={"overdue": True}))
    assert [(row["kind"], row["overdue"]) for row in late["items"] if "follow" in row["kind"]] == [
        ("record-follow-up", True)
    ]
    id = await road.service.scalar("SELECT id FROM follow_up WHERE round = 'm6'")
    recorded = await done(road.service.post(kit.people.unit, f"{A}/follow-ups/{id}/record", FOUND))
    assert (recorded["state"], recorded["funds"], recorded["recorded_on"]) == ("recorded", "120000.00", "2026-03-01")


async def test_a_link_needs_both_sides_and_ends_at_any_time(road: Any, kit: Any) -> None:
    """C-05: encouraged; no reason is asked and nothing follows."""
    await road.term_completed(1)
    body = {"participation": str(kit.pid(1)), "purpose": "joint-project"}
    made = await done(road.service.post(kit.people.trainee, f"{A}/alumni-links", body))
    path = f"{A}/alumni-links/{made['id']}"

    active = await done(road.service.post(kit.people.host, f"{path}/accept", {}))
    ended = await done(road.service.post(kit.people.trainee, f"{path}/end", {}))
    anew = await done(road.service.post(kit.people.host, f"{A}/alumni-links", body))

    assert (made["proposed_by"], active["state"], ended["ended_by"], anew["state"]) == (
        "alumnus", "active", "alumnus", "proposed",
    )  # fmt: skip
    assert (await road.service.get(kit.people.ministry, f"{A}/alumni-links")).status_code == 403


async def test_what_is_due_follows_the_assessment(road: Any, kit: Any) -> None:
    """Everyone sees what they owe; hosts and mentors nothing else; the days are the policy's."""
    people = kit.people
    await road.receive(road.selected(1), road.placed(1), road.report(1))
    assert await due(road, people.host) == []
    road.service.clock.at = datetime(2025, 6, 10, 4, tzinfo=UTC)
    assert await due(road, people.host) == [("evaluate", "host", "2025-07-30")]
    assert ("evaluate", "sending_unit", "2025-07-30") in await due(road, people.unit, mine=True)
    assert await due(road, people.other_host) == []
    await road.receive(road.ended(1))
    await road.evaluated(1)
    road.service.clock.at = datetime(2025, 8, 1, 2, tzinfo=UTC)
    assert await due(road, people.assessor) == [("conduct", "assessor", "2025-08-29")]
    assert await due(road, people.host) == []
    await done(road.sheet(people.assessor, "panel", {1: "88"}))
    assert [kind for kind, *_ in await due(road, people.assessor)] == ["record-result"]
    item = {"participation": str(kit.pid(1)), "outcome": "pass"}
    await done(road.service.post(people.assessor, f"{A}/results", {"items": [item]}))
    assert await due(road, people.third) == [("confirm-result", "region", "2025-08-11")]
    await done(road.confirm(people.second, 1))
    assert await due(road, people.issuer, mine=True) == [("issue-certificate", "ministry", "2025-08-31")]
    await done(road.issue())
    assert await due(road, people.issuer) == []
    await paper(road, kit)
    assert await due(road, people.unit) == [("verify-achievement", "sending_unit", "2025-08-31")]
    assert (await road.service.get(people.finance, f"{A}/obligations")).status_code == 403


async def test_what_is_due_is_read_page_by_page(road: Any, kit: Any) -> None:
    """Beyond one page nothing is lost or told twice; a cursor belongs to its list and its filters."""
    await road.term_completed(1, 2, 3)
    path, unit = f"{A}/obligations", kit.people.ministry
    whole = (await done(road.service.get(unit, path)))["items"]
    paged: list[Any] = []
    more: dict[str, Any] = {}
    while True:
        page = await done(road.service.get(unit, path, params={"limit": 2} | more))
        paged += page["items"]
        assert page["more"] == (page["next_cursor"] is not None)
        if not page["more"]:
            break
        more = {"cursor": page["next_cursor"]}

    assert len(whole) >= 5
    assert paged == whole
    for wrong in ({"cursor": "x"}, more | {"overdue": True}):
        answer = await road.service.get(unit, path, params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


async def test_a_deferral_and_a_fail_are_due_again(road: Any, kit: Any) -> None:
    await road.confirmed({1: "40"})
    await road.term_completed(2)
    await road.evaluated(2)
    await done(road.sheet(kit.people.assessor, "panel", {2: "88"}))
    item = {"participation": str(kit.pid(2)), "outcome": "deferred", "reason": "illness"}
    await done(road.service.post(kit.people.assessor, f"{A}/results", {"items": [item]}))

    assert await due(road, kit.people.assessor) == [
        ("begin-resit", "assessor", "2026-02-01"), ("reopen", "assessor", "2026-02-01"),
    ]  # fmt: skip


async def test_the_first_cohort_wrote_0_8_papers_each(road: Any, kit: Any) -> None:
    """C-07, golden number: 120 trainees, 96 papers written, about 30 of them published."""
    for number in range(1, 121):
        await road.receive(road.selected(number))
    rows = [
        f"(gen_random_uuid(), 'verified', '{kit.pid(n)}', 'account-{n}', '{kit.programme}', '2024', 'cn/54/5401/U0001', "
        f"'batch-4', 'paper', '{'published' if n <= 30 else 'written'}', 'Paper {n}', 'during', 'shared', '', "
        f"'account-{n}', '2025-01-01', '[1]', '2025-01-02', 'unit-1', '2025-01-03')"
        for n in range(1, 97)
    ]
    names = (
        "id, state, participation, account, programme, session, unit, batch, kind, standing, title, phase, owner, note, "
        "recorded_by, achieved_on, evidence, recorded_on, verified_by, verified_on"
    )
    async with road.service.running.engine.begin() as connection:
        await connection.execute(text(f"INSERT INTO achievement ({names}) VALUES {', '.join(rows)}"))
    road.service.clock.at = datetime(2025, 8, 1, 2, tzinfo=UTC)
    path, asked = f"{A}/outcomes", {"programme": kit.programme, "session": "2024"}

    now = await done(road.service.get(kit.people.third, path, params=asked))
    before = await done(road.service.get(kit.people.third, path, params=asked | {"as_of": "2025-01-02"}))

    assert (now["trainees"], now["achievements_each"]) == (120, "0.8")
    assert [(cell["code"], cell["count"], cell["share"]) for cell in now["achievements"]] == [("paper", 96, "0.8")]
    assert [(cell["code"], cell["count"]) for cell in now["standings"]] == [
        ("paper.published", 30), ("paper.written", 66),
    ]  # fmt: skip
    assert (before["achievements"], before["as_of"], before["precision"]) == ([], "2025-01-02", "exact")


async def test_outcomes_are_counted_as_of_a_day_and_small_cells_withheld(road: Any, kit: Any) -> None:
    """Three of fifteen failed: neither they nor what would give them away is shown; a re-sit changes no earlier day."""
    await road.confirmed(dict.fromkeys(range(1, 13), "88") | dict.fromkeys((13, 14, 15), "40"))
    await road.issue()
    used = {"title_level": "associate_senior", "application": "A-1"}
    await done(road.service.post(kit.people.agency, f"{A}/waivers/{(await road.waiver(1))['id']}/consume", used))
    path, asked = f"{A}/outcomes", {"programme": kit.programme, "session": "2024"}

    seen = await done(road.service.get(kit.people.third, path, params=asked))
    earlier = await done(road.service.get(kit.people.third, path, params=asked | {"as_of": "2025-07-01"}))

    assert seen["trainees"] == 15
    assert {cell["code"]: (cell["count"], cell["withheld"]) for cell in seen["results"]} == {
        "pass": (None, True), "fail": (None, True), "open": (0, False),
    }  # fmt: skip
    assert [cell["withheld"] for cell in seen["waivers"]] == [True, True]
    assert {cell["code"]: cell["count"] for cell in earlier["results"]} == {"pass": 0, "fail": 0, "open": 15}
    assert earlier["precision"] == "later-changed"
    assert (await road.service.get(kit.people.unit, path, params=asked)).status_code == 403


async def test_the_database_wants_another_verifier_and_both_sides(road: Any, kit: Any) -> None:
    await road.term_completed(1)
    await paper(road, kit)
    body = {"participation": str(kit.pid(1)), "purpose": "joint-project"}
    await done(road.service.post(kit.people.trainee, f"{A}/alumni-links", body))

    for statement, constraint in (
        ("UPDATE achievement SET verified_by = recorded_by", "ck_achievement_four_eyes"),
        ("UPDATE achievement SET state = 'verified'", "ck_achievement_verified_by_whom"),
        ("UPDATE alumni_link SET state = 'active'", "ck_alumni_link_both_agree"),
        ("UPDATE follow_up SET state = 'recorded'", "ck_follow_up_recorded_what"),
    ):
        with pytest.raises(IntegrityError, match=constraint):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_an_erased_person_leaves_records_and_no_account(road: Any, kit: Any) -> None:
    """7.3: the certificate is a long-term record and goes on verifying; account, wording and links go."""
    await road.certified(1)
    await paper(road, kit)
    body = {"participation": str(kit.pid(1)), "purpose": "joint-project"}
    await done(road.service.post(kit.people.trainee, f"{A}/alumni-links", body))

    await road.receive(PersonErased(participation=kit.pid(1)))
    await road.receive(PersonErased(participation=kit.pid(1)))

    for table in ("participation", "assessment", "certificate", "waiver", "achievement", "follow_up", "alumni_link"):
        left = f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ~ 'account-1|高原|docs/paper'"
        assert await road.service.scalar(left) == 0, table
    assert await road.service.scalar("SELECT state FROM alumni_link") == "ended"
    certificate = await road.certificate(1)
    assert certificate["state"] == "issued"
    found = await road.verify(number=certificate["number"], name=f"次仁{kit.pid(1).int % 1000}")
    assert found.json()["status"] == "valid"
