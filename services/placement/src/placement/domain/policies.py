"""Policies: the programme's rules of placement as data, versioned, inherited by overriding part (P-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from placement.domain.classes.rules import ClassRules
from placement.domain.matching.instance import Weights
from placement.domain.missions.rules import MissionRules
from placement.domain.pairing.schemes import Pairings
from placement.domain.preparing import AgreementRules, PlanRules, PreTrainingRules
from placement.domain.sectors import SectorTaskRule
from placement.domain.year_rules import YearRules
from shared.kernel.lifecycle import Aggregate
from shared.kernel.refusals import Malformed

TRAINING_MODES = ("course", "research", "clinic", "field")
WORK_POST = "work_post"
CORRECTION_REASONS = ("clerical_error", "proof_received", "other")
"""Why an actual date may be corrected, where the policy does not say."""


@dataclass(kw_only=True)
class Policy(Aggregate):
    """One version of a programme's placement policy: as it was handed in and as it is in effect."""

    programme: str
    policy_version: str
    inherits: str | None = None
    content: dict[str, Any]
    effective: dict[str, Any]
    sha256: str
    used: bool = False

    @property
    def rules(self) -> Rules:
        """The policy in effect, typed."""
        return Rules.of(self.effective)


def resolve(parent: Mapping[str, Any] | None, content: Mapping[str, Any]) -> dict[str, Any]:
    """The policy in effect: ``content`` laid over its parent; objects merge, everything else is replaced."""
    merged = dict(parent or {})
    for name, value in content.items():
        below = merged.get(name)
        merged[name] = resolve(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return merged


@dataclass(frozen=True, slots=True)
class ArrivalRules:
    """What must be in force before the arrival, and how many days count as early or punctual (M-03)."""

    requires: tuple[str, ...]
    earliest_days: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class TermRules:
    """Days by which an end may miss the planned end and still be normal, and the longest extension (P-03)."""

    tolerance_days: int
    extension_days: int


@dataclass(frozen=True, slots=True)
class ReportRules:
    """A study report per period of months, due some days after the period; recipients acknowledge (D-02)."""

    every_months: int
    due_days: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """Method, widest acceptable fit (``specialty`` or ``group``), window of the year as ``MM-DD`` (M-01, M-03)."""

    method: str
    accept: str
    window_from: str
    window_until: str
    beyond_wishes: bool = True
    weights: Weights = field(default_factory=Weights)


ABSENT: dict[str, Any] = {
    "matching": {"method": "stable", "accept": "group", "window": {"from": "01-01", "until": "12-31"}},
    "decline_reasons": ["other"],
    "agreement": {"parties": ["trainee", "sending_unit"]},
    "mentor": {"load_limit": 1},
    "reports": {"every_months": 0, "due_days": 0, "recipients": []},
}
"""What holds where a policy says nothing of a member it may leave out; no month means that no report is due."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy in effect. ``short_class`` and ``mission`` are None where the programme has no such thing."""

    specialties: Mapping[str, tuple[str, ...]]
    matching: MatchingRules
    decline_reasons: tuple[str, ...]
    agreement: AgreementRules
    plan: PlanRules
    pre_training: PreTrainingRules
    mentor_load_limit: int
    arrival: ArrivalRules
    term: TermRules
    end_reasons: tuple[str, ...]
    change_reasons: tuple[str, ...]
    reports: ReportRules
    correction_reasons: tuple[str, ...] = CORRECTION_REASONS
    year: YearRules = field(default_factory=YearRules)
    short_class: ClassRules | None = None
    mission: MissionRules | None = None
    sector_tasks: tuple[SectorTaskRule, ...] = ()
    pairings: Pairings | None = None

    @classmethod
    def of(cls, effective: Mapping[str, Any]) -> Rules:
        """Read an effective policy that passed the published JSON Schema."""
        effective = ABSENT | dict(effective)
        matching, arrival, term, reports = (effective[name] for name in ("matching", "arrival", "term", "reports"))
        return cls(
            specialties={group: tuple(codes) for group, codes in effective["specialties"].items()},
            matching=MatchingRules(
                matching["method"],
                matching["accept"],
                matching["window"]["from"],
                matching["window"]["until"],
                matching.get("beyond_wishes", True),
                _weights(matching.get("weights", {})),
            ),
            decline_reasons=tuple(effective["decline_reasons"]),
            agreement=AgreementRules.of(effective["agreement"]),
            plan=PlanRules.of(effective.get("plan", {})),
            pre_training=PreTrainingRules.of(effective.get("pre_training", {})),
            mentor_load_limit=effective["mentor"]["load_limit"],
            arrival=ArrivalRules(tuple(arrival["requires"]), arrival["earliest_days"], arrival["grace_days"]),
            term=TermRules(term["tolerance_days"], term["extension_days"]),
            end_reasons=tuple(effective["end_reasons"]),
            change_reasons=tuple(effective["change_reasons"]),
            reports=ReportRules(reports["every_months"], reports["due_days"], tuple(reports["recipients"])),
            correction_reasons=tuple(effective.get("correction_reasons", CORRECTION_REASONS)),
            year=YearRules.of(effective),
            short_class=ClassRules.of(effective["class"]) if "class" in effective else None,
            mission=MissionRules.of(effective["mission"]) if "mission" in effective else None,
            sector_tasks=tuple(SectorTaskRule.of(each) for each in effective.get("sector_tasks", ())),
            pairings=Pairings.of(effective.get("pairings")),
        )

    def must_know(self, group: str, specialties: list[str]) -> None:
        """Check codes against the policy's code list.

        Raises:
            Malformed: ``unknown-code`` naming the codes that the policy does not have.
        """
        known = self.specialties.get(group)
        if known is None:
            raise Malformed("unknown-code", f"The policy has no specialty group '{group}'.", codes=[group])
        unknown = sorted(set(specialties) - set(known))
        if unknown:
            raise Malformed("unknown-code", f"The group '{group}' has no {', '.join(unknown)}.", codes=unknown)


def _weights(stated: Mapping[str, Any]) -> Weights:
    members: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stated.items()
    }
    return Weights(**members)
