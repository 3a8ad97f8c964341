"""The list of metrics in ``docs/metrics.md``, and what a process shows, in the same words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from prometheus_client import Metric

MEMBERS: Final = ("selection", "placement", "assessment", "funding", "gateway")
_COLUMNS: Final = 6
_OWN: Final = {"histogram": {"le"}}
_SERIES: Final = {"histogram": ("_bucket", "_count", "_sum")}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list.

    Attributes:
        members: whose processes give it a meaning.
    """

    name: str
    type: str
    labels: frozenset[str]
    unit: str
    members: frozenset[str]

    @property
    def series(self) -> set[str]:
        """The names under which Prometheus keeps it."""
        return {self.name + end for end in _SERIES.get(self.type, ("",))}


@dataclass(slots=True)
class Shown:
    """What a process shows of one metric; ``labels`` are those of its series, None while there is none."""

    type: str
    labels: frozenset[str] | None = field(default=None)


def listed(root: Path) -> dict[str, Listed]:
    """Name → row of the list in a checkout.

    Raises:
        ValueError: a row is not as wide as its head, or a name stands there twice.
    """
    found: dict[str, Listed] = {}
    for line in (root / "docs" / "metrics.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != _COLUMNS or not all(cells):
            raise ValueError(f"not a row of the list: {line}")
        name, type_, labels, unit, _, who = cells
        name = name.strip("`")
        if name in found:
            raise ValueError(f"{name} is listed twice")
        of = frozenset(MEMBERS if "every" in who else [member for member in MEMBERS if member in who])
        words = frozenset(labels.split(", ")) - {"–"}
        found[name] = Listed(name, type_, words, unit, of)
    return found


def shown(families: Iterable[Metric]) -> dict[str, Shown]:
    """Name → what is shown, without the times of creation that the client library adds."""
    found: dict[str, Shown] = {}
    for family in families:
        if family.type == "gauge" and family.name.endswith("_created"):
            continue
        name = f"{family.name}_total" if family.type == "counter" else family.name
        seen = found.setdefault(name, Shown(family.type))
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                labels = frozenset(sample.labels) - _OWN.get(family.type, set())
                seen.labels = labels if seen.labels is None else seen.labels | labels
    return found
