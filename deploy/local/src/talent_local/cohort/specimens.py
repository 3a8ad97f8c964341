"""The smallest values that fit a JSON Schema, for tests that ask every route of the published interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

UNKNOWN: Final = "00000000-0000-7000-8000-000000000000"
"""A well-formed id that nothing has."""

_FORMATS: Final = {
    "uuid": UNKNOWN,
    "date": "2024-09-01",
    "date-time": "2024-09-01T00:00:00Z",
    "uri": "https://example.org/",
}
_PATTERNS: Final = (
    ("hosts/", "hosts/H999"),
    (r"^\d{2}$", "11"),
    (r"^\d{4}-\d{2}$", "2024-09"),
    (r"\.", "1.00"),
    ("", "none-such"),
)
"""Part of a pattern → a text that such patterns accept; the first that occurs."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A changing operation of the published interface.

    Attributes:
        path: with names of parameters replaced by values that nothing has.
        schema: of the JSON body, or None when it takes none.
        statuses: that it documents.
        public: True when it needs no token.
        named: True when the address names a thing by id.
        conditional: True when it must be told which version is changed.
    """

    method: str
    template: str
    path: str
    schema: Mapping[str, Any] | None
    statuses: frozenset[int]
    public: bool
    named: bool
    conditional: bool

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every POST and PUT of an OpenAPI document whose body, where it has one, is JSON; uploads have tests of their own."""
    for template, item in sorted(document["paths"].items()):
        for method in ("post", "put"):
            if method in item and _speaks_json(item[method]):
                yield _operation(document, method.upper(), template, item[method])


def _speaks_json(operation: Mapping[str, Any]) -> bool:
    content = operation.get("requestBody", {}).get("content")
    return content is None or "application/json" in content


def specimen(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """A small value that fits ``schema``; references are resolved in ``document``."""
    if "$ref" in schema:
        return specimen(document, _resolved(document, schema["$ref"]))
    for given in ("const", "default"):
        if schema.get(given) is not None:
            return schema[given]
    if schema.get("enum") or schema.get("examples"):
        return (schema.get("enum") or schema["examples"])[0]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return specimen(document, next(each for each in schema[union] if each.get("type") != "null"))
    if "allOf" in schema:
        return specimen(document, schema["allOf"][0])
    return _of_type(document, schema)


def _of_type(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            return _object(document, schema)
        case "array":
            return [specimen(document, schema.get("items", {})) for _ in range(schema.get("minItems", 1))]
        case "integer" | "number":
            return int(max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return True
        case "string":
            return _text(schema)
    return {}


def _object(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    value = {name: specimen(document, properties[name]) for name in schema.get("required", ()) if name in properties}
    more = schema.get("additionalProperties") or next(iter(schema.get("patternProperties", {}).values()), None)
    if isinstance(more, Mapping) and not value:
        names = more.get("propertyNames", schema.get("propertyNames", {})).get("enum", ["trainee"])
        value[names[0]] = specimen(document, more)
    return value


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    pattern = schema.get("pattern")
    text = "none-such" if pattern is None else next(text for part, text in _PATTERNS if part in pattern)
    return text.ljust(schema.get("minLength", 0), "x")


def _operation(document: Mapping[str, Any], method: str, template: str, item: Mapping[str, Any]) -> Operation:
    content = item.get("requestBody", {}).get("content", {})
    parameters = [each for each in item.get("parameters", ()) if each["in"] == "path"]
    path = template
    for parameter in parameters:
        path = path.replace("{" + parameter["name"] + "}", str(specimen(document, parameter["schema"])))
    return Operation(
        method=method,
        template=template,
        path=path,
        schema=content.get("application/json", {}).get("schema"),
        statuses=frozenset(int(status) for status in item["responses"] if status.isdigit()),
        public=item.get("security") == [],
        named=any(parameter["schema"].get("format") == "uuid" for parameter in parameters),
        conditional=any(each.get("name") == "If-Match" and each.get("required") for each in item.get("parameters", ())),
    )


def _resolved(document: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    resolved: Mapping[str, Any] = found
    return resolved
