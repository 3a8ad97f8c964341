"""The plumbing behind every route: one transaction, idempotency, guards, problems, pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from shared.embedded_postgres import EmbeddedPostgres
from shared.kernel.actor import Role
from shared.testing.actors import Keys, someone
from shared.testing.service import ServiceUnderTest, empty_tables, settings_for, under_test
from shared.testing.specimen import ParcelSettings, create_app, statements
from shared.work.audit_tree_v1 import create_audit_tree_v1
from shared.work.plumbing_v1 import create_plumbing_v1

ANNA = someone(Role.APPLICANT, subject="anna")
BEN = someone(Role.APPLICANT, subject="ben")
AUDIT = someone(Role.AUDITOR)


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> str:
    postgres.create_database("parcels", owner="parcels")
    engine = create_engine(postgres.uri("parcels", driver="psycopg"))
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        create_plumbing_v1(operations)
        create_audit_tree_v1(operations)
        for statement in statements():
            connection.exec_driver_sql(statement)
    engine.dispose()
    return postgres.uri("parcels")


@pytest.fixture
async def service(database: str, keys: Keys) -> AsyncIterator[ServiceUnderTest]:
    async with under_test(create_app(settings_for(ParcelSettings, database, keys)), keys) as running:
        await empty_tables(running)
        yield running


async def packed(service: ServiceUnderTest, label: str = "A1") -> dict[str, Any]:
    answer = await service.post(ANNA, "/v1/selection/parcels", {"label": label})
    assert answer.status_code == 201, answer.text
    parcel: dict[str, Any] = answer.json()
    return parcel


async def test_a_command_commits_state_event_audit_and_answer_together(service: ServiceUnderTest) -> None:
    """One use case, one transaction; a fact without a contract stays inside."""
    parcel = await packed(service)

    answer = await service.post(
        ANNA, f"/v1/selection/parcels/{parcel['id']}/send", key="k1", if_match=parcel["version"]
    )

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"v1"'
    assert answer.json()["allowed_actions"] == []
    assert await service.outbox() == [{"type": "story.closed", "participation": parcel["id"], "outcome": "certified"}]
    assert answer.headers["published-events"] == str(await service.scalar("SELECT event_id FROM outbox"))
    assert await service.scalar("SELECT count(*) FROM audit") == 2
    assert await service.scalar("SELECT status FROM idempotency") == 200
    assert await service.scalar("SELECT stamps->>0 FROM parcel") == "sent"


async def test_a_repeated_key_gives_the_same_answer_once(service: ServiceUnderTest) -> None:
    """gateway.md: same key, same answer, one effect; other body 422."""
    first = await service.post(ANNA, "/v1/selection/parcels", {"label": "A1"}, key="k")
    again = await service.post(ANNA, "/v1/selection/parcels", {"label": "A1"}, key="k")
    other = await service.post(ANNA, "/v1/selection/parcels", {"label": "A2"}, key="k")
    stranger = await service.post(BEN, "/v1/selection/parcels", {"label": "B1"}, key="k")

    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert stranger.status_code == 201
    assert await service.scalar("SELECT count(*) FROM parcel") == 2


async def test_ids_are_a_function_of_the_command(service: ServiceUnderTest) -> None:
    """docs/decisions/0002: same caller, key and clock, same id."""
    first = await service.post(ANNA, "/v1/selection/parcels", {"label": "A1"}, key="k")
    await empty_tables(service)
    again = await service.post(ANNA, "/v1/selection/parcels", {"label": "A1"}, key="k")

    assert first.json()["id"] == again.json()["id"]


async def test_two_at_once_send_it_once(service: ServiceUnderTest) -> None:
    """The second of two racing commands meets the new state."""
    parcel = await packed(service)

    answers = await service.race([service.post(ANNA, f"/v1/selection/parcels/{parcel['id']}/send") for _ in range(8)])

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(await service.outbox()) == 1


async def test_same_key_at_once_has_one_effect(service: ServiceUnderTest) -> None:
    """In flight is 409, later is a replay; never two effects."""
    calls = [service.post(ANNA, "/v1/selection/parcels", {"label": "A1"}, key="k") for _ in range(8)]

    answers = await asyncio.gather(*calls)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await service.scalar("SELECT count(*) FROM parcel") == 1


@pytest.mark.parametrize(
    ("actor", "path", "body", "status", "code"),
    [
        (None, "/v1/selection/parcels", {"label": "A"}, 401, "unauthenticated"),
        (AUDIT, "/v1/selection/parcels", {"label": "A"}, 403, "wrong-role"),
        (ANNA, "/v1/selection/parcels", {"label": "A", "extra": 1}, 400, "bad-request"),
        (ANNA, "/v1/selection/parcels", {}, 400, "bad-request"),
        (ANNA, "/v1/selection/parcels", {"label": "taken"}, 409, "label-taken"),
        (BEN, "/v1/selection/parcels/{id}/send", None, 404, "not-found"),
        (ANNA, "/v1/selection/nothing", None, 404, "not-found"),
    ],
)
async def test_bad_input_has_its_problem_and_no_effect(
    service: ServiceUnderTest, actor: Any, path: str, body: Any, status: int, code: str
) -> None:
    """Every refusal is an RFC 9457 problem and writes nothing."""
    parcel = await packed(service, "taken")

    answer = await service.post(actor, path.format(id=parcel["id"]), body, headers={"accept-language": "zh-CN,en"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "zh-CN"
    assert await service.scalar("SELECT count(*) FROM parcel") == 1
    assert await service.outbox() == []


async def test_a_stale_version_is_refused(service: ServiceUnderTest) -> None:
    """If-Match with another version is 412 and changes nothing."""
    parcel = await packed(service)

    answer = await service.post(ANNA, f"/v1/selection/parcels/{parcel['id']}/send", if_match=7)

    assert (answer.status_code, answer.json()["current_version"]) == (412, 0)
    assert await service.scalar("SELECT state FROM parcel") == "packed"


async def test_a_stale_version_tells_a_stranger_nothing(service: ServiceUnderTest) -> None:
    """Whoever may not see the thing learns neither that it is there nor which version it has."""
    parcel = await packed(service)

    answer = await service.post(BEN, f"/v1/selection/parcels/{parcel['id']}/send", if_match=7)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert "current_version" not in answer.json()


@pytest.mark.parametrize("etag", ['"v%C2%B2"', '"v' + "9" * 5000 + '"', '"v-1"', "v", "", '"v1", "v2"', "*"])
async def test_a_version_that_was_never_given_is_malformed(service: ServiceUnderTest, etag: str) -> None:
    """Superscripts, five thousand digits, a list: 400, never a failure of ours."""
    parcel = await packed(service)

    answer = await service.post(ANNA, f"/v1/selection/parcels/{parcel['id']}/send", if_match=etag)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-if-match")


@pytest.mark.parametrize("since", ["0", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00", "2024-09-01"])
async def test_a_moment_beyond_time_is_malformed(service: ServiceUnderTest, since: str) -> None:
    """Seconds since 1970, a day, a moment that has no equal in UTC: 400."""
    answer = await service.get(ANNA, f"/v1/selection/parcels?updated_since={since}")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "datetime-format")


async def test_a_wrong_method_is_told_the_right_ones(service: ServiceUnderTest) -> None:
    """405 with the methods of every route of the path."""
    answer = await service.call(ANNA, "DELETE", "/v1/selection/parcels")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_lists_are_scoped_and_cursors_are_bound(service: ServiceUnderTest) -> None:
    """A caller sees own things only; a cursor of one list is refused in another."""
    for number in range(5):
        await packed(service, f"A{number}")

    page = (await service.get(ANNA, "/v1/selection/parcels?limit=2")).json()
    rest = (await service.get(ANNA, f"/v1/selection/parcels?limit=9&cursor={page['next_cursor']}")).json()
    stolen = await service.get(AUDIT, f"/v1/selection/parcels?cursor={page['next_cursor']}")

    assert [len(page["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 3, None]
    assert (await service.get(BEN, "/v1/selection/parcels")).json()["items"] == []
    assert len((await service.get(AUDIT, "/v1/selection/parcels")).json()["items"]) == 5
    assert (stolen.status_code, stolen.json()["code"]) == (400, "bad-cursor")


async def test_updated_since_skips_nothing_that_commits_late(service: ServiceUnderTest, database: str) -> None:
    """A row whose transaction was open while the list was read appears at the next visit's watermark."""
    late = await psycopg.AsyncConnection.connect(database.replace("+asyncpg", ""))
    await late.execute(
        "INSERT INTO parcel (id, state, label, account, stamps) "
        "VALUES (gen_random_uuid(), 'packed', 'late', 'anna', '[]')"
    )
    first = (await service.get(ANNA, "/v1/selection/parcels?updated_since=2020-01-01T00:00:00Z")).json()
    await late.commit()
    await late.close()

    watermark = first["watermark"].replace("+", "%2B")
    second = (await service.get(ANNA, f"/v1/selection/parcels?updated_since={watermark}")).json()

    assert first["items"] == []
    assert [item["label"] for item in second["items"]] == ["late"]


async def test_the_audit_trail_is_append_only(service: ServiceUnderTest) -> None:
    """architecture.md: the trail cannot be changed, whatever the service does."""
    await packed(service)

    with pytest.raises(Exception, match="append-only"):
        async with service.running.engine.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM audit")


async def test_denials_are_on_the_trail(service: ServiceUnderTest) -> None:
    """architecture.md: denials too leave an entry, by role alone as against an object; what is invisible does not."""
    parcel = await packed(service)

    await service.post(AUDIT, "/v1/selection/parcels", {"label": "A2"})
    await service.post(AUDIT, f"/v1/selection/parcels/{parcel['id']}/send")

    assert await service.scalar("SELECT count(*) FROM audit WHERE outcome = 'denied'") == 2
    assert await service.scalar("SELECT details->>'code' FROM audit WHERE outcome = 'denied' LIMIT 1") == "wrong-role"
