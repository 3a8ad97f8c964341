"""Nowhere in the platform is there a name under which persons could be listed by what must not list them (domain.md 7.3, 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from fastapi import FastAPI

from gateway.adapters.contract.merge import merge
from shared.contracts.event import REGISTRY
from shared.logs import ALLOWED

SERVICES = ("selection", "placement", "assessment", "funding")
FORBIDDEN = re.compile(
    r"ethnic|nationalit|minzu|minorit|politic|(^|_)party|relig|faith|belief|biometr|whereabouts|gps|geoloc|loyal",
    re.IGNORECASE,
)
EXCEPT = {"ethnic_affairs"}
"""The sector of an organisation (A5), which says nothing about a person."""


def _document(service: str) -> dict[str, Any]:
    app = FastAPI(title=service, separate_input_output_schemas=False)
    for router in import_module(f"{service}.service").SERVICE.routers:
        app.include_router(router)
    return app.openapi()


def _names(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every member, parameter, enum value and constant of a document, with its place."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "properties" and isinstance(value, dict):
                yield from ((member, f"{at}/properties") for member in value)
            if name == "parameters" and isinstance(value, list):
                yield from ((str(each.get("name")), f"{at}/parameters") for each in value)
            if name in ("enum", "const", "examples", "default"):
                yield from ((str(each), f"{at}/{name}") for each in (value if isinstance(value, list) else [value]))
            yield from _names(value, f"{at}/{name}")
    elif isinstance(node, list):
        for n, each in enumerate(node):
            yield from _names(each, f"{at}/{n}")


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    return {service: _document(service) for service in SERVICES}


def test_the_walk_finds_what_it_looks_for() -> None:
    """The test itself, broken once on purpose."""
    planted = {"paths": {"/x": {"get": {"parameters": [{"name": "ethnicity", "schema": {"enum": ["religion"]}}]}}}}

    assert [name for name, _ in _names(planted) if FORBIDDEN.search(name)] == ["ethnicity", "religion"]


def test_no_parameter_member_or_value_of_any_route(documents: dict[str, dict[str, Any]]) -> None:
    """Every operation and schema of every service: no filter, field, code or default names it."""
    found = {(name, place) for name, place in _names(documents) if FORBIDDEN.search(name) and name not in EXCEPT}

    assert sum(len(document["paths"]) for document in documents.values()) > 100
    assert found == set()


def test_the_merged_contract_of_the_gateway_names_it_nowhere(documents: dict[str, dict[str, Any]]) -> None:
    """What the gateway publishes is the same, put together."""
    merged = merge(documents, title="t", version="1", is_public=lambda _method, _path: False)

    assert {name for name, _ in _names(merged) if FORBIDDEN.search(name)} - EXCEPT == set()


def test_the_only_way_is_ones_own_statement(documents: dict[str, dict[str, Any]]) -> None:
    """A free attribute name is a parameter of the person's own routes only; an opening names its few attributes."""
    taking = {
        path
        for path, item in documents["selection"]["paths"].items()
        for operation in item.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "attribute"
    }
    schemas = documents["selection"]["components"]["schemas"]
    bodies = {name for name, schema in schemas.items() if "attribute" in schema.get("properties", {})}

    assert taking == {
        "/v1/selection/persons/me/declarations/{attribute}", "/v1/selection/persons/me/declarations/{attribute}/withdraw",
    }  # fmt: skip
    assert {name for name in bodies if name.endswith("Body")} == {"OpeningBody"}
    assert set(schemas["OpeningBody"]["properties"]["attribute"]["enum"]) == {
        "phone", "email", "bank-account", "health-accommodation",
    }  # fmt: skip


def test_no_event_log_member_or_column() -> None:
    """Nothing published, logged or stored in the clear is called so."""
    events = {name for contract in REGISTRY.values() for name in contract.model_fields}
    columns = set()
    for service in (*SERVICES, "gateway"):
        for table in import_module(f"{service}.adapters.db.tables").metadata.tables.values():
            columns |= {table.name, *(column.name for column in table.columns)}

    assert {name for name in events | columns | set(ALLOWED) if FORBIDDEN.search(name)} == set()


def test_no_fact_dimension_or_column_of_a_sheet() -> None:
    """What eligibility, quotas, matching and sheets can speak of does not include it."""
    facts = import_module("selection.domain.eligibility.predicates").CandidateFacts.__dataclass_fields__
    application = import_module("selection.domain.applying.application").Application.__dataclass_fields__
    form = import_module("selection.domain.applying.form").Form.__dataclass_fields__
    rows = import_module("selection.domain.importing.row").SheetRow.__dataclass_fields__

    names = {*facts, *application, *form, *rows}

    assert len(names) > 40
    assert {name for name in names if FORBIDDEN.search(name)} == set()
