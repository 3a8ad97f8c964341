"""The tree of quotas: every node holds a minimum and a maximum for the candidates that match it (P-02, S-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.kernel.refusals import Conflict, Finding, RuleViolated

DIMENSIONS = frozenset(
    {"area", "unit_class", "unit_category", "specialty_group", "specialty", "study_direction", "destination"}
)
ROOT = "session"


@dataclass(frozen=True, slots=True)
class QuotaNode:
    """One node below the session.

    Attributes:
        parent: code of the node above; None right below the session.
        match: dimension → values; a candidate belongs here when every dimension fits and it belongs to the parent.
    """

    code: str
    parent: str | None
    min: int
    max: int
    match: dict[str, tuple[str, ...]]
    name_zh: str
    name_en: str

    def fits(self, traits: Mapping[str, str]) -> bool:
        """True when a candidate with these traits matches this node, its parents aside."""
        return all(traits.get(dimension) in values for dimension, values in self.match.items())


@dataclass(slots=True)
class Cell:
    """A node while counting: its bounds and its place in the tree (indices, root = 0)."""

    code: str
    min: int
    max: int
    parent: int
    children: list[int] = field(default_factory=list)


class QuotaTree:
    """A laminar family of quotas: two nodes are nested or share nobody.

    Raises:
        RuleViolated: ``quota-tree`` (S-06) with a finding for every node that is wrong.
    """

    def __init__(self, places: int, nodes: Sequence[QuotaNode]) -> None:
        findings = _findings(places, nodes)
        if findings:
            raise RuleViolated("quota-tree", "The quota tree cannot be used as it is.", rule="S-06", findings=findings)
        self.places = places
        self.nodes = tuple(nodes)
        self.cells = [Cell(ROOT, 0, places, -1)]
        self._index = {ROOT: 0}
        for node in _parents_first(nodes):
            self._index[node.code] = len(self.cells)
            parent = self._index[node.parent or ROOT]
            self.cells[parent].children.append(len(self.cells))
            self.cells.append(Cell(node.code, node.min, min(node.max, places), parent))
        self._by_parent: dict[int, list[tuple[int, QuotaNode]]] = {}
        for node in nodes:
            self._by_parent.setdefault(self._index[node.parent or ROOT], []).append((self._index[node.code], node))

    def home(self, traits: Mapping[str, str]) -> int:
        """Index of the deepest cell a candidate belongs to; 0 when only the session holds it."""
        at = 0
        while True:
            below = next((index for index, node in self._by_parent.get(at, ()) if node.fits(traits)), None)
            if below is None:
                return at
            at = below

    def path(self, home: int) -> list[int]:
        """Cell indices from ``home`` up to the session."""
        path = [home]
        while path[-1] != 0:
            path.append(self.cells[path[-1]].parent)
        return path

    def counts(self, homes: Iterable[int]) -> list[int]:
        """How many of ``homes`` lie at or below every cell."""
        totals = [0] * len(self.cells)
        for home in homes:
            totals[home] += 1
        for index in range(len(self.cells) - 1, 0, -1):
            totals[self.cells[index].parent] += totals[index]
        return totals

    def without(self, held: Iterable[str]) -> QuotaTree:
        """The tree with the places taken out that are held at these nodes; codes it does not have count at the session."""
        homes = {cell.code: n for n, cell in enumerate(self.cells)}
        taken = self.counts(homes.get(code, 0) for code in held)
        if not taken[0]:
            return self
        left = {cell.code: count for cell, count in zip(self.cells, taken, strict=True)}
        nodes = [
            replace(node, min=max(0, node.min - left[node.code]), max=max(0, node.max - left[node.code]))
            for node in self.nodes
        ]
        return QuotaTree(max(0, self.places - taken[0]), nodes)

    def keeps_used(self, used: Sequence[int]) -> None:
        """Refuse bounds below what is taken already.

        Raises:
            Conflict: ``quota-below-used`` naming every node that holds more people than its new maximum.
        """
        below = [(c.code, c.max, n) for c, n in zip(self.cells, used, strict=True) if n > c.max]
        if below:
            raise Conflict(
                "quota-below-used",
                "A quota cannot fall below what is already used.",
                rule="P-02",
                nodes=[{"code": code, "max": most, "used": taken} for code, most, taken in below],
            )


def _parents_first(nodes: Sequence[QuotaNode]) -> list[QuotaNode]:
    ordered: list[QuotaNode] = []
    level: set[str | None] = {None}
    while level:
        layer = [node for node in nodes if node.parent in level]
        ordered += layer
        level = {node.code for node in layer}
    return ordered


def _findings(places: int, nodes: Sequence[QuotaNode]) -> list[Finding]:
    findings: list[Finding] = []

    def refuse(code: str, detail: str, place: int) -> None:
        findings.append(Finding(code, detail, f"/quota_nodes/{place}", "S-06"))

    codes = [node.code for node in nodes]
    reachable = {node.code for node in _parents_first(nodes)} if len(set(codes)) == len(codes) else set(codes)
    for n, node in enumerate(nodes):
        if codes.count(node.code) > 1 or node.code == ROOT:
            refuse("quota-node-code", f"The code '{node.code}' is used twice or reserved.", n)
        if node.code not in reachable:
            refuse("quota-node-parent", f"'{node.code}' does not hang below the session.", n)
        if not 0 <= node.min <= node.max:
            refuse("quota-node-bounds", f"'{node.code}' needs 0 ≤ min ≤ max.", n)
        if not node.match or set(node.match) - DIMENSIONS or not all(node.match.values()):
            refuse("quota-node-match", f"'{node.code}' must name values of {sorted(DIMENSIONS)}.", n)
        for other in nodes[:n]:
            if other.parent == node.parent and not _disjoint(node, other):
                refuse("quota-node-overlap", f"'{node.code}' and '{other.code}' could share a candidate.", n)
        limit = places if node.parent is None else next((o.max for o in nodes if o.code == node.parent), places)
        if node.min > limit:
            refuse("quota-node-above-parent", f"'{node.code}' asks for more than its parent may hold ({limit}).", n)
    return findings


def _disjoint(one: QuotaNode, other: QuotaNode) -> bool:
    shared = set(one.match) & set(other.match)
    return any(not set(one.match[dimension]) & set(other.match[dimension]) for dimension in shared)
