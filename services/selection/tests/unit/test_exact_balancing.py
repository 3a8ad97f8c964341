"""Balancing under crossing quotas, held against brute force; certificates checked, spoilt ones refused (S-06)."""

from __future__ import annotations

import copy
import itertools
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from selection.domain.balancing.balance import Balance, _by_duals, balance_problem, instance_of
from selection.domain.balancing.check import check_certificate
from selection.domain.balancing.exact.conflict import conflict
from selection.domain.balancing.greedy import Candidate, merit_order
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.tree import QuotaNode, QuotaTree
from shared.kernel.refusals import RuleViolated


def node(code: str, low: int, high: int, parent: str | None = None, **match: str) -> QuotaNode:
    return QuotaNode(code, parent, low, high, {name: (value,) for name, value in match.items()}, code, code)


def a_problem(seed: int, *, crossing: bool) -> Problem:
    """A small tree, up to nine people with few distinct scores, and, if wanted, nodes across the tree and a cap."""
    draw = random.Random(seed)
    places, nodes = draw.randint(1, 6), []
    for area in "abc"[: draw.randint(0, 3)]:
        low, more = draw.choice([0, 0, 1, 2]), draw.randint(0, 3)
        nodes.append(node(area, min(low, places), low + more, area=area))
        for group in "xy"[: draw.randint(0, 2)]:
            least = min(draw.choice([0, 0, 1]), low + more)
            nodes.append(node(area + group, least, least + draw.randint(0, 2), area, specialty_group=group))
    people = tuple(
        Candidate(
            UUID(int=n + 1), Decimal(draw.randint(2, 8)) / 2,
            {"area": draw.choice("abc"), "specialty_group": draw.choice("xy"), "grassroots": draw.choice(["yes", "no"]),
             "unit": draw.choice("uvw")},
        )
        for n in range(draw.randint(1, 9))
    )  # fmt: skip
    across = []
    for code, name, value in (("x", "specialty_group", "x"), ("grass", "grassroots", "yes"), ("b2", "area", "b")):
        least = draw.choice([0, 0, 1, 2])
        if draw.random() < 0.7:
            across.append(node(code, least, least + draw.randint(0, 3), **{name: value}))
    cap = draw.choice([None, 1, 2])
    return Problem(
        "seed", QuotaTree(places, nodes), tuple(across) if crossing else (), cap if crossing else None, people
    )


def by_brute_force(problem: Problem) -> tuple[UUID, ...] | None:
    """Over every subset: most places, highest total, first in order of merit; None when no subset keeps the quotas."""
    ranked = merit_order(problem.people, problem.seed)
    rows = {each.participation: rows for each, rows in zip(problem.people, problem.memberships, strict=True)}
    best: tuple[Any, tuple[UUID, ...]] | None = None
    for kept in itertools.product([1, 0], repeat=len(ranked)):
        chosen = [each for each, bit in zip(ranked, kept, strict=True) if bit]
        counts = [0] * len(problem.rows)
        for each in chosen:
            for row in rows[each.participation]:
                counts[row] += 1
        if all(low <= count <= high for (_, low, high), count in zip(problem.rows, counts, strict=True)):
            key = (len(chosen), sum(each.score for each in chosen), kept)
            if best is None or key > best[0]:
                best = (key, tuple(each.participation for each in chosen))
    return None if best is None else best[1]


def answered(problem: Problem) -> Balance | None:
    try:
        return balance_problem(problem)
    except RuleViolated:
        return None


def wrong(problem: Problem, answer: Balance) -> list[str]:
    return check_certificate(problem.document(), answer.document())


@pytest.mark.parametrize("block", range(4))
def test_crossing_quotas_give_the_one_best_answer(block: int) -> None:
    """Same set as brute force, ties included; the certificate proves it; nothing found where brute force finds nothing."""
    for seed in range(block * 120, block * 120 + 120):
        problem = a_problem(seed, crossing=True)

        answer, best = answered(problem), by_brute_force(problem)

        assert (answer.selected if answer else None) == best, seed
        assert answer is None or (answer.proved and not wrong(problem, answer)), seed


@pytest.mark.parametrize("block", range(4))
def test_greedy_and_duals_agree_on_trees(block: int) -> None:
    """Two methods, two certificates, one answer: that of brute force."""
    for seed in range(10_000 + block * 100, 10_100 + block * 100):
        problem = a_problem(seed, crossing=False)

        answer = answered(problem)

        assert (answer.selected if answer else None) == by_brute_force(problem), seed
        if answer is not None:
            general = _by_duals(problem)
            assert general.selected == answer.selected
            assert not wrong(problem, answer)
            assert not wrong(problem, general)


def test_the_order_of_the_input_changes_nothing() -> None:
    """Deterministic, whatever order people, and only people, come in."""
    for seed in range(20_000, 20_080):
        problem = a_problem(seed, crossing=True)
        people = list(problem.people)
        random.Random(seed).shuffle(people)

        first, second = answered(problem), answered(replace(problem, people=tuple(people)))

        assert (first and first.selected) == (second and second.selected)


