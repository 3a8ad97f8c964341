"""The data-sharing catalogue is what the contract says, and every dataset says what its share class needs."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from gateway.adapters.catalogue import catalogue
from gateway.adapters.http import events
from gateway.adapters.http.statistics.shapes import StatisticValue
from gateway.domain.sharing.catalogue import Sensitivity, ShareClass, dataset_of
from gateway.domain.sharing.correction import CORRECTION, CorrectionState, due_after
from shared.testing.actors import Keys
from shared.testing.service import settings_for

OWN: dict[str, type[BaseModel]] = {"/v1/statistics/{code}": StatisticValue, "/v1/events": events.CloudEvent}


@pytest.fixture(scope="module")
def contracts(keys: Keys) -> dict[str, dict[str, Any]]:
    found = {}
    for name in ("selection", "placement", "assessment", "funding"):
        kind = getattr(import_module(f"{name}.settings"), f"{name.capitalize()}Settings")
        needed = {"selection_url": "http://unused", "certificate_key": keys.private[name]}
        more = {member: value for member, value in needed.items() if member in kind.model_fields}
        settings = settings_for(kind, "postgresql+asyncpg://nobody@127.0.0.1:1/none", keys, **more)
        found[name] = import_module(f"{name}.api").create_app(settings).openapi()
    return found


def answered(document: dict[str, Any], path: str) -> set[str]:
    """The members of what a GET answers with, or of the items of its list."""

    def resolved(schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = resolved(answer)
    if "items" in schema.get("properties", {}):
        schema = resolved(schema["properties"]["items"]["items"])
    return set(schema["properties"])


def test_every_field_is_in_the_contract(contracts: dict[str, dict[str, Any]]) -> None:
    """Nobody finds a field in the catalogue that the route does not give."""
    for one in catalogue().values():
        service = one.route.split("/")[2]
        known = set(OWN[one.route].model_fields) if one.route in OWN else answered(contracts[service], one.route)
        assert {field.name for field in one.fields} <= known, one.code


def test_sensitive_data_is_never_shared_without_condition() -> None:
    """Personal fields need a condition, sensitive ones are not shared (PIPL 28)."""
    for one in catalogue().values():
        levels = {field.sensitivity for field in one.fields}
        assert Sensitivity.SENSITIVE not in levels or one.share_class is ShareClass.NOT_SHARED
        assert Sensitivity.PERSONAL not in levels or one.share_class is not ShareClass.UNCONDITIONAL


def test_who_does_not_share_states_the_law() -> None:
    """A refusal without its legal reason does not load, a condition without its class neither."""
    said: dict[str, Any] = {
        "code": "x", "title": ["甲", "X"], "owner": "cn", "refresh": ["日", "daily"], "purpose": ["用", "use"],
        "route": "/v1/x", "fields": {},
    }  # fmt: skip
    for wrong in ({"share_class": "not_shared"}, {"share_class": "conditional"},
                  {"share_class": "unconditional", "condition": ["有", "some"]}):  # fmt: skip
        with pytest.raises(ValueError, match="x:"):
            dataset_of(said | wrong)


def test_ten_working_days_leave_out_weekends() -> None:
    """From a Thursday ten working days end on the Thursday after next."""
    assert due_after(date(2024, 2, 1)) == date(2024, 2, 15)
    assert due_after(date(2024, 2, 3), 1) == date(2024, 2, 5)


def test_the_lifecycle_is_drawn_in_the_readme() -> None:
    """What the README shows is the table that decides."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")

    assert CORRECTION.diagram() in readme
    assert CORRECTION.is_final(CorrectionState.CLOSED)
