"""The audit trail: what is sealed is proved to anyone, and no tampering goes unnoticed (events.md 5.4, F-06)."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

from shared.audit.merkle import extends, includes
from shared.audit.sealing import sealing
from shared.audit.verifying import read_checkpoint, trail_findings
from shared.embedded_postgres import EmbeddedPostgres
from shared.identity.signatures import read_keys
from shared.kernel.actor import Role
from shared.testing.actors import Keys, someone
from shared.testing.service import ServiceUnderTest, empty_tables, settings_for, under_test
from shared.testing.specimen import ParcelSettings, create_app, statements
from shared.work.audit_tree_v1 import create_audit_tree_v1
from shared.work.plumbing_v1 import create_plumbing_v1

ANNA = someone(Role.APPLICANT, subject="anna")
AUDITOR = someone(Role.AUDITOR)
TRAIL = "/v1/selection/audit"


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> str:
    postgres.create_database("trail", owner="trail")
    engine = create_engine(postgres.uri("trail", driver="psycopg"))
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        create_plumbing_v1(operations)
        create_audit_tree_v1(operations)
        for statement in statements():
            connection.exec_driver_sql(statement)
    engine.dispose()
    return postgres.uri("trail")


@pytest.fixture
async def service(database: str, keys: Keys) -> AsyncIterator[ServiceUnderTest]:
    async with under_test(create_app(settings_for(ParcelSettings, database, keys)), keys) as running:
        await empty_tables(running)
        yield running


async def acts(service: ServiceUnderTest, first: int, last: int) -> None:
    for n in range(first, last):
        answer = await service.post(ANNA, "/v1/selection/parcels", {"label": f"P{n}"})
        assert answer.status_code == 201, answer.text


async def seal(service: ServiceUnderTest) -> int:
    duty = sealing("selection", service.keys.private["selection"])
    async with service.running.system_unit("test:seal") as unit:
        return await duty.run(unit)


async def checkpoint(service: ServiceUnderTest) -> dict[str, Any]:
    answer = await service.get(AUDITOR, f"{TRAIL}/checkpoints/latest")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def entries(service: ServiceUnderTest) -> AsyncIterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        shown = await service.get(
            AUDITOR, f"{TRAIL}/entries", params={"limit": 4} | ({"cursor": cursor} if cursor else {})
        )
        assert shown.status_code == 200, shown.text
        for item in shown.json()["items"]:
            yield item
        cursor = shown.json()["next_cursor"]
        if cursor is None:
            return


async def findings(service: ServiceUnderTest, *kept: Any) -> list[str]:
    known = read_keys(service.keys.public)
    return await trail_findings("selection", entries(service), [*kept, await checkpoint(service)], known)


async def test_what_is_done_is_sealed_once_and_proved(service: ServiceUnderTest) -> None:
    """Every entry is in the tree, every tree extends the one before, both shown by paths alone."""
    await acts(service, 0, 5)
    assert await seal(service) == 5
    early = await checkpoint(service)
    await acts(service, 5, 11)
    assert await seal(service) == 6
    assert await seal(service) == 0
    late = await checkpoint(service)

    assert await findings(service, read_checkpoint(json.dumps(early))) == []
    proof = (await service.get(AUDITOR, f"{TRAIL}/consistency", params={"old": 5, "new": 11})).json()
    path = [bytes.fromhex(each) for each in proof["path"]]
    assert extends(5, 11, path, bytes.fromhex(early["root"]), bytes.fromhex(late["root"]))
    third = [each async for each in entries(service)][2]
    proof = (await service.get(AUDITOR, f"{TRAIL}/entries/2/proof", params={"size": 11})).json()
    path = [bytes.fromhex(each) for each in proof["path"]]
    assert includes(bytes.fromhex(third["hash"]), 2, 11, path, bytes.fromhex(late["root"]))


async def test_an_entry_that_commits_late_is_sealed_all_the_same(service: ServiceUnderTest) -> None:
    """Ids are drawn before the commit; the order of the tree is that of sealing."""
    await acts(service, 0, 1)
    async with service.running.engine.connect() as slow:
        await slow.execute(text("SELECT nextval(pg_get_serial_sequence('audit', 'id'))"))
        held = (await slow.execute(text("SELECT currval(pg_get_serial_sequence('audit', 'id'))"))).scalar_one()
        await acts(service, 1, 3)
        assert await seal(service) == 3
        await slow.execute(
            text(
                "INSERT INTO audit (id, business_at, subject, organisation, roles, action, object_type, object_id, "
                "outcome, details) OVERRIDING SYSTEM VALUE "
                "VALUES (:id, now(), 'late', '', '[]', 'a', 'b', 'c', 'done', '{}')"
            ),
            {"id": held},
        )
        await slow.commit()

    assert await seal(service) == 1
    assert await findings(service) == []


@pytest.mark.parametrize("seed", range(12))
async def test_no_tampering_goes_unnoticed(service: ServiceUnderTest, seed: int) -> None:
    """Flip, delete, swap or cut off entries and even recompute the leaves: the checkpoint kept elsewhere tells."""
    chance = random.Random(seed)
    await acts(service, 0, 7)
    await seal(service)
    kept = await checkpoint(service)
    at = chance.randrange(7)
    tampering = {
        "flip": f"UPDATE audit SET subject = 'eve' WHERE id = (SELECT audit_id FROM audit_leaf WHERE position = {at})",
        "delete": f"DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_leaf WHERE position = {at})",
        "swap": "UPDATE audit_leaf SET audit_id = -audit_id; UPDATE audit_leaf SET audit_id = 8 + audit_id",
        "truncate": "DELETE FROM audit_leaf WHERE position > 4; DELETE FROM audit_checkpoint",
    }
    how = list(tampering)[seed % len(tampering)]
    async with service.running.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in tampering[how].split(";"):
            await connection.execute(text(statement))

    known = read_keys(service.keys.public)
    found = await trail_findings("selection", entries(service), [kept], known)

    assert found, how


async def test_the_trail_itself_cannot_be_changed(service: ServiceUnderTest) -> None:
    """Not even by the service's own role, unless it switches triggers off."""
    await acts(service, 0, 2)
    await seal(service)

    for table in ("audit", "audit_leaf", "audit_checkpoint"):
        with pytest.raises(Exception, match="append-only"):
            async with service.running.engine.begin() as connection:
                await connection.execute(text(f"DELETE FROM {table}"))