def crossing_problem(count: int = 60, places: int = 20) -> Problem:
    """Areas as a tree; sectors, grassroots and a cap across it; scores with many ties."""
    people = tuple(
        Candidate(
            UUID(int=n + 1), Decimal(60 + n * 7919 % 23),
            {"area": "abcd"[n % 4], "specialty_group": "xyz"[n * 31 % 3], "grassroots": "yes" if n % 5 == 0 else "no",
             "unit": f"u{n % 11}"},
        )
        for n in range(count)
    )  # fmt: skip
    tree = QuotaTree(places, [node(area, 3, 7, area=area) for area in "abcd"])
    across = (
        node("x", 5, 8, specialty_group="x"),
        node("y", 5, 8, specialty_group="y"),
        node("grass", 6, 20, grassroots="yes"),
    )
    return Problem("2024", tree, across, 3, people)


def test_ties_fall_to_the_seed() -> None:
    """Another seed may choose others of equal score, never another total."""
    answers = {balance_problem(replace(crossing_problem(), seed=str(n))).selected for n in range(6)}
    totals = {balance_problem(replace(crossing_problem(), seed=str(n))).total for n in range(6)}

    assert len(answers) > 1
    assert len(totals) == 1


def spoilt(document: dict[str, Any], problem: Problem) -> list[dict[str, Any]]:
    """Answers that are not right, each in its own way."""
    answers = []
    chosen, out = (
        set(document["selected"]),
        [p for p in problem.people if str(p.participation) not in document["selected"]],
    )
    for member, other in (("selected", document["selected"][:-1]), ("total", "1"), ("places", 3)):
        answers.append(copy.deepcopy(document) | {member: other})
    alike = {
        str(p.participation): (p.traits["area"], p.traits["specialty_group"], p.traits["grassroots"])
        for p in problem.people
    }
    swap = next(
        (a, str(b.participation)) for a in sorted(chosen) for b in out if alike[a] == alike[str(b.participation)]
    )
    answers.append(
        copy.deepcopy(document) | {"selected": [swap[1] if id == swap[0] else id for id in document["selected"]]}
    )
    duals = copy.deepcopy(document)
    duals["certificate"]["score"]["duals"] = {}
    tree = copy.deepcopy(document)
    tree["certificate"]["score"]["tree"] = {"duals": {}, "score": 0}
    ties = copy.deepcopy(document)
    ties["certificate"]["ties"]["trees"] = []
    negative = copy.deepcopy(document)
    negative["certificate"]["score"]["tree"] = {"duals": {"0": -(10**9)}, "score": -1}
    return [*answers, duals, tree, ties, negative, {"format": "else"}]


def test_a_spoilt_certificate_is_refused() -> None:
    """Every change of answer, duals, tree or ties is found by the checker, which uses no solver."""
    problem = crossing_problem()
    document = balance_problem(problem).document()
    assert check_certificate(problem.document(), document) == []

    for n, other in enumerate(spoilt(document, problem)):
        assert check_certificate(problem.document(), other), n
    raised = problem.document()
    raised["candidates"][-1]["score"] = "99"
    assert check_certificate(raised, document)


def test_an_answer_that_is_good_but_not_best_has_no_certificate() -> None:
    """A feasible choice of a lower total cannot be proved by the right one's certificate."""
    problem = crossing_problem()
    best = balance_problem(problem)
    worse = balance_problem(replace(problem, seed="other"))
    assert worse.total == best.total
    assert worse.selected != best.selected

    assert wrong(problem, worse)


def test_contradicting_demands_are_named_and_each_is_needed() -> None:
    """S-06: leave out any one of the named demands and the others can be kept."""
    people = crossing_problem().people
    tree = QuotaTree(10, [node("a", 4, 6, area="a"), node("b", 4, 6, area="b")])
    across = (
        node("few-x", 0, 1, specialty_group="x"),
        node("few-y", 0, 2, specialty_group="y"),
        node("few-z", 0, 3, specialty_group="z"),
    )
    problem = Problem("s", tree, across, None, people)

    with pytest.raises(RuleViolated) as refused:
        balance_problem(problem)

    assert {finding.values["node"] for finding in refused.value.findings} == {"a", "b", "few-x", "few-y", "few-z"}
    assert {finding.code for finding in refused.value.findings} == {"quota-node-conflict"}


def test_conflicts_are_smallest_on_random_instances() -> None:
    """The deletion filter leaves nothing that is not needed."""
    met = 0
    for seed in range(30_000, 30_090):
        problem = a_problem(seed, crossing=True)
        if answered(problem) is not None:
            continue
        met += 1
        sides = conflict(instance_of(problem), problem.tree.places)
        assert 1 <= len(sides) <= 6
        assert any(is_minimum for _, is_minimum in sides)
    assert met > 10


def test_thousands_of_candidates_are_proved_without_gap() -> None:
    """Area × sector × grassroots with ties: the answer keeps every quota and its certificate holds."""
    problem = crossing_problem(3000, 400)
    tree = QuotaTree(400, [node(area, 80, 130, area=area) for area in "abcd"])
    across = (node("x", 100, 120, specialty_group="x"), node("grass", 120, 400, grassroots="yes"))
    problem = replace(problem, tree=tree, crossing=across, unit_cap=None)

    answer = balance_problem(problem)

    assert (answer.method, answer.proved, len(answer.selected)) == ("duals", True, 400)
    assert not wrong(problem, answer)
