"""The merged contract: equal things once, unequal things under one name never."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.adapters.contract.merge import merge
from gateway.adapters.contract.published import Contract
from gateway.adapters.refusals import ContractConflict, UpstreamDown


def document(service: str, schemas: dict[str, Any], operation: str | None = None) -> dict[str, Any]:
    answer = {
        "200": {
            "description": "ok",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": "1"},
        "paths": {
            f"/v1/{service}/things": {"get": {"operationId": operation or f"read_{service}", "responses": answer}}
        },
        "components": {"schemas": schemas},
    }


THING = {"type": "object", "properties": {"id": {"type": "string"}, "size": {"type": "integer"}}}


def of(documents: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return merge(documents, title="t", version="1", is_public=lambda _method, _path: False)


def test_identical_schemas_are_written_once_whatever_their_order() -> None:
    same = {"properties": {"size": {"type": "integer"}, "id": {"type": "string"}}, "type": "object"}

    merged = of({"selection": document("selection", {"Thing": THING}), "funding": document("funding", {"Thing": same})})

    assert merged["components"]["schemas"] == {"Thing": THING}
    assert sorted(merged["paths"]) == ["/v1/funding/things", "/v1/selection/things"]
    OpenAPIV31SpecValidator(merged).validate()


def test_different_schemas_under_one_name_fail_and_name_both() -> None:
    other = {"type": "object", "properties": {"id": {"type": "integer"}}}

    with pytest.raises(ContractConflict) as refusal:
        of({"selection": document("selection", {"Thing": THING}), "funding": document("funding", {"Thing": other})})

    assert "Thing" in refusal.value.detail
    assert refusal.value.values["owners"] == ["funding", "selection"]


def test_one_operation_id_for_two_operations_fails() -> None:
    with pytest.raises(ContractConflict, match="operation id"):
        of({
            "selection": document("selection", {"Thing": THING}, "read_things"),
            "funding": document("funding", {"Thing": THING}, "read_things"),
        })  # fmt: skip


async def test_the_published_contract_knows_open_closed_and_public_ways() -> None:
    """Closed ways are not published; public ones need no token; the rest does."""
    found = document("assessment", {"Thing": THING})
    answer = {"responses": {"200": {"description": "ok"}}}
    found["paths"] |= {
        "/v1/assessment/verifications": {"post": answer},
        "/v1/assessment/.well-known/jwks.json": {"get": answer},
        "/health/live": {"get": answer},
    }

    async def fetch(url: str) -> Any:
        return found if "assessment" in url else document(url.split("/")[2], {"Thing": THING})

    upstreams = {name: f"http://{name}" for name in ("selection", "placement", "assessment", "funding")}
    own = {"openapi": "3.1.0", "paths": {"/v1/verifications": {"post": answer}, "/v1/journeys": {"get": answer}}}
    merged = orjson.loads(await Contract(upstreams, lambda: own, fetch).document())

    assert "/v1/assessment/verifications" not in merged["paths"]
    assert "/health/live" not in merged["paths"]
    assert merged["paths"]["/v1/assessment/.well-known/jwks.json"]["get"]["security"] == []
    assert merged["paths"]["/v1/verifications"]["post"]["security"] == []
    assert "security" not in merged["paths"]["/v1/journeys"]["get"]
    assert merged["security"] == [{"bearer": []}, {"session": []}]


async def test_a_service_that_is_away_is_said_so() -> None:
    async def fetch(url: str) -> Any:
        raise OSError(url)

    with pytest.raises(UpstreamDown):
        await Contract({"selection": "http://selection"}, dict, fetch).document()
