"""What is balanced: places, a tree of quotas, quotas that cross it, a cap per unit, and the candidates (S-06, P-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from selection.domain.balancing.check import INPUT_FORMAT
from selection.domain.balancing.greedy import Candidate
from selection.domain.balancing.tree import QuotaNode, QuotaTree

UNIT = "unit:"
"""Before the path of a unit, the code of the row that caps it."""


@dataclass(frozen=True)
class Problem:
    """One question to balancing.

    Attributes:
        crossing: nodes that may overlap the tree and each other.
        unit_cap: the most that one sending unit may send, or None; reads the trait ``unit``.
        people: everybody in the balance.
    """

    seed: str
    tree: QuotaTree
    crossing: tuple[QuotaNode, ...]
    unit_cap: int | None
    people: tuple[Candidate, ...]

    @property
    def is_tree(self) -> bool:
        """True when nothing crosses: the greedy method is exact."""
        return not self.crossing and not self.crowded_units

    @cached_property
    def crowded_units(self) -> tuple[str, ...]:
        """Units with more candidates than the cap, sorted."""
        if self.unit_cap is None:
            return ()
        numbers = Counter(each.traits.get("unit", "") for each in self.people)
        return tuple(sorted(unit for unit, n in numbers.items() if unit and n > self.unit_cap))

    @cached_property
    def rows(self) -> list[tuple[str, int, int]]:
        """Code, least and most of the session, the tree's nodes, the crossing nodes and the crowded units."""
        places = self.tree.places
        nodes = [(node.code, node.min, min(node.max, places)) for node in (*self.tree.nodes, *self.crossing)]
        capped = [(UNIT + unit, 0, min(self.unit_cap or 0, places)) for unit in self.crowded_units]
        return [("session", 0, places), *nodes, *capped]

    @cached_property
    def names(self) -> dict[str, tuple[str, str]]:
        """Code of a node → its Chinese and English name."""
        return {node.code: (node.name_zh, node.name_en) for node in (*self.tree.nodes, *self.crossing)}

    @cached_property
    def memberships(self) -> list[tuple[int, ...]]:
        """The rows that hold each candidate."""
        nodes = len(self.tree.nodes)
        place = {"session": 0} | {node.code: n + 1 for n, node in enumerate(self.tree.nodes)}
        seats = {unit: 1 + nodes + len(self.crossing) + n for n, unit in enumerate(self.crowded_units)}
        names = sorted({name for node in (*self.tree.nodes, *self.crossing) for name in node.match})
        known: dict[tuple[str | None, ...], tuple[int, ...]] = {}
        found = []
        for each in self.people:
            traits = each.traits
            key = tuple([traits.get(name) for name in names])
            rows = known.get(key)
            if rows is None:
                path = [place[self.tree.cells[n].code] for n in self.tree.path(self.tree.home(traits))]
                across = [1 + nodes + n for n, node in enumerate(self.crossing) if node.fits(traits)]
                rows = known[key] = (*sorted(path), *across)
            seat = seats.get(traits.get("unit", "")) if seats else None
            found.append(rows if seat is None else (*rows, seat))
        return found

    @cached_property
    def scale(self) -> int:
        """How many units a whole point of score has, so that every score is an integer."""
        digits = {each.score.as_tuple().exponent for each in self.people}
        return int(10 ** max([0, *(-each for each in digits if isinstance(each, int))]))

    def document(self) -> dict[str, Any]:
        """The input as anyone can read, keep and check it; codes only."""
        return {
            "format": INPUT_FORMAT,
            "seed": self.seed,
            "places": self.tree.places,
            "tree": [_written(node) | {"parent": node.parent} for node in self.tree.nodes],
            "crossing": [_written(node) for node in self.crossing],
            "unit_cap": self.unit_cap,
            "candidates": [
                {"id": str(each.participation), "score": str(each.score), "traits": dict(sorted(each.traits.items()))}
                for each in sorted(self.people, key=lambda each: each.participation)
            ],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Problem:
        """The problem of an input document."""
        from uuid import UUID

        tree = QuotaTree(document["places"], [_node(row) for row in document["tree"]])
        people = [Candidate(UUID(row["id"]), Decimal(row["score"]), row["traits"]) for row in document["candidates"]]
        crossing = tuple(_node(row) for row in document["crossing"])
        return cls(document["seed"], tree, crossing, document["unit_cap"], tuple(people))


def broken_rows(
    tree: QuotaTree, crossing: Sequence[QuotaNode], unit_cap: int | None, chosen: Sequence[Mapping[str, str]]
) -> list[tuple[str, int, int, int]]:
    """Quotas that people with these traits do not keep: code, least, most, and how many there would be."""
    rows = [(cell.code, cell.min, cell.max) for cell in tree.cells]
    counts = tree.counts(tree.home(traits) for traits in chosen)
    for node in crossing:
        rows.append((node.code, node.min, min(node.max, tree.places)))
        counts.append(sum(node.fits(traits) for traits in chosen))
    if unit_cap is not None:
        for unit, count in sorted(Counter(traits.get("unit", "") for traits in chosen).items()):
            rows.append((UNIT + unit, 0, unit_cap))
            counts.append(count)
    return [(*row, n) for row, n in zip(rows, counts, strict=True) if not row[1] <= n <= row[2]]


def _written(node: QuotaNode) -> dict[str, Any]:
    match = {name: sorted(values) for name, values in sorted(node.match.items())}
    names = {"name_zh": node.name_zh, "name_en": node.name_en}
    return {"code": node.code, "min": node.min, "max": node.max, "match": match} | names


def _node(row: Mapping[str, Any]) -> QuotaNode:
    match: dict[str, Sequence[str]] = row["match"]
    named = {name: tuple(values) for name, values in match.items()}
    names = (row.get("name_zh", row["code"]), row.get("name_en", row["code"]))
    return QuotaNode(row["code"], row.get("parent"), row["min"], row["max"], named, *names)
