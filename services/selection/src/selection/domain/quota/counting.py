"""Counters of quota nodes: what a change of seats means along the paths, what is left, which node binds (P-02, S-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selection.domain.balancing.tree import QuotaTree
from selection.domain.quota.seat import Seat, SeatState
from shared.kernel.refusals import Conflict


@dataclass(frozen=True, slots=True)
class NodeCounter:
    """One materialised node: ``reserved + used`` never exceeds ``max``.

    Attributes:
        parent: code of the node above; None for the session itself.
    """

    code: str
    parent: str | None
    min: int
    max: int
    reserved: int
    used: int

    @property
    def free(self) -> int:
        """Places left at this node alone, the nodes above aside."""
        return self.max - self.reserved - self.used


@dataclass(frozen=True, slots=True)
class SeatMove:
    """A change at the node that holds a seat; the nodes above follow."""

    node: str
    reserved: int = 0
    used: int = 0


@dataclass(frozen=True, slots=True)
class NodeState:
    """A node as a reader needs it.

    Attributes:
        remaining: places that can still be taken here, the nodes above included.
        bound_by: the deepest full node at or above this one, None while something remains.
        missing: people still needed to reach ``min``.
    """

    counter: NodeCounter
    remaining: int
    bound_by: str | None
    missing: int


@dataclass(frozen=True, slots=True)
class Drift:
    """A node whose counters are not what the seats or the roster say; there must be none."""

    node: str
    reserved: int
    used: int
    seats_reserved: int
    seats_used: int
    roster_used: int | None


def codes_of(tree: QuotaTree, node: str) -> list[str]:
    """The codes from the node up to the session. Raises ``KeyError`` for a code that the tree does not have."""
    index = {cell.code: n for n, cell in enumerate(tree.cells)}
    return [tree.cells[n].code for n in tree.path(index[node])]


def home_code(tree: QuotaTree, traits: Mapping[str, str]) -> str:
    """Code of the deepest node that holds a person with these traits."""
    return tree.cells[tree.home(traits)].code


def deltas(tree: QuotaTree, moves: Iterable[SeatMove]) -> dict[str, tuple[int, int]]:
    """Net change (reserved, used) of every node that the moves touch, the session always among them."""
    net: dict[str, tuple[int, int]] = {}
    for move in moves:
        for code in codes_of(tree, move.node):
            reserved, used = net.get(code, (0, 0))
            net[code] = (reserved + move.reserved, used + move.used)
    return net


def counters_of(tree: QuotaTree, seats: Sequence[Seat]) -> list[NodeCounter]:
    """The counters that these seats make, parents first.

    Raises:
        Conflict: ``quota-below-used`` (P-02) naming every node that would hold more than its maximum.
    """
    index = {cell.code: n for n, cell in enumerate(tree.cells)}
    reserved = tree.counts(index[seat.node] for seat in seats if seat.state is SeatState.RESERVED)
    used = tree.counts(index[seat.node] for seat in seats if seat.state is SeatState.USED)
    tree.keeps_used([r + u for r, u in zip(reserved, used, strict=True)])
    return [
        NodeCounter(cell.code, tree.cells[cell.parent].code if cell.parent >= 0 else None, cell.min, cell.max, r, u)
        for cell, r, u in zip(tree.cells, reserved, used, strict=True)
    ]


def states_of(counters: Sequence[NodeCounter]) -> list[NodeState]:
    """What is left at every node, parents first as given."""
    found: dict[str, NodeState] = {}
    for counter in counters:
        above = found.get(counter.parent or "")
        remaining = counter.free if above is None else min(counter.free, above.remaining)
        bound = counter.code if counter.free <= 0 else above.bound_by if above else None
        found[counter.code] = NodeState(counter, remaining, bound, max(0, counter.min - counter.used))
    return list(found.values())


def drifts(
    counters: Sequence[NodeCounter], by_seats: Sequence[NodeCounter], by_roster: Sequence[int] | None
) -> list[Drift]:
    """Every node whose counters differ from a recount; ``by_roster`` only where a roster is in force."""
    counted = {each.code: each for each in by_seats}
    held = dict(zip([each.code for each in by_seats], by_roster, strict=True)) if by_roster is not None else {}
    result = []
    for each in counters:
        other, places = counted[each.code], held.get(each.code)
        same = (each.reserved, each.used) == (other.reserved, other.used) and places in (None, each.used)
        if not same:
            result.append(Drift(each.code, each.reserved, each.used, other.reserved, other.used, places))
    return result


def full(short: Sequence[NodeCounter]) -> Conflict:
    """The refusal when a path has no place left; ``node`` is the deepest node that is full (S-06)."""
    return Conflict(
        "quota-full",
        "There is no place left here.",
        rule="S-06",
        node=short[-1].code,
        nodes=[{"code": n.code, "max": n.max, "reserved": n.reserved, "used": n.used} for n in short],
    )
