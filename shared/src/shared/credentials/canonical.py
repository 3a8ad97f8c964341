"""JSON-LD to canonical N-Quads (RDFC-1.0) by PyLD, strict: what no vendored context defines is refused, not dropped.

PyLD calls the algorithm by its older name, URDNA2015. The two differ in how control characters are escaped and in nothing
else that a credential can hold, so control characters are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.credentials.vendored import load

MOST_NODES: Final = 200
"""Objects in one document; canonicalisation of a hostile graph takes time without bound."""
_ALIKE: Final = 6
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+|_:.+")


class NotCanonical(ValueError):
    """The document cannot be canonicalised without losing something of it."""


def quads(document: Mapping[str, Any], more: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """The canonical N-Quads of a JSON-LD document.

    Args:
        document: with its context.
        more: contexts by address besides the vendored ones.

    Raises:
        NotCanonical: a context that is not vendored, a term that no context defines, a relative IRI, a control
            character, or too many objects.
    """
    from pyld import jsonld

    _check_size(document)
    dropped: list[str] = []

    def known(address: str, asked: object = None) -> dict[str, Any]:
        return load(address, asked, more)

    options: Any = {"documentLoader": known, "base": None}
    try:
        expanded = jsonld.expand(dict(document), options, on_property_dropped=lambda name: dropped.append(str(name)))
        _check(expanded)
        if dropped:
            raise NotCanonical(f"no context defines {', '.join(sorted(set(dropped)))[:200]}")
        canonical = jsonld.normalize(expanded, {"algorithm": "URDNA2015", "format": "application/n-quads", **options})
    except (jsonld.JsonLdError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise NotCanonical(f"not JSON-LD that this tree understands: {_reason(error)}") from error
    return str(canonical)


def _check_size(document: Mapping[str, Any]) -> None:
    found = [0]

    def count(value: object, depth: int) -> None:
        if depth > 30:
            raise NotCanonical("the document is nested too deeply")
        if isinstance(value, Mapping):
            found[0] += 1
            for part in value.values():
                count(part, depth + 1)
        elif isinstance(value, list):
            for part in value:
                count(part, depth + 1)

    count(document, 0)
    if found[0] > MOST_NODES:
        raise NotCanonical("the document has too many objects")


def _check(expanded: Any) -> None:
    """Refuse what would be lost or written differently on the way to N-Quads."""
    blanks: set[str] = set()
    for node in _nodes(expanded):
        if isinstance(node.get("@value"), str) and _CONTROL.search(node["@value"]):
            raise NotCanonical("control characters are not signed")
        if "@value" in node:
            continue
        kinds = node.get("@type", [])
        named = [node.get("@id", "urn:x"), *(kinds if isinstance(kinds, list) else [kinds])]
        for name in [*named, *(member for member in node if not member.startswith("@"))]:
            if not isinstance(name, str) or not _IRI.fullmatch(name):
                raise NotCanonical(f"{str(name)[:100]!r} is no absolute IRI")
            if name.startswith("_:"):
                blanks.add(name)
    if len(blanks) > _ALIKE:
        raise NotCanonical("too many blank nodes with names of their own")


def _nodes(expanded: Any) -> Iterator[dict[str, Any]]:
    """Every object of an expanded document, values included."""
    if isinstance(expanded, list):
        for part in expanded:
            yield from _nodes(part)
    elif isinstance(expanded, dict):
        yield expanded
        for name, part in expanded.items():
            if name not in ("@id", "@type", "@value"):
                yield from _nodes(part)


def _reason(error: BaseException) -> str:
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return str(cause).splitlines()[0][:200] if str(cause) else type(cause).__name__
