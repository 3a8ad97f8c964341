"""Counting along the paths of a quota tree: what moves, what remains, who binds."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from selection.domain.balancing.tree import QuotaNode, QuotaTree
from selection.domain.quota.counting import (
    NodeCounter,
    SeatMove,
    codes_of,
    counters_of,
    deltas,
    drifts,
    home_code,
    states_of,
)
from selection.domain.quota.seat import Seat, SeatState
from selection.domain.roster.roster import Entry, EntryStanding
from selection.domain.roster.succession import successor
from shared.kernel.refusals import Conflict

CODES = ("session", "a", "a1", "a2", "b")


def tree(places: int = 6, a: int = 4, a1: int = 2) -> QuotaTree:
    def node(code: str, parent: str | None, most: int, dimension: str, value: str) -> QuotaNode:
        return QuotaNode(code, parent, 0, most, {dimension: (value,)}, code, code)

    return QuotaTree(places, [
        node("a", None, a, "area", "1"), node("a1", "a", a1, "specialty", "x"), node("a2", "a", 9, "specialty", "y"),
        node("b", None, 9, "area", "2"),
    ])  # fmt: skip


def a_seat(number: int, node: str, state: SeatState) -> Seat:
    return Seat(
        id=UUID(int=number), state=state, session_id=UUID(int=1), node=node, traits={}, participation=UUID(int=number),
        unit=None, expires_at=None, reason="r", made_by="m",
    )  # fmt: skip


def test_a_move_changes_the_whole_path_and_cancels_what_meets() -> None:
    """One place from a2 to a1: the nodes above stay as they are."""
    assert codes_of(tree(), "a1") == ["a1", "a", "session"]
    assert home_code(tree(), {"area": "1", "specialty": "z"}) == "a"
    assert deltas(tree(), [SeatMove("a2", used=-1), SeatMove("a1", used=1)]) == {
        "a2": (0, -1), "a": (0, 0), "session": (0, 0), "a1": (0, 1),
    }  # fmt: skip


SEATS = some.lists(some.tuples(some.sampled_from(CODES), some.sampled_from(SeatState)), max_size=8)


@given(SEATS)
def test_counters_never_exceed_and_parents_hold_their_children(rows: list[tuple[str, SeatState]]) -> None:
    """Either every node is within its maximum, or the refusal names exactly those that are not."""
    quotas = tree()
    seats = [a_seat(n + 1, *row) for n, row in enumerate(rows)]
    live = [seat for seat in seats if seat.live]
    load = {code: sum(code in codes_of(quotas, seat.node) for seat in live) for code in CODES}
    limits = {cell.code: cell.max for cell in quotas.cells}
    over = {code for code in CODES if load[code] > limits[code]}

    if over:
        with pytest.raises(Conflict) as refused:
            counters_of(quotas, live)
        assert {node["code"] for node in refused.value.values["nodes"]} == over
        return
    counted = counters_of(quotas, live)
    by_code = {each.code: each for each in counted}
    assert all(each.reserved + each.used == load[each.code] for each in counted)
    for each in counted:
        children = [child for child in counted if child.parent == each.code]
        assert sum(child.used for child in children) <= each.used
        assert sum(child.reserved for child in children) <= each.reserved
    for state in states_of(counted):
        path = codes_of(quotas, state.counter.code)
        assert state.remaining == min(by_code[code].free for code in path)
        assert (state.bound_by is None) == (state.remaining > 0)
    assert drifts(counted, counted, [each.used for each in counted]) == []


def test_drift_names_the_node_and_the_three_counts() -> None:
    """A counter that somebody moved by hand is found."""
    right = counters_of(tree(), [a_seat(1, "b", SeatState.USED)])
    wrong = [NodeCounter(c.code, c.parent, c.min, c.max, c.reserved, c.used + (c.code == "b")) for c in right]

    (found,) = drifts(wrong, right, [1, 0, 1, 0, 0])

    assert (found.node, found.used, found.seats_used, found.roster_used) == ("b", 2, 1, 1)


def test_the_reserve_steps_over_a_node_whose_last_place_is_reserved() -> None:
    """A promotion leaves reservations alone."""
    quotas = tree(a1=1)

    def entry(number: int, specialty: str) -> Entry:
        traits = {"area": "1", "specialty": specialty}
        return Entry(UUID(int=number), EntryStanding.RESERVE, number, Decimal(1), None, "u", "senior", traits)

    waiting = [entry(1, "x"), entry(2, "y")]
    reserved = [each.reserved for each in counters_of(quotas, [a_seat(9, "a1", SeatState.RESERVED)])]

    assert successor(quotas, [], waiting) == waiting[0]
    assert successor(quotas, [], waiting, reserved) == waiting[1]
