"""Counts that are published lead nobody to a small one, whatever is subtracted (domain.md 7.3)."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selection.domain.people.composition import compose
from selection.domain.people.suppression import published_cells, published_share
from selection.domain.policy.rights import Composition, CompositionCode

K = 3


def _tables(cells: int, total: int) -> list[tuple[int, ...]]:
    return [row for row in itertools.product(range(total + 1), repeat=cells) if sum(row) == total]


@pytest.mark.parametrize(("cells", "most"), [(2, 24), (3, 20), (4, 15)])
def test_behind_every_hidden_cell_are_several_numbers(cells: int, most: int) -> None:
    """Every possible table: a reader who knows the rule, the total and everything published pins down no hidden cell,
    and cannot even tell a hidden cell that is small from one that is not, or rule out that it is empty.
    """
    names = [str(n) for n in range(cells)]
    for total in range(most + 1):
        worlds: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
        for row in _tables(cells, total):
            shown = published_cells(dict(zip(names, row, strict=True)), K)
            worlds[tuple(shown.values())].append(row)
        for shown_row, rows in worlds.items():
            for n, value in enumerate(shown_row):
                behind = {row[n] for row in rows}
                if value is not None:
                    assert behind == {value}
                    assert value >= K
                    assert total - value >= K
                elif total >= 2 * K:
                    assert len(behind) >= K, (total, shown_row, n, behind)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8), st.integers(1, 12))
def test_what_is_left_by_subtraction_is_never_small(counts: list[int], k: int) -> None:
    """Visible cells hold at least k, the hidden ones together at least 2k or everybody."""
    table = {str(n): count for n, count in enumerate(counts)}

    shown = published_cells(table, k)

    rest = sum(table[cell] for cell, count in shown.items() if count is None)
    assert all(count is None or count == table[cell] >= k for cell, count in shown.items())
    assert rest >= 2 * k or None not in shown.values() or rest == sum(counts)


def test_a_homogeneous_group_is_not_published() -> None:
    """If everybody is in one cell, that cell would say what each of them declared."""
    assert published_cells({"a": 40}, 10) == {"a": None}
    assert published_cells({"a": 40, "b": 0}, 10) == {"a": None, "b": None}


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ({"x": 3, "y": 60, "z": 120, "han": 57}, Decimal("76.3")),
        ({"x": 3, "y": 60, "z": 120, "han": 4}, None),
        ({"x": 0, "y": 0, "z": 100, "han": 50}, Decimal("66.7")),
        ({"x": 0, "y": 0, "z": 9, "han": 9}, None),
        ({"x": 0, "y": 0, "z": 0, "han": 0}, None),
    ],
)
def test_the_share_is_computed_from_what_is_visible(counts: dict[str, int], share: Decimal | None) -> None:
    """Nothing is told by the share that the published cells do not tell."""
    cells = published_cells(counts, 10)

    assert published_share(cells, {"x", "y", "z"}, sum(counts.values())) == share


def test_a_composition_tells_share_and_visible_cells() -> None:
    """180 people, 170 of whom volunteered it: the last cell and the share are told, the head is not."""
    cells = [CompositionCode(code, code, code, counts=code != "HA") for code in ("MB", "LB", "other", "ZA", "HA")]
    values = ["MB"] * 2 + ["LB"] + ["other"] * 6 + ["ZA"] * 110 + ["HA"] * 51 + ["unknown code"]

    told = compose(
        UUID(int=1), UUID(int=2), "batch-4", Composition("S-09", 51, 10, tuple(cells)), values, 180,
        datetime(2024, 8, 1, tzinfo=UTC),
    )  # fmt: skip

    assert (told.population, told.declared, told.share) == (180, 170, Decimal("70.0"))
    assert [(cell.code, cell.count) for cell in told.cells] == [
        ("MB", None), ("LB", None), ("other", None), ("ZA", None), ("HA", 51),
    ]  # fmt: skip
