"""Small cells: what is hidden cannot be computed back, judged by an independent linear program."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.statistics.suppression import ALL, Cell, Equation, K, Withheld, bounds, equations, hidden_cells


def a_table(inner: dict[Cell, int], tree: Mapping[str, tuple[str, ...]], columns: tuple[str, ...]) -> dict[Cell, int]:
    """All cells of a table with its totals."""
    values = dict(inner)
    for session in {row for row, _ in inner}:
        values[session, ALL] = sum(inner[session, column] for column in columns)
    for batch in [row for row in tree if row != ALL]:
        for column in (*columns, ALL):
            values[batch, column] = sum(values[session, column] for session in tree[batch])
    for column in (*columns, ALL):
        values[ALL, column] = sum(values[batch, column] for batch in tree[ALL])
    return values


def recoverable(known: list[Equation], hidden: set[Cell]) -> set[Cell]:
    """The hidden cells that the equations alone determine: those on which every solution agrees."""
    names = sorted(hidden)
    if not names:
        return set()
    matrix = np.zeros((len(known), len(names)))
    for n, one in enumerate(known):
        for cell in one.parts:
            if cell in hidden:
                matrix[n, names.index(cell)] += 1
        if one.total in hidden:
            matrix[n, names.index(one.total)] -= 1
    _, sizes, rows = np.linalg.svd(matrix)
    free = rows[int((sizes > 1e-9).sum()) :]
    return {name for n, name in enumerate(names) if not len(free) or np.abs(free[:, n]).max() < 1e-9}


sizes = st.one_of(st.integers(0, 4), st.integers(5, 30), st.integers(60, 400))


@given(st.lists(sizes, min_size=1, max_size=8))
def test_a_list_with_its_total_gives_nobody_away(numbers: list[int]) -> None:
    """One dimension: no hidden small cell is determined, and each could be at least nine more than it could least be."""
    columns = tuple(f"c{n}" for n in range(len(numbers)))
    tree = {ALL: ("b",), "b": ("b/s",)}
    values = a_table({("b/s", column): number for column, number in zip(columns, numbers, strict=True)}, tree, columns)

    judge(values, tree, columns)


@given(st.lists(sizes, min_size=9, max_size=9))
def test_sessions_batches_and_columns_together_give_nobody_away(numbers: list[int]) -> None:
    """Two dimensions in a tree: subtracting sessions from a batch, or columns from a total, finds nobody."""
    columns = ("x", "y", "z")
    tree = {ALL: ("p", "q"), "p": ("p/1", "p/2"), "q": ("q/1",)}
    rows = ("p/1", "p/2", "q/1")
    inner = {(row, column): numbers[3 * n + m] for n, row in enumerate(rows) for m, column in enumerate(columns)}

    judge(a_table(inner, tree, columns), tree, columns)


def judge(values: dict[Cell, int], tree: Mapping[str, tuple[str, ...]], columns: tuple[str, ...]) -> None:
    """Totals first, as the route does it; then the whole table. Withholding everything is always safe."""
    totals = {cell: value for cell, value in values.items() if cell[1] == ALL}
    try:
        first = hidden_cells(totals, equations(tree, ()))
    except Withheld:
        first = set(totals)
    fixed = {cell: cell in first for cell in totals}
    known = equations(tree, columns)
    try:
        hidden = hidden_cells(values, known, fixed=fixed)
    except Withheld:
        return

    small = {cell for cell, value in values.items() if 0 < value < K}
    assert small <= hidden
    assert not recoverable(known, hidden) & small
    assert {cell for cell in totals if cell in hidden} == first
    for cell in small:
        low, high = bounds(values, known, hidden, cell)
        assert high - low >= K - 1 - 1e-6
        assert low - 1e-6 <= values[cell] <= high + 1e-6


def test_zero_is_not_small() -> None:
    """Nobody is nobody: zeros are shown, and a table of large numbers is shown whole."""
    tree = {ALL: ("b",), "b": ("b/s",)}
    values = a_table({("b/s", "x"): 0, ("b/s", "y"): 50}, tree, ("x", "y"))

    assert hidden_cells(values, equations(tree, ("x", "y"))) == set()


def test_one_small_cell_takes_another_with_it() -> None:
    """3 of 103 cannot be hidden alone: the smallest other cell is hidden too."""
    tree = {ALL: ("b",), "b": ("b/s",)}
    values = a_table({("b/s", "x"): 3, ("b/s", "y"): 40, ("b/s", "z"): 60}, tree, ("x", "y", "z"))

    hidden = hidden_cells(values, equations(tree, ("x", "y", "z")))

    assert {column for row, column in hidden if row == "b/s"} == {"x", "y"}


def test_what_cannot_be_protected_is_withheld() -> None:
    """Twelve persons in twelve cells of one each: the total would give all of them away."""
    columns = tuple(f"c{n}" for n in range(12))
    tree = {ALL: ("b",), "b": ("b/s",)}
    values = a_table({("b/s", column): 1 for column in columns}, tree, columns)
    fixed = {cell: False for cell in values if cell[1] == ALL}

    with pytest.raises(Withheld):
        hidden_cells(values, equations(tree, columns), fixed=fixed)
