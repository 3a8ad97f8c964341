"""What a service's OpenAPI document says beyond what FastAPI finds out by itself.

Every route gets it by how it is written: the words of a tag are the docstring of the module that holds its routes, and
``If-Match`` is required where the guard requires it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.http.guards import CommandGuard
from shared.http.problems import Problem
from shared.http.routing import routes_of
from shared.http.uploads import UploadGuard

Document = dict[str, Any]


def document_well(app: FastAPI) -> None:
    """Complete ``app.openapi()``; call it once, when the routes are there."""
    build = app.openapi

    def openapi() -> Document:
        fresh = app.openapi_schema is None
        document = build()
        if fresh:
            _problems(document)
            for route in routes_of(app):
                if route.include_in_schema:
                    _preconditions(route, document)
            document["tags"] = [
                {"name": name, "description": said} for name, said in sorted(_tags(app).items())
            ]  # fmt: skip
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _problems(document: Document) -> None:
    """The problem schema, to which every route's refusals refer; FastAPI's own 422 does not exist here."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas["Problem"] = schema
    for operation in _operations(document):
        found = operation.get("responses", {})
        if "HTTPValidationError" in str(found.get("422", "")):
            del found["422"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)


def _preconditions(route: APIRoute, document: Document) -> None:
    """``If-Match`` is required where the guard refuses its absence, and not told where nothing reads it."""
    guards = [found.call for found in route.dependant.dependencies if isinstance(found.call, CommandGuard)]
    for method in (route.methods or ()) if guards else ():
        operation = document["paths"][route.path_format][method.lower()]
        parameters = operation.get("parameters", [])
        for parameter in parameters:
            if parameter["name"] == "If-Match" and guards[0].if_match:
                parameter["required"] = True
                parameter["schema"] = {"type": "string"}
        if isinstance(guards[0], UploadGuard):
            operation["parameters"] = [each for each in parameters if each["name"] != "If-Match"]


def _tags(app: FastAPI) -> dict[str, str]:
    """What each tag is about: the first paragraph of the modules whose routes carry it."""
    said: dict[str, list[str]] = {}
    for route in routes_of(app):
        if route.include_in_schema:
            words = inspect.getdoc(sys.modules[route.endpoint.__module__]) or ""
            first = " ".join(words.split("\n\n")[0].split())
            for tag in route.tags:
                told = said.setdefault(str(tag), [])
                if first not in told:
                    told.append(first)
    return {tag: " ".join(told) for tag, told in said.items()}


def _operations(document: Document) -> Iterator[Document]:
    for item in document.get("paths", {}).values():
        yield from item.values()
