"""The closed vocabulary of eligibility: comparisons over typed facts, joined by all, any and not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selection.domain.codes import TitleLevel, UnitClass


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What eligibility may look at; nothing else about a person can become a reason.

    Attributes:
        years_of_service: whole years of professional work.
        grassroots_years: whole years at county level or below.
        age: whole years today, None in a dry run without a person.
    """

    title_level: TitleLevel
    specialty: str
    specialty_group: str
    specialty_in_shortage: bool
    years_of_service: int
    grassroots_years: int
    county_experience: bool
    township_experience: bool
    unit_class: UnitClass
    age: int | None = None


_NUMBERS = frozenset({"years_of_service", "grassroots_years", "age"})
_FLAGS = frozenset({"specialty_in_shortage", "county_experience", "township_experience"})
_CODES = frozenset({"title_level", "specialty", "specialty_group", "unit_class"})
_ORDERED = _NUMBERS | {"title_level"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact against one value: ``at_least``, ``at_most``, ``is`` or ``in``."""

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
    if set(source) != {"fact", "op", "value"} or fact not in _NUMBERS | _FLAGS | _CODES:
        refuse(pointer, "A predicate has the members fact, op and value, and a fact of the vocabulary.")
    elif op not in _operators(fact):
        refuse(f"{pointer}/op", f"'{fact}' knows {sorted(_operators(fact))}.")
    elif op == "in":
        if isinstance(value, list) and value and all(_fits(fact, each) for each in value):
            return Comparison(fact, op, frozenset(value))
        refuse(f"{pointer}/value", f"Give a list of values of '{fact}'.")
    elif _fits(fact, value):
        return Comparison(fact, op, value)
    else:
        refuse(f"{pointer}/value", f"This is no value of '{fact}'.")
    return None


def _operators(fact: str) -> frozenset[str]:
    operators = (
        {"is"} | ({"in"} if fact in _CODES else set()) | ({"at_least", "at_most"} if fact in _ORDERED else set())
    )
    return frozenset(operators)


def _fits(fact: str, value: Any) -> bool:
    if fact in _NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if fact in _FLAGS:
        return isinstance(value, bool)
    if fact == "title_level":
        return value in set(TitleLevel)
    if fact == "unit_class":
        return value in set(UnitClass)
    return isinstance(value, str)


def _ordinal(value: Any) -> int:
    return int(value) if isinstance(value, int) else TitleLevel(value).rank
