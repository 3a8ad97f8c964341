"""Names of the contract that come from its addresses and shapes, never from the names of functions."""

from __future__ import annotations

import copy
import re
from typing import Any

from gateway.adapters.refusals import ContractConflict

Document = dict[str, Any]

_PARAMETER = re.compile(r"\{(\w+)\}")
_LITERAL = frozenset({"example", "examples", "default", "const", "enum"})
"""Members of a schema that hold values, not schemas."""
_SUMMARY = 100


def rename_schemas(document: Document) -> None:
    """``PageOf_CallOut_`` becomes ``PageOfCallOut``.

    Raises:
        ContractConflict: a service has two shapes of one name; FastAPI then names both by their modules.
    """
    schemas = document["components"]["schemas"]
    names = {name: "".join(part[:1].upper() + part[1:] for part in name.split("_")) for name in schemas}
    twins = sorted(name for name in names if "__" in name.rstrip("_") and "__adapters__" in name)
    if twins:
        raise ContractConflict(
            "contract-conflict", f"Shapes of one service share a name: {', '.join(twins)}.", names=twins
        )
    document["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    _point_anew(document, names)


def _point_anew(value: Any, names: dict[str, str]) -> None:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
            name = reference.rpartition("/")[2]
            value["$ref"] = "#/components/schemas/" + names.get(name, name)
        told = value.get("discriminator")
        mapping: dict[str, str] = told.get("mapping", {}) if isinstance(told, dict) else {}
        for key, target in mapping.items():
            name = target.rpartition("/")[2]
            mapping[key] = "#/components/schemas/" + names.get(name, name)
        for inner in value.values():
            _point_anew(inner, names)
    elif isinstance(value, list):
        for inner in value:
            _point_anew(inner, names)


def strip_titles(value: Any) -> None:
    """Drop the titles that pydantic makes of member names: they say nothing, and client generators trip over them."""
    if isinstance(value, dict):
        for key in [key for key, inner in value.items() if key == "title" and isinstance(inner, str)]:
            if "openapi" not in value and "version" not in value:
                del value[key]
        for key, inner in value.items():
            if key not in _LITERAL and key != "info":
                strip_titles(inner)
    elif isinstance(value, list):
        for inner in value:
            strip_titles(inner)


def finish_tuples(value: Any) -> None:
    """Say of a tuple also what its items are: linters and client generators know ``items``, few ``prefixItems``."""
    if isinstance(value, dict):
        given = value.get("prefixItems")
        if isinstance(given, list) and "items" not in value:
            kinds = [each for number, each in enumerate(given) if each not in given[:number]]
            value["items"] = copy.deepcopy(kinds[0]) if len(kinds) == 1 else {"anyOf": copy.deepcopy(kinds)}
        for inner in value.values():
            finish_tuples(inner)
    elif isinstance(value, list):
        for inner in value:
            finish_tuples(inner)


def identify(document: Document) -> None:
    """Give every operation an id made of its method and address; a renamed function changes nothing for clients.

    ``GET /v1/selection/calls/{call_id}`` is ``get_selection_calls_by_call_id``.

    Raises:
        ContractConflict: two operations would get one id.
    """
    taken: dict[str, str] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            name = operation_id(method, path)
            where = f"{method.upper()} {path}"
            if taken.setdefault(name, where) != where:
                raise ContractConflict(
                    "contract-conflict", f"{taken[name]} and {where} would share the operation id '{name}'.", name=name
                )
            operation["operationId"] = name


def operation_id(method: str, path: str) -> str:
    """The id of an operation."""
    words = [method]
    steps = [step for step in path.split("/") if step and step != "v1"]
    for number, step in enumerate(steps):
        found = _PARAMETER.search(step)
        if found is None:
            words.append(re.sub(r"\W+", "_", step).strip("_"))
        elif number == len(steps) - 1:
            words += ["by", found[1]]
    return "_".join(words).lower()


def summarise(operation: Document) -> None:
    """The summary is the first sentence of the description, not a function's name."""
    said = operation.get("description") or operation.get("summary", "")
    first = re.split(r"(?<=[.!?])\s|[:;]\s", " ".join(said.split("\n\n")[0].split()))[0].rstrip(".")
    if len(first) > _SUMMARY:
        first = first[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",;") + " …"
    operation["summary"] = first
    operation["description"] = said
