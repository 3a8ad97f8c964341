"""The one function that says whether a person may be received by a place; every way to a host asks it.

Matching leaves out what it refuses; proposals by hand, transfers and confirmations are refused with its findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from placement.domain.pairing.schemes import TARGETS, Direction, Pairings, Scheme
from placement.domain.pairing.terms import after
from shared.kernel.refusals import Finding, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Secondee:
    """What the rules ask of a person: codes only. No ``position_class`` means none was stated (W-07 is silent)."""

    direction: str
    origin_area: str
    position_class: str | None
    term: str
    planned_start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """What the rules ask of a host of the register."""

    area: str | None
    unit_class: str | None


def pairing_findings(pairings: Pairings, person: Secondee, host: Receiver) -> list[Finding]:
    """Everything that speaks against the person at the host; empty when nothing does."""
    direction = pairings.directions.get(person.direction)
    if direction is None:
        return [_no("direction-unknown", f"The programme has no direction '{person.direction}'.", "W-01")]
    found = [*_time(pairings, direction, person)]
    if host.area is None or host.unit_class is None:
        return [*found, _no("host-unclassified", "The register states no area and unit class of this host.", "W-06")]
    source = pairings.class_of(person.origin_area)
    schemes = pairings.schemes_of(direction, person.origin_area)
    found += _place(pairings, direction, person, schemes, source, host)
    if source is not None and host.unit_class not in pairings.receiving.get(source, frozenset()):
        found.append(_no("receiving-class", f"{source} is not received by {host.unit_class}.", "W-06"))
    if person.position_class is not None and host.unit_class not in pairings.positions.get(
        person.position_class, frozenset()
    ):
        found.append(_no("position-class", f"{person.position_class} is not posted to {host.unit_class}.", "W-07"))
    return found


def must_fit_pairing(pairings: Pairings | None, person: Secondee, host: Receiver) -> None:
    """Refuse what breaks a pairing.

    Raises:
        RuleViolated: the code and rule of the one finding, or ``pairing-broken`` with all of them.
    """
    found = pairing_findings(pairings, person, host) if pairings is not None else []
    if len(found) == 1:
        raise RuleViolated(found[0].code, found[0].detail, rule=found[0].rule)
    if found:
        detail = "Several rules of the pairing speak against this host; see errors."
        raise RuleViolated("pairing-broken", detail, rule=found[0].rule, findings=found)


def _time(pairings: Pairings, direction: Direction, person: Secondee) -> list[Finding]:
    found = []
    if person.term != direction.term:
        detail = f"A secondment {direction.code} lasts {direction.term}, not {person.term}."
        found.append(_no("term-of-direction", detail, direction.rule))
    if not pairings.launched_on <= person.planned_start < after(pairings.launched_on, pairings.every):
        detail = f"The batch of {pairings.launched_on} lasts {pairings.every}; this term begins outside it."
        found.append(_no("outside-cycle", detail, "W-09"))
    return found


def _place(
    pairings: Pairings,
    direction: Direction,
    person: Secondee,
    schemes: list[Scheme],
    source: str | None,
    host: Receiver,
) -> list[Finding]:
    """Where somebody may go: the other side of the scheme; for people of the targets also the open unit classes."""
    assert host.area is not None
    back = direction.comes_from == TARGETS
    if back and host.unit_class in pairings.open_units:
        return []
    if schemes:
        if any(scheme.receives(direction.comes_from, host.area) for scheme in schemes):
            return []
        rule = "W-05" if back else schemes[0].rule
        return [_no("outside-pairing", f"{host.area} is not paired with {person.origin_area}.", rule)]
    if back or source is None:
        return [_no("unpaired-source", f"{person.origin_area} is in no pairing.", "W-05" if back else "W-02")]
    return []


def _no(code: str, detail: str, rule: str) -> Finding:
    return Finding(code, detail, rule=rule)
