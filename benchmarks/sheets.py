r"""A sheet of applications from upload to applications, beside `\copy` of the same file on the same PostgreSQL.

Every step is measured by itself and end to end; medians of several runs, the confirmation once. The peer is what
`\copy` does: COPY of the CSV file into a table of text columns. Run it alone on a quiet machine: ``python benchmarks/sheets.py [rows] [runs]``.
"""

from __future__ import annotations

import asyncio
import io
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import structlog

sys.path.insert(0, str(Path(__file__).parent))
import sheet_people as people

from selection.adapters.sheets.columns import application_columns
from selection.adapters.sheets.steps import STEPS
from selection.api import create_app
from selection.settings import SelectionSettings
from shared.embedded_postgres import DURABLE, EmbeddedPostgres
from shared.jobs.stepping import run_jobs
from shared.kernel.actor import Role
from shared.sheets.columns import Sheet
from shared.sheets.reading import read_rows
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from shared.testing.actors import Keys, someone
from shared.testing.service import VAULT_KEY, ServiceUnderTest, empty_tables, settings_for, under_test
from shared.vault import Vault
from shared.work.migrations import migrate

REGION = someone(Role.REGIONAL_OFFICER, organisation="cn/54")
OPERATOR = someone(Role.OPERATOR)
_took: dict[str, list[float]] = defaultdict(list)


async def main(rows: int, runs: int) -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    columns = application_columns({"codes": people.codes()})
    made = list(people.sheet_rows(rows))
    csv, xlsx = write_csv(columns, made, "en"), write_xlsx([Sheet(name="people", columns=columns, rows=made)], "en")
    print(
        f"{rows} rows, {len(columns)} columns; CSV {len(csv) / 1e6:.1f} MB, XLSX {len(xlsx) / 1e6:.1f} MB; {runs} runs"
    )
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "pg", settings=DURABLE)
        server.start()
        try:
            server.create_database("selection", owner="selection")
            url = server.uri("selection")
            migrate("selection", url)
            keys = Keys(Path(folder))
            async with under_test(create_app(settings_for(SelectionSettings, url, keys)), keys) as service:
                for _ in range(runs):
                    await one_run(service, server.dsn("selection"), columns, csv, xlsx, rows)
        finally:
            server.stop()
    report(rows)


async def one_run(service: ServiceUnderTest, dsn: str, columns: Any, csv: bytes, xlsx: bytes, rows: int) -> None:
    """Everything once."""
    await copied(dsn, [column.code for column in columns], csv)
    timed("write CSV", lambda: write_csv(columns, people.sheet_rows(rows), "en"))
    timed("read and type CSV", lambda: sum(1 for _ in read_rows(csv, columns)))
    timed("read and type XLSX", lambda: sum(1 for _ in read_rows(xlsx, columns)))
    timed("seal persons", lambda: sealed(rows))
    for name, content, kind in (("CSV", csv, CSV_TYPE), ("XLSX", xlsx, XLSX_TYPE)):
        call = await opened(service)
        began = time.perf_counter()
        job = (await upload(service, call, content, kind)).json()["id"]
        _took[f"upload {name}"].append(time.perf_counter() - began)
        await run_jobs(service.running, STEPS)
        _took[f"upload to report, {name}"].append(time.perf_counter() - began)
        counts = (await service.get(REGION, f"/v1/selection/jobs/{job}")).json()["counts"]
        if counts["ok"] != rows:
            raise SystemExit(f"not every row is right: {counts}")
        if name == "CSV" and "confirm to applications" not in _took:
            began = time.perf_counter()
            await service.post(REGION, f"/v1/selection/jobs/{job}/confirm", {})
            await run_jobs(service.running, STEPS)
            _took["confirm to applications"].append(time.perf_counter() - began)
            if await service.scalar("SELECT count(*) FROM application") != rows:
                raise SystemExit("not every row was applied")
            began = time.perf_counter()
            await upload(service, call, content, kind)
            await run_jobs(service.running, STEPS)
            _took["the same file again, to report"].append(time.perf_counter() - began)


async def upload(service: ServiceUnderTest, call: str, content: bytes, kind: str) -> Any:
    """Send a sheet in."""
    return await service.call(
        REGION, "POST", f"/v1/selection/calls/{call}/imports", content=content, headers={"content-type": kind}
    )


async def copied(dsn: str, names: list[str], csv: bytes) -> None:
    r"""What `\copy` does, into an unlogged and into an ordinary table."""
    connection = await asyncpg.connect(dsn)
    try:
        for kind in ("UNLOGGED", ""):
            listed = ", ".join(f"{name} text" for name in names)
            await connection.execute(f"DROP TABLE IF EXISTS peer; CREATE {kind} TABLE peer ({listed})")
            began = time.perf_counter()
            await connection.copy_to_table("peer", source=io.BytesIO(csv), format="csv", header=True)
            _took[f"COPY {'unlogged' if kind else 'logged'} (peer)"].append(time.perf_counter() - began)
        await connection.execute("DROP TABLE peer")
    finally:
        await connection.close()


def sealed(count: int) -> None:
    """A key of their own and two sealed values for each person."""
    vault = Vault(VAULT_KEY)
    for n in range(count):
        owner = str(n)
        key = vault.new_key(owner)
        vault.seal(key, owner, "identity", "540102199003078888")
        vault.seal(key, owner, "phone", "13900000000")


async def opened(service: ServiceUnderTest) -> str:
    """An empty service with an open call."""
    await empty_tables(service)
    service.clock.at = datetime(2024, 3, 1, 4, tzinfo=UTC)
    base = "/v1/selection"
    await service.call(OPERATOR, "PUT", f"{base}/organisations", {"items": people.organisations()})
    for version in ("batch-3", "batch-4"):
        path = f"{base}/policies/{people.PROGRAMME}/{version}"
        await service.call(OPERATOR, "PUT", path, people.content(version))
    path = f"{base}/programmes/{people.PROGRAMME}/batches/batch-4"
    await service.call(OPERATOR, "PUT", path, people.content("batch-4", "programme"))
    body = {"programme": people.PROGRAMME, "batch": "batch-4", "session": "2024"}
    session = (await service.post(REGION, f"{base}/sessions", body)).json()["id"]
    window = {"opens_at": "2024-01-10T00:00:00Z", "closes_at": "2024-03-31T16:00:00Z", "scope": "cn/54"}
    return str((await service.post(REGION, f"{base}/calls", {"session": session} | window)).json()["id"])


def timed(name: str, act: Callable[[], object]) -> None:
    """Measure one call."""
    began = time.perf_counter()
    act()
    _took[name].append(time.perf_counter() - began)


def report(rows: int) -> None:
    """Print medians, rates and shares of the peer."""
    peer = statistics.median(_took["COPY logged (peer)"])
    print(f"{'':34} {'seconds':>9} {'rows/s':>10} {'of COPY':>9}")
    for name, seconds in _took.items():
        middle = statistics.median(seconds)
        print(f"{name:34} {middle:9.2f} {rows / middle:10.0f} {peer / middle:9.2f}")


if __name__ == "__main__":
    asyncio.run(main(*(int(argument) for argument in (sys.argv[1:] + ["20000", "3"][len(sys.argv) - 1 :])[:2])))
