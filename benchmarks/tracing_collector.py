"""``python benchmarks/tracing_collector.py otelcol``: traces of a whole platform through a real OpenTelemetry Collector.

The collector runs with ``deploy/observability/collector/collector.yaml`` as it is, ports included, and sends to a sink in
this process. Commands about money must arrive whole, every one; of reading, the share that the configuration keeps.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.testing.collector import collecting
from talent_local.cohort.road import persons
from talent_local.cohort.run import door_of
from talent_local.cohort.traces import a_fund, turn, whole
from talent_local.cohort.trial import a_platform
from talent_local.home import checkout

COMMANDS, READS = 100, 1000
CONFIG = Path("deploy/observability/collector/collector.yaml")


@contextmanager
def a_collector(program: str, endpoint: str) -> Iterator[None]:
    """The shipped configuration, sending to ``endpoint``."""
    environment = dict(os.environ, TRACES_EXPORTER="otlphttp", TRACES_ENDPOINT=endpoint)
    command = [program, "--config", str(checkout() / CONFIG)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


async def main(program: str) -> None:
    """Carry the commands, wait until everything is decided, say what came."""
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318"
    with collecting() as sink, a_collector(program, sink.url), a_platform() as home:
        async with door_of(home, 60.0) as door:
            fund = await a_fund(door)
            for number in range(COMMANDS):
                await turn(door, fund, number)
            await asyncio.to_thread(sink.wait, lambda spans: len(whole(spans)) >= COMMANDS, 120.0)
            await asyncio.sleep(30)  # decisions are made after ten seconds, exports every five
            found = whole(list(sink.spans))
            before = {span.trace for span in sink.spans}
            began = time.perf_counter()
            for _ in range(READS):
                await door.get(persons.AUDITOR, f"/v1/funding/funds/{fund}")
            spent = time.perf_counter() - began
            await asyncio.sleep(30)
            read = {s.trace for s in sink.spans if s.service == "gateway" and not s.parent} - before
    torn = {trace: missing for trace, missing in found.items() if missing}
    print(
        f"commands about money   {COMMANDS:5d} sent  {len(found):5d} traces kept  {len(found) - len(torn):5d} whole  {torn}"
    )
    print(
        f"reading                {READS:5d} sent  {len(read):5d} traces kept ({len(read) / READS:.1%}) in {spent:.0f} s"
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
