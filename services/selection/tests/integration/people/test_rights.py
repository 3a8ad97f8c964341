"""Access, correction, erasure, retention, holds: through the real routes (PIPL 44 to 47)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from selection.usecases.people.keep_retention import UnhurriedRetention, keep_retention

NOTICE = {"notice_version": "2026-1"}


async def test_the_export_holds_everything(road: Any) -> None:
    """PIPL 45: values, decisions, consents with notice version, reads; as data and as text; the access is logged."""
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    me = road.people.applicant(1)
    await road.ok(road.put(me, "/persons/me/declarations/email", {"value": "tashi@example.cn"} | NOTICE))
    await road.ok(road.post(road.people.service, "/persons/lookup", {"participations": [ids[1]]}, issuer="assessment"))

    export = await road.ok(road.get(me, "/persons/me/export", headers={"accept-language": "zh-CN"}))
    again = await road.ok(road.get(me, "/persons/me/export"))

    assert export["person"]["name_zh"] == "扎西1"
    assert export["attributes"] == {
        "identity-number": road.kit.identity(1), "phone": "13800000000", "email": "tashi@example.cn",
    }  # fmt: skip
    (application,) = export["held"]["applications"]
    assert (application["id"], application["state"]) == (ids[1], "reserve")
    assert application["eligibility"]
    assert application["explanation"]
    assert len(export["held"]["panel_means"]) == 4
    assert [row["purpose"] for row in export["held"]["reads"]] == ["certificate"]
    assert export["notices"]["ethnicity"] == "2026-1"
    assert "谁因何目的查看过" in export["readable"]
    assert road.kit.identity(1) in export["readable"]
    assert "# All that is held about you" in again["readable"]
    assert {row["purpose"] for row in again["held"]["reads"]} == {"certificate", "own-access"}
    assert "expert-" not in str(export)
    assert "扎西0" not in str(export)


async def test_a_correction_is_asked_answered_and_applied(road: Any) -> None:
    """PIPL 46: sealed until answered, applied at once, one open at a time; the index follows the number."""
    await road.opened(1)
    await road.submitted(1, 2)
    me, region = road.people.applicant(1), road.people.region
    right = {
        "identity_number": road.kit.identity(5),
        "birth_date": road.kit.born(5).isoformat(),
        "name_latin": "T. One",
    }
    asked = await road.ok(road.post(me, "/persons/me/corrections", right, key="c1"))
    path = f"/corrections/{asked['id']}"

    second = await road.post(me, "/persons/me/corrections", {"name_zh": "另名"})
    foreign = await road.get(road.people.applicant(2), path)
    shown = await road.ok(road.get(region, path))
    done = await road.ok(road.post(region, f"{path}/accept"))
    again = await road.post(region, f"{path}/accept")
    export = await road.ok(road.get(me, "/persons/me/export"))
    taken = await road.ok(road.post(road.people.applicant(2), "/persons/me/corrections", {
        "identity_number": road.kit.identity(5), "birth_date": road.kit.born(5).isoformat(),
    }))  # fmt: skip
    clash = await road.post(region, f"/corrections/{taken['id']}/accept")
    refused = await road.ok(road.post(region, f"/corrections/{taken['id']}/refuse", {"reason": "not yours"}))

    assert asked["members"] == ["birth_date", "identity_number", "name_latin"]
    assert (second.status_code, second.json()["code"]) == (409, "correction-open")
    assert foreign.status_code == 404
    assert shown["wanted"] == right
    assert (done["state"], again.status_code) == ("accepted", 409)
    assert export["attributes"]["identity-number"] == road.kit.identity(5)
    assert (export["person"]["name_latin"], export["person"]["birth_date"]) == ("T. One", right["birth_date"])
    assert {row["purpose"] for row in export["held"]["reads"]} >= {"correction"}
    assert (clash.status_code, clash.json()["code"]) == (409, "identity-taken")
    assert (refused["state"], refused["reason"]) == ("refused", "not yours")
    stored = await road.service.scalar("SELECT string_agg(to_jsonb(c)::text, '') FROM correction c")
    assert road.kit.identity(5) not in stored


async def test_wrong_corrections_are_refused_with_all_problems(road: Any) -> None:
    """Nothing wanted, a wrong check digit, a number without birth date."""
    await road.opened(1)
    await road.submitted(1)
    me, path = road.people.applicant(1), "/persons/me/corrections"

    nothing = await road.post(me, path, {}, headers={"accept-language": "zh-CN"})
    half = await road.post(me, path, {"identity_number": road.kit.identity(5)})
    wrong = await road.post(me, path, {"identity_number": "1", "birth_date": "2030-01-01"})

    assert (nothing.status_code, nothing.json()["code"]) == (400, "nothing-wanted")
    assert half.json()["errors"][0]["pointer"] == "/birth_date"
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/birth_date", "/identity_number"}


async def test_erasure_destroys_the_key_and_leaves_codes(road: Any) -> None:
    """PIPL 47: ciphertext unreadable, blind index gone, nothing readable left, told to the others; there is no way back."""
    await road.opened(1)
    one, two = await road.submitted(1, 2)
    me = road.people.applicant(1)
    running = await road.post(me, "/persons/me/erasure")
    await road.ok(road.post(me, f"/applications/{one}/withdraw", {"reason": "work"}))
    async with road.service.running.engine.begin() as connection:
        person = (await connection.execute(text("SELECT * FROM person WHERE account = 'account-1'"))).mappings().one()
        sealed = (await connection.execute(
            text("SELECT sealed FROM vault_item WHERE person_id = :id"), {"id": person["id"]}
        )).scalars().all()  # fmt: skip

    erased = await road.ok(road.post(me, "/persons/me/erasure"))
    after = await road.get(me, "/persons/me")
    looked = await road.post(road.people.service, "/persons/lookup", {"participations": [one]}, issuer="assessment")
    kept = await road.application(one)

    assert (running.status_code, running.json()["code"]) == (409, "erasure-held")
    assert [error["code"] for error in running.json()["errors"]] == ["participation-open"]
    assert erased["erased_at"] is not None
    assert (after.status_code, looked.status_code) == (404, 404)
    assert (kept["state"], kept["person"]["name_zh"], kept["person"]["name_bo"]) == ("withdrawn", "（已删除）", None)
    assert kept["specialty"]
    left = await road.service.scalar(
        "SELECT string_agg(x, '') FROM (SELECT to_jsonb(t)::text x FROM person t UNION ALL "
        "SELECT to_jsonb(t)::text FROM application t UNION ALL SELECT to_jsonb(t)::text FROM vault_item t) rows"
    )
    for gone in ("扎西1", "Tashi 1", 'account-1"', person["wrapped_key"].hex(), person["identity_index"].hex()):
        assert gone not in left
    assert all(value.hex() not in left for value in sealed)
    assert [event["participation"] for event in await road.heard("person.erased")] == [one]
    assert (await road.post(me, "/applications", road.form(1))).status_code == 201
    assert (await road.application(two))["person"]["name_zh"] == "扎西2"


async def test_a_hold_and_an_appeal_go_before_erasure_and_retention(road: Any) -> None:
    """Legal hold placed and released; the dry run names ids only and changes nothing."""
    await road.opened(1)
    (id,) = await road.submitted(1)
    me, auditor = road.people.applicant(1), road.people.auditor
    await road.ok(road.post(me, f"/applications/{id}/withdraw", {"reason": "work"}))
    hold = await road.ok(
        road.post(auditor, "/legal-holds", {"participation": id, "reason": "litigation", "document": "2024-17"})
    )
    absent = await road.post(
        auditor, "/legal-holds", {"participation": str(uuid4()), "reason": "audit", "document": "2024-18"}
    )

    held = await road.post(me, "/persons/me/erasure")
    road.on(date(2026, 3, 1))
    quiet = await road.ok(road.get(auditor, "/retention/due"))
    await road.ok(road.post(auditor, f"/legal-holds/{hold['id']}/release"))
    due = await road.ok(road.get(auditor, "/retention/due"))
    still = await road.ok(road.get(me, "/persons/me"))

    assert [error["code"] for error in held.json()["errors"]] == ["legal-hold"]
    assert absent.status_code == 404
    assert quiet["count"] == 0
    assert [row["rule"] for row in due["items"]] == ["unsuccessful-applicant"]
    assert still["name_zh"] == "扎西1"
    assert (await road.get(me, "/retention/due")).status_code == 403
    assert (await road.ok(road.get(auditor, "/legal-holds")))["items"][0]["released_at"]


async def test_the_schedule_is_kept_and_audited_by_id(road: Any) -> None:
    """Unsuccessful applicants a year after the appeal period, not a day earlier; the duty waits its first turn."""
    await road.opened(1)
    one, two = await road.submitted(1, 2)
    await road.ok(road.post(road.people.applicant(1), f"/applications/{one}/withdraw", {"reason": "work"}))
    running, duty = road.service.running, UnhurriedRetention()

    async def kept(keep: Any = keep_retention) -> int:
        async with running.system_unit(f"retention-{uuid4()}") as unit:
            return int(await keep(unit))

    road.on(date(2025, 10, 31))
    early = await kept()
    road.on(date(2025, 11, 1))
    first_turn = await kept(duty)
    second_turn = await kept(duty)
    nothing_more = await kept(duty)

    assert (early, first_turn, second_turn, nothing_more) == (0, 0, 2, 0)
    erased = await road.service.scalar("SELECT count(*) FROM person WHERE erased_at IS NOT NULL")
    audited = await road.service.scalar(
        "SELECT count(*) FROM audit WHERE action = 'person.erase' AND details ->> 'cause' = 'unsuccessful-applicant'"
    )
    assert erased == audited == 2
    assert {event["participation"] for event in await road.heard("person.erased")} == {one, two}


async def test_consent_and_erasure_race(road: Any) -> None:
    """A statement against an erasure: whichever order, afterwards nothing sealed is left for an erased person."""
    await road.opened(1)
    (id,) = await road.submitted(1)
    me = road.people.applicant(1)
    await road.ok(road.post(me, f"/applications/{id}/withdraw", {"reason": "work"}))

    answers = await road.service.race(
        [
            road.put(me, "/persons/me/declarations/bank-account", {"value": "6222021234567890123"} | NOTICE),
            road.post(me, "/persons/me/erasure"),
            road.put(me, "/persons/me/declarations/email", {"value": "a@b.cn"} | NOTICE),
        ]
    )

    assert answers[1].status_code == 200
    assert {answers[0].status_code, answers[2].status_code} <= {200, 404, 409}
    assert await road.service.scalar("SELECT count(*) FROM vault_item") == 0
