"""Makes the topics that are missing, once and before anybody works: ``python -m shared.eventlog.topics URL``.

Workers look after their own topics, too; the command is for deployments in which a job does it, and it waits for a broker
that is only starting. In a cluster whose operator keeps topics it is not needed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Final

from shared.contracts import assessment, funding, placement, selection
from shared.contracts.event import REGISTRY, topic_of
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import EventLogError

PAUSE_SECONDS: Final = 2.0
_PUBLISHED: Final = (selection, placement, assessment, funding)
"""The modules whose import fills the registry."""


def topics() -> list[str]:
    """Every topic of the contract."""
    return sorted({topic_of(contract.service) for contract in REGISTRY.values()})


async def ensure(url: str, seconds: float) -> None:
    """Make what is missing.

    Args:
        url: of the event log; an embedded one gets its tables first.
        seconds: how long an event log is waited for that does not answer.

    Raises:
        EventLogError: it did not answer in time, or refused.
    """
    deadline = time.monotonic() + seconds
    while True:
        log = open_event_log(url)
        try:
            await ensure_schema(url.replace("kafka+ssl://", "kafka://"))
            await log.ensure_topics(topics())
        except (EventLogError, OSError) as error:
            if time.monotonic() > deadline:
                raise
            sys.stderr.write(f"waiting: {error}\n")
        else:
            return
        finally:
            await log.close()
        await asyncio.sleep(PAUSE_SECONDS)


def main(arguments: Sequence[str]) -> int:
    """Command line; 0 when every topic is there."""
    parser = argparse.ArgumentParser(prog="python -m shared.eventlog.topics", description="Make the topics.")
    parser.add_argument("url", help="kafka://host:port,… or embedded+postgresql://…")
    parser.add_argument("--wait", type=float, default=60.0, help="seconds to wait for the event log")
    asked = parser.parse_args(arguments)
    asyncio.run(ensure(asked.url, asked.wait))
    sys.stdout.write("\n".join(topics()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
