"""What the rules and dashboards that are shipped ask of Prometheus: expressions, selectors, labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

RULES: Final = Path("deploy/observability/rules")
DASHBOARDS: Final = Path("deploy/observability/dashboards")
FOREIGN: Final = frozenset({"up", "cnpg_collector_last_available_backup_timestamp"})
"""Metrics that others give: Prometheus itself and the operator of the database."""
OF_THE_SCRAPE: Final = frozenset({"job", "instance", "le"})
"""Labels that no process gives by itself, and the bound of a histogram."""
_WORDS: Final = frozenset(
    "and or unless bool offset by without on ignoring group_left group_right inf nan".split()  # noqa: SIM905
)
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_GROUPED: Final = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_SELECTOR: Final = re.compile(r"(?<![\w:.$\"])([a-zA-Z_:][\w:]*)\b(?!\s*\()\s*(\{[^}]*\})?")
_MATCHER: Final = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")


@dataclass(frozen=True, slots=True)
class Asked:
    """One expression.

    Attributes:
        kind: ``panel``, ``alert`` or ``record``.
        place: dashboard and panel, or the name of the rule.
        expression: PromQL, with ``$service`` where the dashboard lets one choose.
        unit: of the panel, as Grafana names it.
    """

    kind: str
    place: str
    expression: str
    unit: str | None = None

    def selectors(self) -> set[tuple[str, str]]:
        """Metric names with their matchers, the latter as written."""
        found = _SELECTOR.finditer(_durationless(_GROUPED.sub(" ", self.expression)))
        return {(name, matchers or "") for name, matchers in (each.groups() for each in found) if name not in _WORDS}

    def names(self) -> set[str]:
        """The metrics."""
        return {name for name, _ in self.selectors()}

    def labels(self) -> dict[str, set[str]]:
        """Metric → labels by which it is chosen; those by which is grouped must be on every metric of the expression."""
        grouped = {label.strip() for _, labels in _GROUPED.findall(self.expression) for label in labels.split(",")} - {
            ""
        }
        found: dict[str, set[str]] = {}
        for name, matchers in self.selectors():
            found.setdefault(name, set(grouped)).update(_MATCHER.findall(_STRING.sub("", matchers)))
        return found


def asked(root: Path) -> list[Asked]:
    """Every expression of every rule and panel below the top of a checkout."""
    return [*_rules(root), *_panels(root)]


def _rules(root: Path) -> Iterator[Asked]:
    for path in sorted((root / RULES).glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                kind = "alert" if "alert" in rule else "record"
                yield Asked(kind, str(rule[kind]), str(rule["expr"]))


def _panels(root: Path) -> Iterator[Asked]:
    for path in sorted((root / DASHBOARDS).glob("*.json")):
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for panel in content["panels"]:
            unit = panel.get("fieldConfig", {}).get("defaults", {}).get("unit")
            for target in panel.get("targets", ()):
                yield Asked("panel", f"{path.stem}: {panel['title']}", str(target["expr"]), unit)


def _durationless(expression: str) -> str:
    return re.sub(r"\[[^\]]*\]", " ", expression)
