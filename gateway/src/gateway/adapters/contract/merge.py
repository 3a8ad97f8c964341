"""One OpenAPI 3.1 document out of several: equal things are written once, unequal things under one name are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gateway.adapters.refusals import ContractConflict
from gateway.domain.fingerprint import canonical

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "Access token of the configured OpenID Connect provider (RFC 9068).",
}

SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "__Host-talent-session",
    "description": "Session of a browser, given by `GET /sign-in` (OpenID Connect, code with PKCE). Every method but GET "
    "and HEAD also needs the header `X-CSRF-Token`, as `GET /v1/session` tells it, and an `Origin` that is ours. On plain "
    "http, on the loopback interface only, the cookie is named `talent-session`.",
}
"""What may stand instead of a token."""


def merge(
    documents: Mapping[str, Document], *, title: str, version: str, is_public: Callable[[str, str], bool | None]
) -> Document:
    """The merged document.

    Args:
        documents: OpenAPI document by owner (service or ``gateway``).
        title: of the merged document.
        version: of the merged document.
        is_public: (method, path) → True when no token is needed, False when one is, None when the way is closed and the
            operation must not be published.

    Raises:
        ContractConflict: two owners publish different schemas, paths or operation ids under one name; the detail and
            the values name the thing and both owners.
    """
    merged: Document = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": []}],
        "tags": [],
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {"bearer": BEARER, "session": SESSION}},
    }
    schemas = _Names("schema")
    operations = _Names("operation id")
    paths = _Names("path")
    tags: dict[str, list[str]] = {}
    for owner, document in sorted(documents.items()):
        shown: list[Any] = []
        said = {tag["name"]: tag.get("description", owner) for tag in document.get("tags", [])}
        for path, item in sorted(document.get("paths", {}).items()):
            kept = _operations(owner, path, item, is_public)
            if not kept:
                continue
            paths.claim(path, owner, owner)
            for operation in kept.values():
                for tag in operation["tags"]:
                    told = tags.setdefault(tag, [])
                    told += [words for words in [said.get(tag, f"What {owner} offers.")] if words not in told]
                if "operationId" in operation:
                    operations.claim(operation["operationId"], owner, f"{owner} {path}")
            merged["paths"][path] = kept
            shown.append(kept)
        for name, schema in sorted(_needed(shown, document.get("components", {}).get("schemas", {})).items()):
            schemas.claim(name, owner, schema)
            merged["components"]["schemas"][name] = copy.deepcopy(schema)
    merged["tags"] = [{"name": tag, "description": " ".join(tags[tag])} for tag in sorted(tags)]
    return merged


def _needed(shown: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas that published operations refer to, directly or through other schemas."""
    needed: dict[str, Any] = {}
    waiting = list(_references(shown))
    while waiting:
        name = waiting.pop()
        if name not in needed and name in schemas:
            needed[name] = schemas[name]
            waiting.extend(_references(schemas[name]))
    return needed


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        reference = value.get("$ref")
        if isinstance(reference, str):
            yield reference.rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _operations(
    owner: str, path: str, item: Mapping[str, Any], is_public: Callable[[str, str], bool | None]
) -> dict[str, Any]:
    kept = {}
    for method in METHODS:
        public = is_public(method.upper(), path) if method in item else None
        if public is None:
            continue
        operation = copy.deepcopy(item[method])
        operation["tags"] = operation.get("tags") or [owner]
        operation.pop("security", None)
        if public:
            operation["security"] = []
        kept[method] = operation
    return kept


class _Names:
    """Names that were given out, each with its owner and what it stands for."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._given: dict[str, tuple[str, bytes]] = {}

    def claim(self, name: str, owner: str, meaning: Any) -> None:
        """Take a name. Raises ``ContractConflict`` when it stands for something else already."""
        meant = canonical(meaning)
        first, before = self._given.setdefault(name, (owner, meant))
        if before != meant:
            raise ContractConflict(
                "contract-conflict",
                f"{first} and {owner} publish different things as {self._kind} '{name}'.",
                name=name,
                owners=[first, owner],
            )
