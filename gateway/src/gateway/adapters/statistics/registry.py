"""Reads the definitions that lie beside the code, once and only when somebody asks."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from gateway.domain.statistics.definition import Definition, definition_of


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """Every definition by its code.

    Raises:
        ValueError: naming everything that is wrong with any of them.
    """
    import yaml

    found: dict[str, Definition] = {}
    wrong: list[str] = []
    for file in sorted(files("gateway").joinpath("statistics").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            for said in yaml.safe_load(file.read_text("utf-8")):
                wrong += [f"{said['code']} is defined twice"] if said["code"] in found else []
                found[said["code"]] = definition_of(said)
    wrong += [fault for one in found.values() for fault in one.faults(found)]
    if wrong:
        raise ValueError("; ".join(wrong))
    return found
