"""Check a balancing run without any solver: exact integers, the standard library, one file.

Nothing of the program that balances is used here: quotas, cells, lots and bounds are worked out again from the input.
What is checked, and why it proves that the answer is the only right one, is told in ``docs/balancing.md``.
"""

from __future__ import annotations

import hashlib
import hmac
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

INPUT_FORMAT = "balancing-input/1"
ANSWER_FORMAT = "balancing-answer/1"

Bounds = list[tuple[int, int]]
Value = Callable[[int, int], int]


class Wrong(Exception):
    """The first thing that does not hold, as a sentence."""


def check_certificate(given: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """What is wrong with ``answer`` as the balancing of ``given``; an empty list means that it is proved right.

    Args:
        given: the input document.
        answer: the answer document with its certificate.
    """
    try:
        _check(given, answer)
    except Wrong as wrong:
        return [str(wrong)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as broken:
        return [f"The documents do not have their form: {type(broken).__name__} {broken}."]
    return []


class _Case:
    """Rows, cells and scores as integers, worked out from the input.

    Attributes:
        cells: per cell its candidates in order of merit, as (score, lot, id).
        cell_rows: per cell the indices of the rows that hold it; 0 is the session.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        _must(given["format"] == INPUT_FORMAT, "The input has another format.")
        self.places: int = given["places"]
        people = [(Decimal(row["score"]), row["id"], row["traits"]) for row in given["candidates"]]
        _must(len({id for _, id, _ in people}) == len(people), "A candidate is there twice.")
        exponents = [score.as_tuple().exponent for score, _, _ in people]
        self.scale = 10 ** max([0, *(-each for each in exponents if isinstance(each, int))])
        nodes = [*given["tree"], *given["crossing"]]
        parents = {node["code"]: node for node in given["tree"]}
        cap, units = given["unit_cap"], [traits.get("unit") for _, _, traits in people]
        crowded = sorted(unit for unit, n in Counter(units).items() if cap is not None and unit and n > cap)
        self.bounds: Bounds = [(0, self.places), *((node["min"], min(node["max"], self.places)) for node in nodes)]
        self.bounds += [(0, min(cap, self.places)) for _ in crowded]
        seat = {unit: 1 + len(nodes) + n for n, unit in enumerate(crowded)}
        seed = given["seed"].encode()
        cells: dict[tuple[int, ...], list[tuple[int, bytes, str]]] = {}
        known: dict[tuple[tuple[str, str], ...], tuple[int, ...]] = {}
        for score, id, traits in people:
            key = tuple(sorted(traits.items()))
            if key not in known:
                rows = [n + 1 for n, node in enumerate(nodes) if _holds(node, parents, traits)]
                if traits.get("unit") in seat:
                    rows.append(seat[traits["unit"]])
                known[key] = (0, *rows)
            lot = hmac.new(seed, UUID(id).bytes, hashlib.sha256).digest()
            cells.setdefault(known[key], []).append((int(score * self.scale), lot, id))
        self.cell_rows = sorted(cells)
        self.cells = [sorted(cells[rows], key=lambda each: (-each[0], each[1])) for rows in self.cell_rows]

    def counts(self, taken: Sequence[int]) -> list[int]:
        """Chosen per row."""
        totals = [0] * len(self.bounds)
        for rows, count in zip(self.cell_rows, taken, strict=True):
            for row in rows:
                totals[row] += count
        return totals

    def total(self, taken: Sequence[int]) -> int:
        """Score of the leading ``taken`` of every cell."""
        return sum(sum(each[0] for each in cell[:count]) for cell, count in zip(self.cells, taken, strict=True))


def _check(given: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    case, proof = _Case(given), answer["certificate"]
    _must(answer["format"] == ANSWER_FORMAT and proof["denominator"] >= 1, "The answer has another format.")
    taken = _taken(case, answer["selected"])
    filled, best = sum(taken), min(case.places, sum(map(len, case.cells)))
    counts = case.counts(taken)
    for (low, high), count in zip(case.bounds, counts, strict=True):
        _must(low <= count <= high, "The choice breaks a quota.")
    _must(proof["places"]["filled"] == filled == answer["places"], "The number of places is not that of the choice.")
    if filled < best:
        one = _Claim(case, [0] * len(case.cells), [len(cell) for cell in case.cells], case.bounds, _one)
        _must(one.holds(proof["places"]["tree"], filled, proof["denominator"]), "More places might be filled.")
    total = case.total(taken)
    _must(proof["score"]["total"] == total, "The total score is not that of the choice.")
    _must(Decimal(answer["total"]) * case.scale == total, "The total score is not that of the choice.")
    exact = [(filled, filled), *case.bounds[1:]]
    least, most, pressed = _windows(case, exact, proof["score"]["duals"], total, proof["denominator"])
    score = _Claim(case, least, most, exact, lambda cell, at: case.cells[cell][at][0], case.total(least))
    _must(score.holds(proof["score"]["tree"], total, proof["denominator"]), "A better score might be reached.")
    _ties(case, taken, total, (least, most, pressed), proof)


def _taken(case: _Case, selected: Sequence[str]) -> list[int]:
    """Chosen per cell. Raises ``Wrong`` unless the chosen lead their cells in order of merit."""
    chosen = set(selected)
    _must(len(chosen) == len(selected), "Somebody is selected twice.")
    taken = []
    for cell in case.cells:
        count = sum(id in chosen for _, _, id in cell)
        _must(all(id in chosen for _, _, id in cell[:count]), "Somebody worse is selected among equals.")
        taken.append(count)
    _must(sum(taken) == len(selected), "Somebody selected was no candidate.")
    return taken


def _windows(
    case: _Case, bounds: Bounds, written: Mapping[str, int], total: int, denominator: int
) -> tuple[list[int], list[int], Bounds]:
    """Where choices with at least this total can differ: per cell the fewest and most, per row the bounds."""
    duals = {int(row): value for row, value in written.items()}
    bound = sum(value * bounds[row][value > 0] for row, value in duals.items())
    weights = []
    for rows, cell in zip(case.cell_rows, case.cells, strict=True):
        price = sum(duals.get(row, 0) for row in rows)
        weights.append([denominator * score - price for score, _, _ in cell])
        bound += sum(weight for weight in weights[-1] if weight > 0)
    gap = bound - denominator * total
    _must(gap >= 0, "The duals are impossible.")
    low, high = [], []
    for cell_weights in weights:
        margin = sum(weight > 0 for weight in cell_weights)
        least, left = margin, gap
        while least > 0 and cell_weights[least - 1] <= left:
            least, left = least - 1, left - cell_weights[least - 1]
        most, left = margin, gap
        while most < len(cell_weights) and -cell_weights[most] <= left:
            left += cell_weights[most]
            most += 1
        low.append(least)
        high.append(most)
    pressed = list(bounds)
    for row, value in duals.items():
        least, most = bounds[row]
        if value > 0:
            least = max(least, most - gap // value)
        elif value < 0:
            most = min(most, least + gap // -value)
        pressed[row] = (least, most)
    return low, high, pressed


def _ties(
    case: _Case,
    taken: list[int],
    total: int,
    within: tuple[list[int], list[int], Bounds],
    proof: Mapping[str, Any],
) -> None:
    """Among all choices with this total, the answer is the first in order of merit; then it is the only answer."""
    low, high, pressed = within
    _must(all(a <= n <= b for a, n, b in zip(low, taken, high, strict=True)), "The windows miss the choice.")
    size = proof["ties"]["chunk"]
    _must(1 <= size <= 64, "The chunk size is impossible.")
    free = sorted(
        (-case.cells[cell][at][0], case.cells[cell][at][1], cell, at)
        for cell in range(len(case.cells))
        for at in range(low[cell], high[cell])
    )
    trees = list(proof["ties"]["trees"])
    while free := [each for each in free if low[each[2]] <= each[3] < high[each[2]]]:
        _must(bool(trees), "The order among equal choices is not proved.")
        chunk = free[:size]
        worth = {(cell, at): 2 ** (size - 1 - n) for n, (_, _, cell, at) in enumerate(chunk)}
        claim = _Claim(case, low, high, pressed, partial(_worth, worth), need=total)
        value = sum(each for (cell, at), each in worth.items() if at < taken[cell])
        _must(claim.holds(trees.pop(0), value, proof["denominator"]), "An equal choice might come first.")
        for _, _, cell, at in chunk:
            if at < taken[cell]:
                low[cell] = max(low[cell], at + 1)
            else:
                high[cell] = min(high[cell], at)


class _Claim:
    """No choice between ``low`` and ``high`` per cell that keeps the rows is worth more than a certain value."""

    def __init__(
        self,
        case: _Case,
        low: list[int],
        high: list[int],
        bounds: Bounds,
        value: Value,
        fixed: int = 0,
        need: int | None = None,
    ) -> None:
        settled = case.counts(low)
        self._rows = [(least - n, most - n) for (least, most), n in zip(bounds, settled, strict=True)]
        self._fixed = fixed
        self._need = None if need is None else need - case.total(low)
        self._open = {}
        for cell, rows in enumerate(case.cell_rows):
            if low[cell] < high[cell]:
                places = range(low[cell], high[cell])
                values = [value(cell, at) for at in places]
                self._open[cell] = (rows, low[cell], values, [case.cells[cell][at][0] for at in places])
        self._box = {cell: (low[cell], high[cell]) for cell in self._open}

    def holds(self, tree: Mapping[str, Any], value: int, denominator: int) -> bool:
        """True when every branch of the tree ends in a leaf whose exact bound keeps the value."""
        waiting = [(tree, self._box)]
        while waiting:
            place, box = waiting.pop()
            if "cell" in place:
                cell, at = place["cell"], place["at"]
                least, most = box[cell]
                waiting.append((place["low"], {**box, cell: (least, min(most, at))}))
                waiting.append((place["high"], {**box, cell: (max(least, at + 1), most)}))
            elif any(least > most for least, most in box.values()):
                continue
            elif "none" in place:
                if self._bound(place["none"], place["score"], box, 0) >= 0:
                    return False
            elif self._bound(place["duals"], place["score"], box, denominator) >= denominator * (value + 1):
                return False
        return True

    def _bound(
        self, written: Mapping[str, int], score: int, box: Mapping[int, tuple[int, int]], denominator: int
    ) -> int:
        """Weak duality in whole numbers: what the rows allow, plus what the best of every cell is worth above price."""
        duals = {int(row): value for row, value in written.items()}
        _must(score >= 0 and all(isinstance(value, int) for value in duals.values()), "A dual is impossible.")
        bound = denominator * self._fixed + sum(value * self._rows[row][value > 0] for row, value in duals.items())
        if self._need is None:
            _must(score == 0, "A dual is impossible.")
        else:
            bound -= score * self._need
        for cell, (rows, first, values, scores) in self._open.items():
            price = sum(duals.get(row, 0) for row in rows)
            least, most = box[cell][0] - first, box[cell][1] - first
            gained = best = 0
            for n in range(most):
                gained += denominator * values[n] + score * scores[n] - price
                if n < least or gained > best:
                    best = gained
            bound += best
        return bound


def _holds(node: Mapping[str, Any], parents: Mapping[str, Mapping[str, Any]], traits: Mapping[str, str]) -> bool:
    at: Mapping[str, Any] | None = node
    while at is not None:
        if not all(traits.get(name) in values for name, values in at["match"].items()):
            return False
        at = parents[at["parent"]] if at.get("parent") else None
    return True


def _worth(worth: Mapping[tuple[int, int], int], cell: int, at: int) -> int:
    return worth.get((cell, at), 0)


def _one(_cell: int, _at: int) -> int:
    return 1


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


def main(arguments: Sequence[str]) -> int:
    """``python check.py package.json``: the file holds ``{"input": …, "answer": …}``. Returns 0 when it is proved."""
    import json
    from pathlib import Path

    package = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    wrong = check_certificate(package["input"], package["answer"])
    sys.stdout.write("\n".join(wrong or ["Proved: this is the one right answer to this input."]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
