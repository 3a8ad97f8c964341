"""The vault through the real routes: consent, purpose, log, masking, rotation."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import text

from selection.usecases.people.rewrap_keys import rewrap_keys
from shared.testing.service import VAULT_KEY
from shared.vault import Vault

NOTICE = {"notice_version": "2026-1"}
BANK = "6222021234567890123"


async def _state(road: Any, number: int, attribute: str, value: str) -> Any:
    path = f"/persons/me/declarations/{attribute}"
    return await road.put(road.people.applicant(number), path, {"value": value} | NOTICE)


async def test_a_sensitive_attribute_needs_consent_and_goes_with_it(road: Any) -> None:
    """PIPL 29, 15: the notice in force, a consent record, withdrawal deletes the value and nothing else."""
    await road.opened(1)
    await road.submitted(1)
    me = road.people.applicant(1)
    stale = await road.put(
        me, "/persons/me/declarations/bank-account", {"value": BANK, "notice_version": "2020-1"},
        headers={"accept-language": "zh-CN"},
    )  # fmt: skip
    stated = await road.ok(_state(road, 1, "bank-account", BANK))
    again = await road.ok(_state(road, 1, "bank-account", BANK + "4"))

    held = await road.ok(road.get(me, "/persons/me"))
    gone = await road.ok(road.post(me, "/persons/me/declarations/bank-account/withdraw"))
    twice = await road.post(me, "/persons/me/declarations/bank-account/withdraw")
    consents = (await road.ok(road.get(me, "/persons/me/consents")))["items"]

    assert (stale.status_code, stale.json()["code"]) == (409, "notice-changed")
    assert "2026-1" in stale.json()["detail"]
    assert stated["consent"] != again["consent"]
    assert [each["attribute"] for each in held["held"]] == ["bank-account", "identity-number", "phone"]
    assert gone == {"attribute": "bank-account"}
    assert (twice.status_code, twice.json()["code"]) == (404, "not-stated")
    assert [(each["purposes"], each["withdrawn_at"] is None) for each in consents] == [(["payment"], False)] * 2
    assert await road.service.scalar("SELECT count(*) FROM vault_item WHERE attribute = 'bank-account'") == 0


@pytest.mark.parametrize(
    ("attribute", "value", "status", "code"),
    [
        ("bank-account", "12x", 400, "bad-value"),
        ("email", "nobody", 400, "bad-value"),
        ("phone", "letters", 400, "bad-value"),
        ("ethnicity", "XX", 400, "bad-value"),
        ("religion", "x", 404, "no-such-attribute"),
        ("political-affiliation", "x", 404, "no-such-attribute"),
        ("identity-number", "x", 404, "no-such-attribute"),
        ("names", "x", 404, "no-such-attribute"),
    ],
)
async def test_what_cannot_be_stated_is_refused_in_both_languages(
    road: Any, attribute: str, value: str, status: int, code: str
) -> None:
    """Unknown attributes, impossible values; the value is never repeated."""
    await road.opened(1)
    await road.submitted(1)
    body = {"value": value} | NOTICE
    path = f"/persons/me/declarations/{attribute}"

    english = await road.put(road.people.applicant(1), path, body)
    chinese = await road.put(road.people.applicant(1), path, body, headers={"accept-language": "zh-CN"})

    assert (english.status_code, english.json()["code"]) == (status, code)
    assert english.json()["detail"] != chinese.json()["detail"]


async def test_an_account_without_person_has_nothing(road: Any) -> None:
    """404 for every way of the person's own."""
    await road.opened(1)
    stranger = road.people.applicant(77)

    answers = [
        await road.get(stranger, "/persons/me"),
        await road.get(stranger, "/persons/me/reads"),
        await road.get(stranger, "/persons/me/consents"),
        await road.get(stranger, "/persons/me/export"),
        await road.post(stranger, "/persons/me/erasure"),
        await road.put(stranger, "/persons/me/declarations/email", {"value": "a@b.cn"} | NOTICE),
    ]
    others = await road.get(road.people.region, "/persons/me")

    assert [answer.status_code for answer in answers] == [404] * 6
    assert others.status_code == 403


async def test_a_read_needs_a_purpose_that_covers_it_and_the_person_sees_it(road: Any) -> None:
    """domain.md 7.3 no. 5: purpose, scope, audit in the read's own transaction, the subject's log."""
    await road.opened(1)
    one, two = await road.submitted(1, 2)
    await road.ok(_state(road, 1, "bank-account", BANK))
    unit = road.people.unit(road.kit.unit_of(1))

    def ask(attribute: str, purpose: str, *ids: str) -> dict[str, Any]:
        return {"participations": list(ids), "attribute": attribute, "purpose": purpose}

    mine = await road.ok(road.post(unit, "/vault/openings", ask("phone", "contact", one), key="k1"))
    foreign = await road.post(unit, "/vault/openings", ask("phone", "contact", one, two))
    refused = [
        await road.post(road.people.region, "/vault/openings", ask("phone", "curiosity", one)),
        await road.post(road.people.region, "/vault/openings", ask("bank-account", "payment", one)),
        await road.post(unit, "/vault/openings", ask("health-accommodation", "accommodation", one)),
    ]
    paid = await road.ok(
        road.post(road.people.service, "/vault/openings", ask("bank-account", "payment", one, two), issuer="funding")
    )
    unasked = await road.post(road.people.region, "/vault/openings", ask("ethnicity", "composition-statistic", one))
    log = (await road.ok(road.get(road.people.applicant(1), "/persons/me/reads")))["items"]

    assert mine["items"] == [{"participation": one, "value": "13800000000"}]
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (404, "/participations/1")
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(403, "purpose-not-covering")}
    assert [each["value"] for each in paid["items"]] == [BANK, None]
    assert unasked.status_code == 400
    assert sorted((each["attribute"], each["purpose"], each["reader"]) for each in log) == [
        ("bank-account", "payment", "service:funding"),
        ("phone", "contact", "unit_officer"),
    ]
    audited = await road.service.scalar(
        "SELECT count(*) FROM audit WHERE action = 'person.open' AND object_id = :id AND details ->> 'purpose' <> ''",
        id=one,
    )
    assert audited == 2
    assert await road.service.scalar("SELECT count(*) FROM idempotency") == 0
    others = (await road.ok(road.get(road.people.applicant(2), "/persons/me/reads")))["items"]
    assert [each["attribute"] for each in others] == ["bank-account"]


