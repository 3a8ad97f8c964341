"""The exact balance under a quota tree (S-06), held against brute force on thousands of small instances."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selection.domain.balancing.explain import Standing, explain
from selection.domain.balancing.greedy import Candidate, choose, lot, merit_order
from selection.domain.balancing.tree import QuotaNode, QuotaTree
from shared.kernel.refusals import Conflict, RuleViolated

AREAS, GROUPS = ("a", "b", "c"), ("x", "y")


def node(code: str, low: int, high: int, parent: str | None = None, **match: Any) -> QuotaNode:
    return QuotaNode(code, parent, low, high, {name: tuple(values) for name, values in match.items()}, code, code)


def candidate(number: int, score: int, area: str, group: str = "x") -> Candidate:
    return Candidate(UUID(int=number + 1), Decimal(score), {"area": area, "specialty_group": group})


@st.composite
def instances(draw: st.DrawFn) -> tuple[QuotaTree, list[Candidate]]:
    """A tree of two levels with bounds and up to nine candidates with few distinct scores, so that ties are common."""
    places = draw(st.integers(1, 6))
    nodes = []
    for area in AREAS[: draw(st.integers(0, 3))]:
        low = draw(st.integers(0, 2))
        nodes.append(node(area, min(low, places), low + draw(st.integers(0, 3)), area=[area]))
        for group in GROUPS[: draw(st.integers(0, 2))]:
            inner = draw(st.integers(0, 1))
            inner = min(inner, nodes[-1].max if nodes[-1].parent is None else inner)
            code, upper = f"{area}-{group}", inner + draw(st.integers(0, 2))
            high = next(n.max for n in nodes if n.code == area)
            nodes.append(node(code, min(inner, high), upper, area, specialty_group=[group]))
    people = [
        candidate(n, draw(st.integers(1, 4)), draw(st.sampled_from(AREAS)), draw(st.sampled_from(GROUPS)))
        for n in range(draw(st.integers(1, 9)))
    ]
    return QuotaTree(places, nodes), people


def feasible(tree: QuotaTree, chosen: Sequence[Candidate]) -> bool:
    counts = tree.counts(tree.home(each.traits) for each in chosen)
    return all(cell.min <= count <= cell.max for cell, count in zip(tree.cells, counts, strict=True))


def best_by_brute_force(tree: QuotaTree, people: Sequence[Candidate]) -> tuple[int, Decimal] | None:
    """Most places, then highest total, over every subset; None when no subset is feasible."""
    answers = [
        (size, sum((each.score for each in chosen), Decimal(0)))
        for size in range(len(people) + 1)
        for chosen in itertools.combinations(people, size)
        if feasible(tree, chosen)
    ]
    return max(answers, default=None)


@settings(max_examples=1500, deadline=None)
@given(instances())
def test_greedy_is_as_good_as_brute_force(instance: tuple[QuotaTree, list[Candidate]]) -> None:
    """Exact optimum; infeasible exactly when brute force finds nothing."""
    tree, people = instance
    best = best_by_brute_force(tree, people)

    try:
        choice = choose(tree, people, "seed")
    except RuleViolated:
        choice = None
    if choice is None or best is None:
        assert choice is None
        assert best is None
        return

    chosen = [each for each, kept in zip(choice.ranked, choice.chosen, strict=True) if kept]
    assert feasible(tree, chosen)
    assert (len(chosen), sum((each.score for each in chosen), Decimal(0))) == best


@settings(max_examples=500, deadline=None)
@given(instances(), st.randoms())
def test_the_order_of_the_input_changes_nothing(instance: Any, random: Any) -> None:
    """Deterministic: same people, policy and seed, same answer."""
    tree, people = instance
    shuffled = list(people)
    random.shuffle(shuffled)

    try:
        first = choose(tree, people, "s")
    except RuleViolated:
        with pytest.raises(RuleViolated):
            choose(tree, shuffled, "s")
        return

    assert choose(tree, shuffled, "s") == first


@settings(max_examples=500, deadline=None)
@given(instances())
def test_every_explanation_is_true(instance: Any) -> None:
    """The binding node is full and holds the candidate; the named swap is feasible and gains nothing."""
    tree, people = instance
    try:
        choice = choose(tree, people, "s")
    except RuleViolated:
        return
    by_id = {each.participation: each for each in people}
    chosen = [each for each, kept in zip(choice.ranked, choice.chosen, strict=True) if kept]
    counts = dict(zip((cell.code for cell in tree.cells), choice.counts, strict=True))

    lines = explain(tree, choice, 2)

    assert [line.standing for line in lines] == sorted((line.standing for line in lines), key=list(Standing).index)
    for line in lines:
        if line.standing is Standing.SELECTED:
            assert line.binding_node is None
            continue
        path = [tree.cells[index].code for index in tree.path(tree.home(by_id[line.application].traits))]
        assert line.binding_node in path
        full = next(cell for cell in tree.cells if cell.code == line.binding_node)
        assert counts[full.code] == full.max or full.code == "session"
        if line.swap_with is not None:
            swapped = [each for each in chosen if each.participation != line.swap_with] + [by_id[line.application]]
            assert feasible(tree, swapped)
            assert line.margin_score is not None
            assert line.margin_score >= line.score


def test_ties_are_broken_by_the_published_lot() -> None:
    """Anyone can repeat it from the seed."""
    people = [candidate(n, 80, "a") for n in range(20)]

    ordered = merit_order(people, "2024")

    assert [each.participation for each in ordered] == sorted(
        (each.participation for each in people), key=lambda id: lot("2024", id)
    )
    assert ordered != merit_order(people, "2025")


def test_a_minimum_keeps_a_place_against_a_better_score() -> None:
    """The explanation names the node on both sides."""
    tree = QuotaTree(2, [node("ngari", 1, 2, area=["a"])])
    people = [candidate(0, 90, "b"), candidate(1, 80, "b"), candidate(2, 50, "a")]

    lines = {line.application: line for line in explain(tree, choose(tree, people, "s"), 5)}

    weak, out = lines[people[2].participation], lines[people[1].participation]
    assert (weak.standing, weak.minimum_node) == (Standing.SELECTED, "ngari")
    assert (out.standing, out.binding_node, out.margin_score) == (Standing.RESERVE, "session", Decimal(90))


def test_infeasible_minima_name_their_nodes() -> None:
    """S-06: too few candidates, and minima that exceed the places."""
    few = QuotaTree(5, [node("a", 3, 4, area=["a"])])
    with pytest.raises(RuleViolated) as lacking:
        choose(few, [candidate(0, 80, "a")], "s")

    many = QuotaTree(3, [node("a", 2, 3, area=["a"]), node("b", 2, 3, area=["b"])])
    with pytest.raises(RuleViolated) as crowded:
        choose(many, [candidate(n, 80, "ab"[n % 2]) for n in range(6)], "s")

    assert [finding.values["node"] for finding in lacking.value.findings] == ["a"]
    assert [finding.values["node"] for finding in crowded.value.findings] == ["session"]
    assert "a, b ask for 4" in crowded.value.findings[0].detail


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        ([node("a", 0, 1, area=["a"]), node("b", 0, 1, specialty_group=["x"])], "quota-node-overlap"),
        ([node("a", 2, 1, area=["a"])], "quota-node-bounds"),
        ([node("a", 0, 1, area=["a"]), node("a", 0, 1, area=["b"])], "quota-node-code"),
        ([node("a", 0, 1, "b", area=["a"]), node("b", 0, 1, "a", area=["b"])], "quota-node-parent"),
        ([node("a", 0, 1, colour=["a"])], "quota-node-match"),
        ([node("a", 9, 9, area=["a"])], "quota-node-above-parent"),
        ([node("a", 0, 2, area=["a"]), node("x", 3, 3, "a", specialty_group=["x"])], "quota-node-above-parent"),
    ],
)
def test_what_is_no_tree_is_refused(nodes: list[QuotaNode], code: str) -> None:
    """A laminar family: nested or disjoint, never overlapping."""
    with pytest.raises(RuleViolated) as refused:
        QuotaTree(5, nodes)

    assert code in {finding.code for finding in refused.value.findings}


def test_quotas_below_what_is_used_are_refused() -> None:
    """P-02."""
    tree = QuotaTree(3, [node("a", 0, 1, area=["a"])])
    with pytest.raises(Conflict) as refused:
        tree.keeps_used(tree.counts([1, 1]))

    assert refused.value.values["nodes"] == [{"code": "a", "max": 1, "used": 2}]


def test_nine_hundred_candidates_are_balanced_within_a_second(kit: Any) -> None:
    """Target of domain.md 5, on the tree of the 2024 session."""
    import time

    from selection.domain.policy.quota import parse_nodes

    tree = QuotaTree(180, parse_nodes(kit.content("batch-4")["sessions"][0]["quota_nodes"]))
    areas = ("5401", "5402", "5403", "5404", "5405", "5406", "5425", "5400")
    groups = ("health", "education", "agriculture", "culture")
    people = [
        Candidate(
            UUID(int=n + 1), Decimal(n * 7919 % 6000) / 100, {"area": areas[n % 8], "specialty_group": groups[n % 4]}
        )
        for n in range(900)
    ]

    began = time.perf_counter()
    lines = explain(tree, choose(tree, people, "2024"), 60)

    assert sum(line.standing is Standing.SELECTED for line in lines) == 180
    assert time.perf_counter() - began < 1
