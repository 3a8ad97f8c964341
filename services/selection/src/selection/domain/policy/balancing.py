"""What a policy says of balancing beyond the quota tree: quotas that cross it, a cap per unit (S-06, P-05, P-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selection.domain.applying.application import Application
from selection.domain.balancing.tree import DIMENSIONS, ROOT, QuotaNode

CROSSING_DIMENSIONS = DIMENSIONS | {"focus_area", "title_level", "grassroots", "shortage"}
"""What a crossing node may look at; ``grassroots`` and ``shortage`` are ``yes`` or ``no``."""


@dataclass(frozen=True, slots=True)
class CrossingNode:
    """A quota across the tree, in people or in percent of the session's places.

    Attributes:
        session: the one session it counts for; None for all.
        min_percent: rounded up to whole people; ``max_percent``: rounded down.
    """

    code: str
    match: dict[str, tuple[str, ...]]
    min: int
    max: int | None
    min_percent: int
    max_percent: int
    session: str | None
    name_zh: str
    name_en: str

    def node(self, places: int) -> QuotaNode:
        """The quota for so many places."""
        least = max(self.min, -(-places * self.min_percent // 100))
        most = min(places if self.max is None else self.max, places * self.max_percent // 100)
        return QuotaNode(self.code, None, least, most, self.match, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class BalancingRules:
    """Balancing beyond the tree; without it only the tree counts.

    Attributes:
        unit_cap: the most people that one sending unit may have among the selected; None for no cap.
        grassroots_years: years at county level or below from which somebody counts as ``grassroots``.
    """

    nodes: tuple[CrossingNode, ...] = ()
    unit_cap: int | None = None
    grassroots_years: int = 1

    @property
    def crosses(self) -> bool:
        """True when anything but the tree counts."""
        return bool(self.nodes) or self.unit_cap is not None

    def crossing(self, session: str, places: int) -> tuple[QuotaNode, ...]:
        """The crossing quotas of one session."""
        return tuple(each.node(places) for each in self.nodes if each.session in (None, session))

    def traits(self, application: Application, shortage: bool) -> dict[str, str]:
        """Dimension → value of a candidate, for the tree and, where something crosses it, for that."""
        if not self.crosses:
            return application.traits
        return application.traits | {
            "focus_area": application.form.focus_area or "",
            "title_level": application.form.title_level.value,
            "grassroots": "yes" if application.form.grassroots_years >= self.grassroots_years else "no",
            "shortage": "yes" if shortage else "no",
            "unit": application.unit,
        }


def parse_balancing(content: dict[str, Any], refuse: Callable[[str, str], None]) -> BalancingRules:
    """The typed member ``balancing``; contradictions go to ``refuse(pointer, sentence)``."""
    written = content.get("balancing", {})
    nodes = tuple(_node(row, refuse, f"/balancing/nodes/{n}") for n, row in enumerate(written.get("nodes", [])))
    trees = content.get("sessions", [])
    for n, node in enumerate(nodes):
        taken = {ROOT, *(each.code for each in nodes[:n])}
        taken |= {row["code"] for each in (content, *trees) for row in each.get("quota_nodes", [])}
        if node.code in taken:
            refuse(f"/balancing/nodes/{n}/code", f"The code '{node.code}' is used twice or reserved.")
        if node.session is not None and node.session not in {session["code"] for session in trees}:
            refuse(f"/balancing/nodes/{n}/session", f"The policy has no session '{node.session}'.")
    return BalancingRules(nodes, written.get("unit_cap"), written.get("grassroots_years", 1))


def _node(row: dict[str, Any], refuse: Callable[[str, str], None], pointer: str) -> CrossingNode:
    for name in sorted(set(row["match"]) - CROSSING_DIMENSIONS):
        refuse(f"{pointer}/match/{name}", f"A quota may look at {sorted(CROSSING_DIMENSIONS)} only.")
    if not row["match"]:
        refuse(f"{pointer}/match", "A quota names what it counts.")
    node = CrossingNode(
        code=row["code"], match={name: tuple(values) for name, values in row["match"].items()}, min=row.get("min", 0),
        max=row.get("max"), min_percent=row.get("min_percent", 0), max_percent=row.get("max_percent", 100),
        session=row.get("session"), name_zh=row.get("name_zh", row["code"]), name_en=row.get("name_en", row["code"]),
    )  # fmt: skip
    if (node.max is not None and node.min > node.max) or node.min_percent > node.max_percent:
        refuse(pointer, f"'{node.code}' needs min ≤ max.")
    return node
