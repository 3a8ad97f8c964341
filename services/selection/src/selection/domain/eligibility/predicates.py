"""Predicates over the closed vocabulary of facts: comparisons, joined by all, any and not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from selection.domain.codes import TitleLevel
from selection.domain.eligibility.facts import FACTS, CandidateFacts, is_value, operators

__all__ = ["CandidateFacts", "Comparison", "Junction", "Predicate", "comparisons", "parse_predicate"]

_MANY = frozenset({"in", "includes_any", "includes_all"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact against one value, or several for ``in``, ``includes_any`` and ``includes_all``."""

    fact: str
    op: str
    value: Any

    def holds(self, facts: CandidateFacts) -> bool | None:
        """True, False, or None when the fact is not known."""
        actual = getattr(facts, self.fact)
        if actual is None:
            return None
        match self.op:
            case "at_least":
                return _ordinal(actual) >= _ordinal(self.value)
            case "at_most":
                return _ordinal(actual) <= _ordinal(self.value)
            case "in":
                return actual in self.value
            case "includes":
                return self.value in actual
            case "includes_any":
                return not self.value.isdisjoint(actual)
            case "includes_all":
                return bool(self.value <= actual)
            case _:
                return bool(actual == self.value)


@dataclass(frozen=True, slots=True)
class Junction:
    """``all`` or ``any`` of several predicates, or ``not`` of one; unknown facts make unknown answers."""

    kind: str
    parts: tuple[Predicate, ...]

    def holds(self, facts: CandidateFacts) -> bool | None:
        """True, False, or None when it hangs on a fact that is not known."""
        answers = [part.holds(facts) for part in self.parts]
        if self.kind == "not":
            return None if answers[0] is None else not answers[0]
        decisive = self.kind == "any"
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive


Predicate = Comparison | Junction


def comparisons(predicate: Predicate | None) -> Iterator[Comparison]:
    """Every comparison of a predicate, from left to right."""
    if isinstance(predicate, Junction):
        for part in predicate.parts:
            yield from comparisons(part)
    elif predicate is not None:
        yield predicate


def parse_predicate(source: Any, refuse: Callable[[str, str], None], pointer: str) -> Predicate | None:
    """The predicate of a policy row; whatever is wrong goes to ``refuse(pointer, sentence)`` and gives None."""
    if not isinstance(source, dict):
        refuse(pointer, "A predicate is an object.")
        return None
    for kind in ("all", "any", "not"):
        if kind in source and len(source) == 1:
            listed = [source[kind]] if kind == "not" else source[kind]
            if not isinstance(listed, list) or not listed:
                refuse(f"{pointer}/{kind}", "Name at least one predicate.")
                return None
            parts = [parse_predicate(part, refuse, f"{pointer}/{kind}/{n}") for n, part in enumerate(listed)]
            return None if None in parts else Junction(kind, tuple(part for part in parts if part is not None))
    return _comparison(source, refuse, pointer)


def _comparison(source: dict[str, Any], refuse: Callable[[str, str], None], pointer: str) -> Comparison | None:
    fact, op, value = source.get("fact"), source.get("op"), source.get("value")
    if set(source) != {"fact", "op", "value"} or not isinstance(fact, str) or fact not in FACTS:
        refuse(pointer, f"A predicate has the members fact, op and value; the facts are {sorted(FACTS)}.")
    elif not isinstance(op, str) or op not in operators(fact):
        refuse(f"{pointer}/op", f"'{fact}' knows {sorted(operators(fact))}.")
    elif op in _MANY:
        if isinstance(value, list) and value and all(is_value(fact, each) for each in value):
            return Comparison(fact, op, frozenset(value))
        refuse(f"{pointer}/value", f"Give a list of values of '{fact}'.")
    elif is_value(fact, value):
        return Comparison(fact, op, value)
    else:
        refuse(f"{pointer}/value", f"This is no value of '{fact}'.")
    return None


def _ordinal(value: Any) -> int:
    return int(value) if isinstance(value, int) else TitleLevel(value).rank
