"""What of a contract a client of the released one could break on: the gate between two versions.

A request must still be accepted, an answer must still be understood. So what is taken may only grow, what is given may
only shrink in kind and grow in members: unknown members are ignored by agreement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Document = dict[str, Any]
Way = Literal["request", "answer"]

_ANYTHING = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
_UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")


def breaking_changes(released: Document, current: Document) -> list[str]:
    """Every change that can break a client of ``released``, one line each: what, where. Empty when there is none."""
    return sorted(set(_Comparison(released, current).changes()))


@dataclass
class _Comparison:
    old: Document
    new: Document
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def changes(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method, before in item.items():
                where = f"{method.upper()} {path}"
                after = self.new["paths"].get(path, {}).get(method)
                if after is None:
                    yield f"operation-removed: {where}"
                    continue
                if before.get("operationId") != after.get("operationId"):
                    yield f"operation-renamed: {where}"
                if before.get("security") == [] and after.get("security") != []:
                    yield f"token-needed: {where}"
                yield from self._parameters(before, after, where)
                yield from self._body(before.get("requestBody"), after.get("requestBody"), where)
                yield from self._answers(before["responses"], after["responses"], where)

    def _parameters(self, before: Document, after: Document, where: str) -> Iterator[str]:
        first, second = _named(before), _named(after)
        for key, parameter in second.items():
            if parameter.get("required") and not first.get(key, {}).get("required"):
                yield f"parameter-required: {where} {key[1]}"
        for key, parameter in first.items():
            if key not in second:
                yield f"parameter-removed: {where} {key[1]}"
            else:
                place = f"{where} {key[1]}"
                yield from self._schema(parameter.get("schema", {}), second[key].get("schema", {}), "request", place)

    def _body(self, before: Document | None, after: Document | None, where: str) -> Iterator[str]:
        if after is not None and after.get("required") and not (before or {}).get("required"):
            yield f"body-required: {where}"
        for kind, content in (before or {}).get("content", {}).items():
            if kind not in (after or {}).get("content", {}):
                yield f"media-type-removed: {where} {kind}"
            elif after is not None:
                new = after["content"][kind].get("schema", {})
                yield from self._schema(content.get("schema", {}), new, "request", f"{where} body")

    def _answers(self, before: Document, after: Document, where: str) -> Iterator[str]:
        for status, old in before.items():
            given = _found(self.old, old)
            if status not in after:
                yield f"status-removed: {where} {status}"
                continue
            shown = _found(self.new, after[status])
            for header in given.get("headers", {}):
                if header not in shown.get("headers", {}):
                    yield f"header-removed: {where} {status} {header}"
            for kind, content in given.get("content", {}).items():
                if kind not in shown.get("content", {}):
                    yield f"media-type-removed: {where} {status} {kind}"
                else:
                    new = shown["content"][kind].get("schema", {})
                    yield from self._schema(content.get("schema", {}), new, "answer", f"{where} {status}")
        yield from (
            f"status-added: {where} {status}" for status in after if status[0] in "23" and status not in before
        )  # fmt: skip

    def _schema(self, before: Any, after: Any, way: Way, where: str) -> Iterator[str]:
        if before is True or after is True or not isinstance(before, dict) or not isinstance(after, dict):
            return
        names = (before.get("$ref"), after.get("$ref"))
        if names[0] and names[1]:
            where = f"{way} {names[0].rpartition('/')[2]}"
            if (key := (names[0], names[1], way)) in self._seen:
                return
            self._seen.add(key)
        old, new = _found(self.old, before), _found(self.new, after)
        if "anyOf" in old or "anyOf" in new or "oneOf" in old or "oneOf" in new:
            yield from self._variants(_variants(old), _variants(new), way, where)
            return
        wide, narrow = (_types(new), _types(old)) if way == "request" else (_types(old), _types(new))
        if not narrow <= wide:
            yield f"type-changed: {where}"
            return
        yield from _values(old, new, way, where)
        yield from _bounds(old, new, way, where)
        yield from self._members(old, new, way, where)
        if "items" in old and "items" in new:
            yield from self._schema(old["items"], new["items"], way, f"{where}[]")

    def _members(self, old: Document, new: Document, way: Way, where: str) -> Iterator[str]:
        first, second = old.get("properties", {}), new.get("properties", {})
        must_old, must_new = set(old.get("required", ())), set(new.get("required", ()))
        if way == "request":
            yield from (f"member-required: {where}.{name}" for name in must_new - must_old)
        else:
            yield from (f"member-not-always-given: {where}.{name}" for name in (must_old - must_new) & set(second))
        for name, schema in first.items():
            if name not in second:
                yield f"member-removed: {where}.{name}"
            else:
                yield from self._schema(schema, second[name], way, f"{where}.{name}")
        inner = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if way == "request" and inner[1] is False and inner[0] is not False and "object" in _types(old):
            yield f"members-refused: {where}"
        yield from self._schema(inner[0], inner[1], way, f"{where}.*")

    def _variants(self, old: list[Any], new: list[Any], way: Way, where: str) -> Iterator[str]:
        """Every variant of a request must still be taken by one; every variant of an answer must be known."""
        given, known = (old, new) if way == "request" else (new, old)
        for variant in given:
            pairs = [(variant, each) if way == "request" else (each, variant) for each in known]
            probes = [list(_Comparison(self.old, self.new)._schema(*pair, way, where)) for pair in pairs]
            if not any(found == [] for found in probes):
                close = [found for found in probes if not any("type-changed" in each for each in found)]
                yield from close[0] if len(close) == 1 else [f"variant-changed: {where}"]


def _named(operation: Document) -> dict[tuple[str, str], Document]:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", [])}


def _found(document: Document, thing: Document) -> Document:
    reference = thing.get("$ref")
    if reference is None:
        return thing
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return _found(document, found)


def _variants(schema: Document) -> list[Any]:
    variants: list[Any] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return variants


def _types(schema: Document) -> frozenset[str]:
    said = schema.get("type")
    if said is None:
        return _ANYTHING
    kinds = frozenset(said if isinstance(said, list) else [said])
    return kinds | {"integer"} if "number" in kinds else kinds


def _values(old: Document, new: Document, way: Way, where: str) -> Iterator[str]:
    first, second = (each.get("enum", [each["const"]] if "const" in each else None) for each in (old, new))
    if way == "request" and second is not None:
        gone = ["others"] if first is None else [value for value in first if value not in second]
        yield from (f"value-refused: {where} {value}" for value in gone)
    if way == "answer" and first is not None:
        fresh = ["others"] if second is None else [value for value in second if value not in first]
        yield from (f"value-added: {where} {value}" for value in fresh)


def _bounds(old: Document, new: Document, way: Way, where: str) -> Iterator[str]:
    if old.get("format") != new.get("format") and (way == "answer" or "format" in new):
        yield f"format-changed: {where}"
    if way == "answer":
        return
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"pattern-changed: {where}"
    for name in _UPPER:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"bound-narrowed: {where} {name}"
    for name in _LOWER:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield f"bound-narrowed: {where} {name}"
