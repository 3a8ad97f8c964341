"""Who sees what: scope, purpose, audit; no name or number where it does not belong."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from shared.kernel.actor import Role
from shared.testing.actors import someone


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
    since = await road.ok(road.get(road.people.region, "/applications", params={"updated_since": first["watermark"]}))

    assert [row["id"] for row in first["items"] + second["items"]] == sorted(ids)[:4]
    assert (stolen.status_code, stolen.json()["code"]) == (400, "bad-cursor")
    assert [row["id"] for row in since["items"]] == [ids[4]]


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


async def test_no_request_or_answer_has_room_for_what_must_not_be_held(road: Any) -> None:
    """domain.md 7.3, 7.4: no field and no parameter for ethnicity, politics, religion, biometrics or movements."""
    document = road.service.app.openapi()
    schemas = document["components"]["schemas"].values()
    members = {name for schema in schemas for name in schema.get("properties", {})}
    parameters = {
        parameter["name"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
    }
    columns = await road.service.scalar("SELECT string_agg(column_name, ' ') FROM information_schema.columns")
    forbidden = (
        "ethnic",
        "nationality",
        "politic",
        "party",
        "relig",
        "biometr",
        "location",
        "whereabouts",
        "opinion_score",
    )

    names = " ".join(members | parameters).lower() + " " + columns.lower()

    assert [word for word in forbidden if word in names.replace("relation", "")] == []
