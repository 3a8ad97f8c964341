"""A command of a real service on PostgreSQL, as a collector sees it: request, statements, outbox, relay, consumer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from shared.embedded_postgres import EmbeddedPostgres
from shared.eventlog.port import Record
from shared.kernel.actor import Role
from shared.messaging.relay import Relay
from shared.telemetry import spans
from shared.testing.actors import Keys, someone
from shared.testing.collector import Collector, collecting
from shared.testing.service import settings_for, under_test
from shared.testing.specimen import ParcelSettings, create_app, statements
from shared.work.audit_tree_v1 import create_audit_tree_v1
from shared.work.plumbing_v1 import create_plumbing_v1

ANNA = someone(Role.APPLICANT, subject="anna")
DOOR = f"00-{'a' * 32}-{'b' * 16}-01"


class Kept:
    """An event log that only keeps what is appended."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    async def append(self, records: Sequence[Record]) -> None:
        self.records += records


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres) -> str:
    postgres.create_database("traced", owner="traced")
    engine = create_engine(postgres.uri("traced", driver="psycopg"))
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        create_plumbing_v1(operations)
        create_audit_tree_v1(operations)
        for statement in statements():
            connection.exec_driver_sql(statement)
    engine.dispose()
    return postgres.uri("traced")


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as made:
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        yield made
        spans.switch_off()


async def test_one_trace_holds_request_statements_relay_and_consumer(
    database: str, keys: Keys, collector: Collector
) -> None:
    log: Any = Kept()
    app = create_app(settings_for(ParcelSettings, database, keys))
    async with under_test(app, keys) as service:
        packed = await service.post(ANNA, "/v1/selection/parcels", {"label": "A1"})
        path = f"/v1/selection/parcels/{packed.json()['id']}/send"
        sent = await service.post(ANNA, path, key="k-1", headers={"traceparent": DOOR})
        assert sent.status_code == 200, sent.text
        await Relay(service.running.engine, log, "selection", owner="test").step()
        (record,) = log.records
        with spans.processing("gateway", "selection.events.v1", [record.headers], 0.0):
            pass
    found = [span for span in collector.spans if span.trace == "a" * 32]
    (request,) = [span for span in found if span.kind == "SERVER"]
    (relay,) = [span for span in found if span.kind == "PRODUCER"]
    (consumer,) = [span for span in found if span.kind == "CONSUMER"]

    assert request.parent == "b" * 16
    assert request.attributes["talent.outbox.events"] == 1
    assert request.attributes["talent.command"] == record.headers["ce_correlation"]
    assert [span for span in found if span.kind == "CLIENT" and span.parent == request.span]
    assert record.headers["ce_traceparent"] == f"00-{'a' * 32}-{request.span}-01"
    assert record.headers["traceparent"] == f"00-{'a' * 32}-{relay.span}-01"
    assert (relay.parent, relay.links) == (request.span, (("a" * 32, request.span),))
    assert (consumer.parent, consumer.links) == (request.span, (("a" * 32, relay.span),))
    assert [span for span in collector.spans if span.kind == "CLIENT" and not span.parent] == []
    assert b"A1" not in b"".join(collector.raw)


async def test_without_a_collector_the_same_headers_go_on(database: str, keys: Keys) -> None:
    """The trace that the door began is in the outbox also when nobody collects spans."""
    async with under_test(create_app(settings_for(ParcelSettings, database, keys)), keys) as service:
        packed = await service.post(ANNA, "/v1/selection/parcels", {"label": "B1"})
        path = f"/v1/selection/parcels/{packed.json()['id']}/send"
        await service.post(ANNA, path, headers={"traceparent": DOOR})
        kept = await service.scalar("SELECT headers ->> 'traceparent' FROM outbox ORDER BY id DESC LIMIT 1")

    assert not spans.active()
    assert kept == DOOR
