"""Log lines: one per request, by allow-list, and nothing of a person in them whatever was sent."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI, Request

from shared.http.observing import Observed
from shared.kernel.actor import Actor, Role
from shared.logs import ALLOWED, configure_logs, logger
from shared.telemetry.naming import begin_command, name_principal
from shared.telemetry.personal import clean

PERSONAL = {
    "name": "次仁卓玛",
    "national_id": "540102199003073427",
    "phone": "13989012345",
    "account": "6222 0213 0812 3456 789",
    "mail": "ciren.zhuoma@example.cn",
}


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process writes, with the logging of the tests put back afterwards."""
    written, before = io.StringIO(), structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    noisy = {name: logging.getLogger(name).level for name in ("uvicorn.access", "aiokafka", "asyncio")}
    monkeypatch.setattr(sys, "stderr", written)
    configure_logs("funding")
    structlog.configure(cache_logger_on_first_use=False)
    yield written
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()
    root.handlers = handlers
    root.setLevel(level)
    for name, kept in noisy.items():
        logging.getLogger(name).setLevel(kept)


def _read(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


async def test_a_request_is_one_line_with_who_and_what_and_nothing_personal(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.observing._log", logger("request"))
    app = FastAPI()

    @app.post("/people/{person}")
    async def write(person: str, request: Request) -> Any:
        name_principal(Actor("acc-1", "cn/54", frozenset({Role.UNIT_OFFICER})))
        begin_command("acc-1", "POST /people", "a key")
        return await request.json()

    case = "0190a0f0-0000-7000-8000-000000000001"
    observed = Observed(app, "funding")
    headers = {
        "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        "authorization": "Bearer eyJhbGciOi.eyJzdWIiOi.c2ln",
        "x-phone": PERSONAL["phone"],
    }
    async with httpx.AsyncClient(transport=httpx.ASGITransport(observed), base_url="http://service") as client:
        await client.post(f"/people/{case}?mail={PERSONAL['mail']}", json=PERSONAL, headers=headers)
        await client.post(f"/people/{PERSONAL['national_id']}", json=PERSONAL, headers=headers)
    found = [line for line in _read(lines) if line["event"] == "request"]

    assert [line.get("case") for line in found] == [case, None]
    first = found[0]
    assert {key: first[key] for key in ("trace", "principal", "org", "outcome", "route", "status")} == {
        "trace": "a" * 32, "principal": "acc-1", "org": "cn/54", "outcome": "done", "route": "/people/{person}",
        "status": 200,
    }  # fmt: skip
    assert first["command"]
    assert first["duration_ms"] >= 0
    assert set(first) <= ALLOWED | {"dropped"}
    for value in (*PERSONAL.values(), "eyJ"):
        assert value not in lines.getvalue()


def test_errors_and_other_libraries_are_cleaned_too(lines: io.StringIO) -> None:
    """Members outside the list are dropped; numbers inside texts, messages of errors and quoted rows are redacted."""
    log = logger("test")
    log.warning("refused", error=f"no such person {PERSONAL['national_id']}", name_of_person=PERSONAL["name"])
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (name)=({PERSONAL['name']}) already exists.")  # noqa: TRY301
    except ValueError:
        log.exception("broke")
        logging.getLogger("sqlalchemy").exception("lost %s", PERSONAL["mail"])
    for value in PERSONAL.values():
        assert value not in lines.getvalue()
    assert _read(lines)[0]["dropped"] == 1


@pytest.mark.parametrize("kept", ["0190a0f0-0000-7000-8000-000000000001", "cn/54/5401/U0001", "1711929600", "a" * 32])
def test_ids_and_codes_stay_readable(kept: str) -> None:
    assert clean(kept) == kept


@pytest.mark.parametrize("text", [value for key, value in PERSONAL.items() if key != "name"])
def test_what_names_a_person_goes(text: str) -> None:
    assert text not in clean(f"about {text}, and more")