async def test_the_register_is_published_and_nobody_may_read_ethnicity(road: Any) -> None:
    """The purpose register as data; the only row for ethnicity besides one's own access is the count by the service."""
    register = await road.ok(road.get(road.people.applicant(1), "/purposes"))

    rows = [row for row in register["purposes"] if row["attribute"] == "ethnicity"]
    assert [(row["purpose"], row["extent"], row["readers"]) for row in rows] == [
        ("own-access", "whole", ["applicant"]),
        ("composition-statistic", "aggregate", ["system"]),
    ]
    assert {row["attribute"] for row in register["purposes"] if row["separate_consent"]} == {
        "bank-account", "health-accommodation", "ethnicity",
    }  # fmt: skip
    retention = {row["code"] for row in register["retention"]}
    assert {row["retention"] for row in register["purposes"]} <= retention
    assert {notice["attribute"] for notice in register["notices"]} == {
        "phone", "email", "bank-account", "health-accommodation", "ethnicity",
    }  # fmt: skip


async def test_the_service_key_is_rotated_and_the_old_one_dropped(road: Any) -> None:
    """Every person's key is wrapped anew and found again by number; then the old key is needed by nobody."""
    await road.opened(1)
    await road.submitted(1, 2)
    running = road.service.running
    new = base64.b64encode(b"k" * 32).decode()
    old = running.extras["vault"]
    try:
        running.extras["vault"] = Vault(new, [VAULT_KEY])
        during = await road.post(road.people.applicant(9), "/applications", road.form(9, person=road.kit.person(1)))
        async with running.system_unit("rewrap") as unit:
            first = await rewrap_keys(unit)
        async with running.system_unit("rewrap-again") as unit:
            second = await rewrap_keys(unit)
        running.extras["vault"] = Vault(new)
        keys = await road.ok(road.get(road.people.operator, "/vault/keys"))
        mine = await road.ok(road.get(road.people.applicant(1), "/persons/me/export"))
        after = await road.post(road.people.applicant(9), "/applications", road.form(9, person=road.kit.person(2)))
    finally:
        running.extras["vault"] = old

    assert (during.status_code, during.json()["code"]) == (409, "identity-taken")
    assert (first, second) == (2, 0)
    assert keys == {"current": Vault(new).key_id, "wrapped": {Vault(new).key_id: 2}}
    assert mine["attributes"]["identity-number"] == road.kit.identity(1)
    assert (after.status_code, after.json()["code"]) == (409, "identity-taken")


async def test_no_ciphertext_opens_elsewhere_and_no_value_is_readable(road: Any) -> None:
    """Row-bound: a row moved to another person or attribute does not open; nothing sealed is readable in the database."""
    await road.opened(1)
    await road.submitted(1, 2)
    await road.ok(_state(road, 1, "bank-account", BANK))
    dump = await road.service.scalar(
        "SELECT string_agg(x, '') FROM (SELECT to_jsonb(t)::text x FROM vault_item t UNION ALL "
        "SELECT to_jsonb(t)::text FROM person t UNION ALL SELECT to_jsonb(t)::text FROM audit t UNION ALL "
        "SELECT to_jsonb(t)::text FROM idempotency t UNION ALL SELECT to_jsonb(t)::text FROM vault_read t) all_rows"
    )
    async with road.service.running.engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE vault_item v SET sealed = o.sealed FROM vault_item o "
                "WHERE v.attribute = 'phone' AND o.attribute = 'phone' AND o.person_id <> v.person_id"
            )
        )

    swapped = await road.get(road.people.applicant(1), "/persons/me/export")

    for secret in (BANK, road.kit.identity(1), "13800000000"):
        assert secret not in dump
        assert base64.b64encode(secret.encode()).decode() not in dump
        assert secret.encode().hex() not in dump
    assert swapped.status_code == 500


async def test_the_database_keeps_the_last_line(road: Any) -> None:
    """A sensitive item without consent, a second item, a changed read: refused by the database itself."""
    await road.opened(1)
    await road.submitted(1)
    insert = "INSERT INTO vault_item (id, person_id, attribute, sealed, stated_at) SELECT gen_random_uuid(), id, "
    items = [f"{insert}'{attribute}', 'x', now() FROM person" for attribute in ("ethnicity", "phone", "religion")]
    statements = [*items, "UPDATE person SET erased_at = now()"]
    for statement in statements:
        with pytest.raises(Exception, match="violates"):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(statement))
