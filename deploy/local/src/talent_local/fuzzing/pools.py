"""Values that exist on a walked platform, found by reading it through the published interface."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from talent_local.cohort.road.door import Door, Refused
from talent_local.cohort.road.persons import Person

KEPT: Final = 24
"""Values kept of each kind."""
ROUNDS: Final = 3
_PARAMETER = re.compile(r"\{([^}]+)\}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMES: Final = ("id", "number", "code", "path", "participation", "session", "version")
_ENDLESS: Final = ("/events/stream",)


@dataclass(slots=True)
class Pools:
    """What exists.

    Attributes:
        places: what stands behind a path, by the path's template: ids of the things of a collection.
        names: values by the name under which answers show them.
    """

    places: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)

    def fitting(self, template: str, name: str) -> list[str]:
        """Values for a parameter of a path: of its collection, else of the same name; sorted, so that runs agree."""
        before = template.partition("{" + name + "}")[0].rstrip("/")
        return self._kept(self.places.get(before) or self.names.get(name) or set())

    def called(self, name: str) -> list[str]:
        """Values that answers show under a name."""
        return self._kept(self.names.get(name) or set())

    def learn(self, template: str, answer: Any, wanted: frozenset[str]) -> None:
        """Take what an answer of a path tells."""
        for name, value in _members(answer):
            if name in wanted or _UUID.fullmatch(value):
                self.names.setdefault(name, set()).add(value)
        if not template.endswith("}"):
            for item in [*_items(answer), *([answer] if isinstance(answer, dict) else [])]:
                found = next((item[name] for name in _NAMES if isinstance(item.get(name), str)), None)
                if found:
                    self.places.setdefault(template, set()).add(found)

    def _kept(self, values: set[str]) -> list[str]:
        usable = sorted(value for value in values if value and "/" not in value)
        step = max(1, len(usable) // KEPT)
        return usable[::step][:KEPT]


async def harvest(door: Door, document: Mapping[str, Any], readers: tuple[Person, ...]) -> Pools:
    """Read every list and some of every thing as ``readers`` see them."""
    templates = [
        path for path, item in sorted(document["paths"].items()) if "get" in item and not path.endswith(_ENDLESS)
    ]
    wanted = frozenset(name for path in document["paths"] for name in _PARAMETER.findall(path))
    pools, read = Pools(), set[str]()
    for _ in range(ROUNDS):
        for template in templates:
            for path in _addresses(pools, template):
                if path not in read:
                    read.add(path)
                    await _read(door, readers, template, path, pools, wanted)
    return pools


async def _read(
    door: Door, readers: tuple[Person, ...], template: str, path: str, pools: Pools, wanted: frozenset[str]
) -> None:
    for person in readers:
        try:
            pools.learn(template, await door.get(person, path), wanted)
        except Refused:
            continue


def _addresses(pools: Pools, template: str) -> Iterator[str]:
    """Up to two addresses of a template with values that exist."""
    names = _PARAMETER.findall(template)
    choices = [pools.fitting(template, name) for name in names]
    if not all(choices):
        return
    for turn in range(2 if names else 1):
        path = template
        for name, values in zip(names, choices, strict=True):
            path = path.replace("{" + name + "}", values[turn % len(values)])
        yield path


def _items(answer: Any) -> list[dict[str, Any]]:
    listed = answer.get("items") if isinstance(answer, dict) else answer
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _members(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, held in value.items():
            yield from _members(held, inner)
    elif isinstance(value, list):
        for held in value:
            yield from _members(held, name)
    elif isinstance(value, str) and len(value) <= 120:
        yield name, value
