"""Pairing schemes as a policy states them, and what may be wrong with such a statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from placement.domain.pairing.terms import months_of
from shared.kernel.refusals import Finding

SOURCES, TARGETS = "sources", "targets"
_PROVINCE = 2


def covers(area: str, code: str) -> bool:
    """Whether an area holds the area of a code (GB/T 2260): itself, and from the prefecture down what begins with it.

    A province's code stands for its own departments, not for everything in the province.
    """
    return area == code or (len(area) > _PROVINCE and code.startswith(area))


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction of secondment: the side people come from, their term, the rule that says so (W-02 to W-04)."""

    code: str
    comes_from: str
    term: str
    rule: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """Paired places: ``sources`` support ``targets``; ``rule`` is the rule of the source text (W-02, W-03)."""

    code: str
    rule: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]

    def side(self, name: str) -> tuple[str, ...]:
        """``sources`` or ``targets``."""
        return self.sources if name == SOURCES else self.targets

    def sends(self, comes_from: str, area: str) -> bool:
        """Whether people of an area fall under this scheme; a prefecture falls under the schemes of its counties."""
        return any(covers(place, area) or covers(area, place) for place in self.side(comes_from))

    def receives(self, comes_from: str, area: str) -> bool:
        """Whether an area lies on the other side of people who come from ``comes_from``."""
        return any(covers(place, area) for place in self.side(TARGETS if comes_from == SOURCES else SOURCES))


@dataclass(frozen=True, slots=True)
class Pairings:
    """The pairing rules of a programme.

    Attributes:
        directions: by code of the direction.
        schemes: whose targets are disjoint, and whose sources are.
        open_units: unit classes that receive the people of the targets from every scheme (W-05).
        source_classes: class of the sending side → areas.
        receiving: class of the sending side → unit classes it may be received by (W-06).
        positions: position class → unit classes it is posted to (W-07).
        contributions: types of contributions (W-11).
        launched_on, every: the batch, and the cycle in which batches follow one another (W-09, W-10).
    """

    directions: Mapping[str, Direction]
    schemes: tuple[Scheme, ...]
    open_units: frozenset[str]
    source_classes: Mapping[str, tuple[str, ...]]
    receiving: Mapping[str, frozenset[str]]
    positions: Mapping[str, frozenset[str]]
    contributions: frozenset[str]
    launched_on: date
    every: str

    @classmethod
    def of(cls, stated: Mapping[str, Any] | None) -> Pairings | None:
        """Read the member ``pairings`` of a policy that passed the schema; None where there is none."""
        if not stated:
            return None
        return cls(
            directions={
                code: Direction(code, each["from"], each["term"], each["rule"])
                for code, each in stated["directions"].items()
            },
            schemes=tuple(
                Scheme(each["code"], each["rule"], tuple(each["sources"]), tuple(each["targets"]))
                for each in stated["schemes"]
            ),
            open_units=frozenset(stated["open_units"]),
            source_classes={code: tuple(areas) for code, areas in stated["source_classes"].items()},
            receiving={code: frozenset(units) for code, units in stated["receiving"].items()},
            positions={code: frozenset(units) for code, units in stated["positions"].items()},
            contributions=frozenset(stated["contributions"]),
            launched_on=date.fromisoformat(stated["cycle"]["launched_on"]),
            every=stated["cycle"]["every"],
        )

    def class_of(self, area: str) -> str | None:
        """The class of the sending side: that of the longest area which covers this one."""
        fitting = [
            (len(each), code) for code, areas in self.source_classes.items() for each in areas if covers(each, area)
        ]
        return max(fitting)[1] if fitting else None

    def schemes_of(self, direction: Direction, area: str) -> list[Scheme]:
        """The schemes people of an area fall under."""
        return [scheme for scheme in self.schemes if scheme.sends(direction.comes_from, area)]

    def scheme(self, code: str) -> Scheme | None:
        """A scheme by its code."""
        return next((scheme for scheme in self.schemes if scheme.code == code), None)


def problems(stated: Mapping[str, Any]) -> list[Finding]:
    """Everything wrong with a statement that fits the schema: overlaps, unknown classes, a term that is none."""
    found = [*_terms(stated), *_schemes(stated["schemes"])]
    known = set(stated["unit_classes"])
    for member in ("receiving", "positions"):
        for code, units in stated[member].items():
            found += _unknown(units, known, f"/pairings/{member}/{code}", "W-06" if member == "receiving" else "W-07")
    found += _unknown(stated["open_units"], known, "/pairings/open_units", "W-05")
    classes = stated["source_classes"]
    found += [
        Finding("pairing-unknown-class", f"There is no source class '{code}'.", f"/pairings/receiving/{code}", "W-06")
        for code in stated["receiving"]
        if code not in classes
    ]
    found += [
        Finding(
            "pairing-class-unreceived", f"No unit receives the class '{code}'.", f"/pairings/source_classes/{code}",
            "W-06",
        )
        for code in classes
        if code not in stated["receiving"]
    ]  # fmt: skip
    owner: dict[str, str] = {}
    for code, areas in classes.items():
        for number, area in enumerate(areas):
            if owner.setdefault(area, code) != code:
                pointer = f"/pairings/source_classes/{code}/{number}"
                found.append(
                    Finding("pairing-overlap", f"{area} is of the class '{owner[area]}' too.", pointer, "W-06")
                )
    return found


def _terms(stated: Mapping[str, Any]) -> list[Finding]:
    terms = {f"/pairings/directions/{code}/term": each["term"] for code, each in stated["directions"].items()}
    found = []
    for pointer, term in [*terms.items(), ("/pairings/cycle/every", stated["cycle"]["every"])]:
        try:
            months_of(term)
        except ValueError as error:
            found.append(Finding("pairing-term", f"{error}.", pointer, "W-04"))
    try:
        date.fromisoformat(stated["cycle"]["launched_on"])
    except ValueError:
        found.append(Finding("pairing-day", "This is no day.", "/pairings/cycle/launched_on", "W-10"))
    return found


def _schemes(schemes: list[Mapping[str, Any]]) -> list[Finding]:
    """Two schemes share neither targets nor sources, and nothing is both (W-03: the *other* twelve counties)."""
    found: list[Finding] = []
    codes: set[str] = set()
    taken: list[tuple[str, int]] = []
    for index, scheme in enumerate(schemes):
        if scheme["code"] in codes:
            found.append(
                Finding("pairing-code-twice", "This code is taken.", f"/pairings/schemes/{index}/code", "W-02")
            )
        codes.add(scheme["code"])
        for side in (SOURCES, TARGETS):
            for number, area in enumerate(scheme[side]):
                other = next((each for each in taken if covers(each[0], area) or covers(area, each[0])), None)
                if other is not None:
                    pointer = f"/pairings/schemes/{index}/{side}/{number}"
                    detail = f"{area} lies in {other[0]} of the scheme '{schemes[other[1]]['code']}'."
                    found.append(Finding("pairing-overlap", detail, pointer, "W-03"))
                taken.append((area, index))
    return found


def _unknown(units: Iterable[str], known: set[str], pointer: str, rule: str) -> list[Finding]:
    return [
        Finding("pairing-unknown-class", f"There is no unit class '{code}'.", f"{pointer}/{number}", rule)
        for number, code in enumerate(units)
        if code not in known
    ]
