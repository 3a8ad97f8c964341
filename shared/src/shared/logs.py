"""Structured logs: one JSON line per happening, an allow-list of members, no bodies and no personal data."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, Final

import orjson
import structlog

from shared.telemetry.personal import clean, suspect
from shared.telemetry.surroundings import surroundings

ALLOWED = frozenset(
    {
        "timestamp",
        "level",
        "event",
        "component",
        "service",
        "method",
        "route",
        "status",
        "duration_ms",
        "trace",
        "command",
        "case",
        "action",
        "principal",
        "org",
        "outcome",
        "code",
        "error",
        "error_type",
        "exception",
        "consumer",
        "topic",
        "partition",
        "offset",
        "event_id",
        "event_type",
        "subject",
        "count",
        "attempts",
        "shard",
        "epoch",
        "duty",
        "process",
        "pid",
        "port",
        "upstream",
        "seconds",
        "reason",
        "name",
        "state",
        "version",
    }
)
"""Members a log line may have; anything else is dropped and counted in ``dropped``."""
_APART: Final = "\0"
"""Stands between texts that are looked through as one: nothing that could name a person reaches across it."""


def _only_allowed(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if line.keys() <= ALLOWED:
        return line
    kept = {name: value for name, value in line.items() if name in ALLOWED}
    return kept | {"dropped": len(line) - len(kept)}


def _around(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """What is done for a request or an event says so: trace, command and case unless the line names its own."""
    around = surroundings()
    if around is not None:
        for name in ("trace", "command", "case"):
            if line.get(name) is None and (value := getattr(around, name)) is not None:
                line[name] = value
    return {name: value for name, value in line.items() if value is not None}


def _without_persons(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    told = _APART.join([value for name, value in line.items() if isinstance(value, str) and name != "timestamp"])
    if not suspect(told):
        return line
    return {name: value if name == "timestamp" else clean(value) for name, value in line.items()}


def _written(line: Any, **how: Any) -> str:
    """As JSON; by the library that knows every number and every text where the fast one does not."""
    try:
        return orjson.dumps(line, default=how.get("default")).decode()
    except TypeError:
        return json.dumps(line, **how)


def configure_logs(service: str, level: str = "info") -> None:
    """Send everything, the standard library's records too, to stderr as JSON lines that name ``service``."""

    def of_service(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
        line.setdefault("service", service)
        return line

    shared_steps: list[structlog.typing.Processor] = [
        of_service,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer = structlog.processors.JSONRenderer(serializer=_written)
    last_steps: list[structlog.typing.Processor] = [_around, _only_allowed, _without_persons, renderer]
    structlog.configure(
        processors=[*shared_steps, *last_steps],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last_steps],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "aiokafka", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines carry ``name``."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(component=name)
    return bound
