"""Reads the code lists that lie beside the code, once and only when somebody asks."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

from gateway.adapters.pages.words import EVENTS
from gateway.domain.reference import CodeList, Entry

DEFAULT_SOURCE = "platform"


@lru_cache(maxsize=1)
def code_lists() -> dict[str, CodeList]:
    """Every list by its name.

    Raises:
        ValueError: a name is used twice, in different files.
    """
    import yaml

    found: dict[str, CodeList] = {}
    for file in sorted(files("gateway").joinpath("reference").iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".yaml"):
            continue
        for name, content in yaml.safe_load(file.read_text("utf-8")).items():
            if name in found:
                raise ValueError(f"reference list {name} is there twice")
            found[name] = _list(name, content)
    return dict(sorted(found.items()))


def _list(name: str, content: dict[str, Any]) -> CodeList:
    entries = [_entry(str(code), said) for code, said in content["entries"].items()]
    if name == "event-types":
        entries += [Entry(code, zh, en) for code, (zh, en) in EVENTS.items() if code not in content["entries"]]
    zh, en = content["title"]
    source = content.get("source", DEFAULT_SOURCE)
    return CodeList(name, zh, en, int(content.get("version", 1)), source, tuple(entries))


def _entry(code: str, said: Any) -> Entry:
    return Entry(code, *said) if isinstance(said, list) else Entry(code, **said)