async def test_a_forged_checkpoint_is_refused(service: ServiceUnderTest) -> None:
    """Another root, another signer, another kind of signature."""
    await acts(service, 0, 3)
    await seal(service)
    kept, known = await checkpoint(service), read_keys(service.keys.public)

    forged = [
        kept | {"root": "00" * 32},
        kept | {"signature": kept["signature"][:-4] + "AAAA"},
        kept | {"signature": "a.b.c"},
    ]
    for each in forged:
        assert await trail_findings("selection", entries(service), [each], known)
    assert await trail_findings("funding", entries(service), [kept], known)


async def test_only_an_auditor_reads_it(service: ServiceUnderTest) -> None:
    """And what is outside the tree is said in the caller's language."""
    await acts(service, 0, 1)
    await seal(service)

    assert (await service.get(ANNA, f"{TRAIL}/entries")).status_code == 403
    assert (await service.get(AUDITOR, f"{TRAIL}/checkpoints/77")).status_code == 404
    for path, pointer in (("consistency?old=1&new=9", "/size"), ("entries/5/proof?size=2", "/size"),
                          ("consistency?old=2&new=1", "/old"), ("entries/3/proof?size=2", "/size")):  # fmt: skip
        refused = await service.get(AUDITOR, f"{TRAIL}/{path}", headers={"accept-language": "zh-CN"})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] in (pointer, "/position")
        assert "审计树" in refused.json()["detail"]
    assert (await service.get(AUDITOR, f"{TRAIL}/entries?cursor=forged")).status_code == 400
