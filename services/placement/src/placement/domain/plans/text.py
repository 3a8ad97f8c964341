"""What a host writes in a training plan, checked against the term and the policy, and compared by edition."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from placement.domain.policies import TRAINING_MODES, WORK_POST
from shared.kernel.refusals import Finding, RuleViolated

AIMS = ("innovation", "practical_ability")
HOURS_A_DAY = 24


@dataclass(kw_only=True, slots=True)
class Part:
    """One part of a plan: a work post or a training of one mode, over some days of the term (M-08, M-09)."""

    mode: str
    title: str
    starts_on: date
    ends_on: date
    hours: int | None = None

    @property
    def days(self) -> int:
        """Calendar days, first and last included."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanText:
    """What a host writes. ``inputs`` are the unit's needs, the trainee's situation and the teachers at hand (M-06).

    ``aims`` say which outcomes serve innovation and which practical ability (M-09); a policy may demand both.
    """

    post: str
    tasks: list[str]
    inputs: dict[str, str]
    parts: list[Part]
    outcomes: list[str]
    aims: dict[str, list[str]] = field(default_factory=dict)

    def check(self, planned_start: date, planned_end: date, aims: tuple[str, ...] = ()) -> None:
        """Check against the term and the aims that the policy demands.

        Raises:
            RuleViolated: ``plan-incomplete`` with every finding: no work post or no training part (P-15), a part that
                ends before it starts, lies outside the term or has more hours than its days, a missing aim (M-09).
        """
        modes = {part.mode for part in self.parts}
        findings = []
        if WORK_POST not in modes:
            findings.append(Finding("work-post-missing", "The plan needs a work post.", "/parts", "P-15"))
        if modes.isdisjoint(TRAINING_MODES):
            findings.append(Finding("training-missing", "The plan needs a part of training.", "/parts", "P-15"))
        for number, part in enumerate(self.parts):
            findings += _part_problems(part, f"/parts/{number}", planned_start, planned_end)
        findings += [
            Finding("aim-missing", f"Name outcomes for: {aim}.", f"/aims/{aim}", "M-09")
            for aim in aims
            if not self.aims.get(aim)
        ]
        if findings:
            raise RuleViolated("plan-incomplete", "The plan cannot be accepted as it is.", findings=findings)


def _part_problems(part: Part, pointer: str, planned_start: date, planned_end: date) -> list[Finding]:
    if part.ends_on < part.starts_on:
        return [Finding("ends-before-start", "This part ends before it starts.", f"{pointer}/ends_on", "M-09")]
    found = []
    if part.starts_on > planned_end or part.ends_on < planned_start:
        found.append(Finding("outside-term", "This part lies outside the term.", pointer, "M-09"))
    if part.hours is not None and part.hours > part.days * HOURS_A_DAY:
        found.append(Finding("too-many-hours", "This part has more hours than its days.", f"{pointer}/hours", "M-09"))
    return found


def as_values(text: Any) -> dict[str, Any]:
    """The text of a plan, or of anything with its members, as plain values."""
    return {
        "post": text.post,
        "tasks": list(text.tasks),
        "inputs": dict(text.inputs),
        "parts": [
            {
                "mode": part.mode,
                "title": part.title,
                "starts_on": str(part.starts_on),
                "ends_on": str(part.ends_on),
                "hours": part.hours,
            }
            for part in text.parts
        ],
        "outcomes": list(text.outcomes),
        "aims": dict(text.aims),
    }


def digest(text: Any) -> str:
    """SHA-256 of a text: what a trainee was consulted on is told from what was written later."""
    return hashlib.sha256(json.dumps(as_values(text), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """One member that differs; in lists ``before`` and ``after`` are what is only there."""

    member: str
    before: Any
    after: Any


def changes(before: Any, after: Any) -> list[Change]:
    """What differs between two texts, member by member; empty for the same text."""
    old, new = as_values(before), as_values(after)
    found = []
    for member in old:
        if old[member] == new[member]:
            continue
        if isinstance(old[member], list):
            gone = [line for line in old[member] if line not in new[member]]
            come = [line for line in new[member] if line not in old[member]]
            moved = not gone and not come
            found.append(Change(member, old[member] if moved else gone, new[member] if moved else come))
        elif isinstance(old[member], dict):
            found += [
                Change(f"{member}.{name}", old[member].get(name), new[member].get(name))
                for name in dict.fromkeys([*old[member], *new[member]])
                if old[member].get(name) != new[member].get(name)
            ]
        else:
            found.append(Change(member, old[member], new[member]))
    return found
