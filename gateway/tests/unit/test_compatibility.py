"""Each kind of change that can break a client is found; what cannot break one is not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from gateway.testing.compatibility import breaking_changes

OLD: dict[str, Any] = {
    "paths": {
        "/v1/calls": {
            "post": {
                "operationId": "post_calls",
                "security": [],
                "parameters": [
                    {"name": "state", "in": "query", "schema": {"type": "string", "enum": ["open", "closed"]}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/CallIn"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Call"}}},
                    },
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            }
        }
    },
    "components": {
        "responses": {"NotFound": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
        "schemas": {
            "CallIn": {
                "type": "object",
                "additionalProperties": False,
                "required": ["title"],
                "properties": {
                    "title": {"type": "string", "maxLength": 200},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
            },
            "Call": {
                "type": "object",
                "required": ["state", "at"],
                "properties": {
                    "state": {"type": "string", "enum": ["open", "closed"]},
                    "at": {"type": "string", "format": "date-time"},
                    "places": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Call"}},
                },
            },
        },
    },
}


def operation(document: dict[str, Any]) -> Any:
    return document["paths"]["/v1/calls"]["post"]


def given(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Call"]


def taken(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["CallIn"]


def put(find: Callable[[Any], Any], name: str, value: Any) -> Callable[[Any], None]:
    return lambda document: find(document).__setitem__(name, value)


def drop(find: Callable[[Any], Any], name: Any) -> Callable[[Any], None]:
    return lambda document: find(document).__delitem__(name)


BREAKING = {
    "operation-removed: POST /v1/calls": drop(lambda d: d["paths"], "/v1/calls"),
    "operation-renamed: POST /v1/calls": put(operation, "operationId", "make_call"),
    "token-needed: POST /v1/calls": drop(operation, "security"),
    "parameter-removed: POST /v1/calls limit": drop(lambda d: operation(d)["parameters"], 1),
    "parameter-required: POST /v1/calls limit": put(lambda d: operation(d)["parameters"][1], "required", True),
    "value-refused: POST /v1/calls state closed": put(
        lambda d: operation(d)["parameters"][0]["schema"], "enum", ["open"]
    ),
    "bound-narrowed: POST /v1/calls limit maximum": put(
        lambda d: operation(d)["parameters"][1]["schema"], "maximum", 50
    ),
    "body-required: POST /v1/calls": put(lambda d: operation(d)["requestBody"], "required", True),
    "media-type-removed: POST /v1/calls application/json": put(
        lambda d: operation(d)["requestBody"], "content", {"text/csv": {}}
    ),
    "status-removed: POST /v1/calls 200": drop(lambda d: operation(d)["responses"], "200"),
    "status-added: POST /v1/calls 202": put(lambda d: operation(d)["responses"], "202", {}),
    "header-removed: POST /v1/calls 200 ETag": put(lambda d: operation(d)["responses"]["200"], "headers", {}),
    "media-type-removed: POST /v1/calls 200 application/json": put(
        lambda d: operation(d)["responses"]["200"], "content", {"text/csv": {}}
    ),
    "member-required: request CallIn.note": put(taken, "required", ["title", "note"]),
    "member-removed: request CallIn.note": drop(lambda d: taken(d)["properties"], "note"),
    "bound-narrowed: request CallIn.title maxLength": put(lambda d: taken(d)["properties"]["title"], "maxLength", 100),
    "pattern-changed: request CallIn.title": put(lambda d: taken(d)["properties"]["title"], "pattern", "^a"),
    "variant-changed: request CallIn.note": put(lambda d: taken(d)["properties"], "note", {"type": "string"}),
    "type-changed: request CallIn.title": put(lambda d: taken(d)["properties"], "title", {"type": "integer"}),
    "member-removed: answer Call.at": drop(lambda d: given(d)["properties"], "at"),
    "member-not-always-given: answer Call.at": put(given, "required", ["state"]),
    "value-added: answer Call.state frozen": put(
        lambda d: given(d)["properties"]["state"], "enum", ["open", "closed", "frozen"]
    ),
    "value-added: answer Call.state others": drop(lambda d: given(d)["properties"]["state"], "enum"),
    "format-changed: answer Call.at": drop(lambda d: given(d)["properties"]["at"], "format"),
    "type-changed: answer Call.parts": put(lambda d: given(d)["properties"], "parts", {"type": "object"}),
    "variant-changed: answer Call.places": put(
        lambda d: given(d)["properties"], "places", {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    ),
}

HARMLESS = {
    "a new operation": put(lambda d: d["paths"], "/v1/more", {"get": {"responses": {}}}),
    "a new optional parameter": put(
        operation, "parameters", [*operation(OLD)["parameters"], {"name": "host", "in": "query", "schema": {}}]
    ),
    "a new member of an answer": put(lambda d: given(d)["properties"], "more", {"type": "string"}),
    "a new optional member of a request": put(lambda d: taken(d)["properties"], "more", {"type": "string"}),
    "a member that is always given now": put(given, "required", ["state", "at", "parts"]),
    "an answer that is never null now": put(lambda d: given(d)["properties"], "places", {"type": "integer"}),
    "one value less in an answer": put(lambda d: given(d)["properties"]["state"], "enum", ["open"]),
    "one value more in a request": put(
        lambda d: operation(d)["parameters"][0]["schema"], "enum", ["open", "closed", "frozen"]
    ),
    "a wider bound": put(lambda d: taken(d)["properties"]["title"], "maxLength", 300),
    "a new refusal": put(lambda d: operation(d)["responses"], "429", {"$ref": "#/components/responses/NotFound"}),
    "other words": put(operation, "description", "Anew."),
}


@pytest.mark.parametrize("line", BREAKING)
def test_what_breaks_a_client_is_found(line: str) -> None:
    new = copy.deepcopy(OLD)
    BREAKING[line](new)

    assert line in breaking_changes(OLD, new)


@pytest.mark.parametrize("change", HARMLESS)
def test_what_breaks_nobody_is_not_told(change: str) -> None:
    new = copy.deepcopy(OLD)
    HARMLESS[change](new)

    assert breaking_changes(OLD, new) == []


def test_a_document_is_compatible_with_itself() -> None:
    """Shapes that contain themselves come to an end."""
    assert breaking_changes(OLD, copy.deepcopy(OLD)) == []
