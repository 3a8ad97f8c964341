"""What the merged contract says of every operation, whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.adapters.contract.complete import complete
from gateway.adapters.contract.naming import operation_id, summarise
from gateway.adapters.refusals import ContractConflict


def a_document(paths: dict[str, Any], schemas: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"info": {}, "paths": paths, "components": {"schemas": schemas or {}}}


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("get", "/v1/journeys", "get_journeys"),
        ("get", "/v1/journeys/{participation}", "get_journeys_by_participation"),
        ("post", "/v1/selection/calls/{call_id}/close", "post_selection_calls_close"),
        ("get", "/v1/assessment/.well-known/did.json", "get_assessment_well_known_did_json"),
    ],
)
def test_an_operation_is_named_by_its_address(method: str, path: str, name: str) -> None:
    assert operation_id(method, path) == name


def test_two_addresses_of_one_name_are_refused() -> None:
    answer = {"responses": {"200": {"description": "ok"}}}
    paths = {"/v1/a/{x}/b": {"get": dict(answer)}, "/v1/a/{y}/{z}/b": {"get": dict(answer)}}

    with pytest.raises(ContractConflict, match="get_a_b"):
        complete(a_document(paths))


def test_two_shapes_of_one_service_that_share_a_name_are_refused() -> None:
    twins = {"selection__adapters__http__shapes__vault__DueOut": {"type": "object"}}

    with pytest.raises(ContractConflict, match="share a name"):
        complete(a_document({}, twins))


def test_the_summary_is_the_first_sentence() -> None:
    operation = {"summary": "Read Call", "description": "One call: open or closed. More about it."}

    summarise(operation)

    assert operation == {"summary": "One call", "description": "One call: open or closed. More about it."}


def test_refusals_and_headers_are_written_once_and_referred_to() -> None:
    """A thing with a version has an ETag, and can be asked for conditionally."""
    shown = {
        "200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}}
    }
    thing = {"type": "object", "title": "T", "properties": {"version": {"type": "integer", "title": "Version"}}}
    document = complete(
        a_document({"/v1/t/{t_id}": {"get": {"description": "One.", "responses": shown}}}, {"T": thing})
    )

    operation = document["paths"]["/v1/t/{t_id}"]["get"]
    assert operation["responses"]["404"] == {"$ref": "#/components/responses/NotFound"}
    assert {"API-Version", "RateLimit", "ETag"} <= set(operation["responses"]["200"]["headers"])
    assert "304" in operation["responses"]
    assert [each["name"] for each in operation["parameters"]] == ["If-None-Match"]
    assert document["components"]["schemas"]["T"] == {"type": "object", "properties": {"version": {"type": "integer"}}}
    assert set(document["components"]["responses"]["TooManyRequests"]["headers"]) >= {"Retry-After", "API-Version"}
