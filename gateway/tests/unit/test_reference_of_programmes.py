"""Whatever code a programme writes for a reason, a kind of money, a finding or a proof, a list holds its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from gateway.adapters.reference import code_lists

PROGRAMMES = Path(__file__).parents[3] / "programmes"
PLACES = {
    "selection.codes.rejection_reasons": "rejection-reasons",
    "selection.codes.withdrawal_reasons": "withdrawal-reasons",
    "selection.codes.unit_categories": "class-unit-categories",
    "selection.quota_nodes.match.unit_category": "class-unit-categories",
    "placement.decline_reasons": "decline-reasons",
    "placement.end_reasons": "end-reasons",
    "placement.change_reasons": "change-reasons",
    "placement.correction_reasons": "date-correction-reasons",
    "placement.pre_training.excuses": "absence-excuses",
    "placement.inspections.findings": "inspection-findings",
    "placement.inspections.measures": "inspection-measures",
    "placement.checkins.needs": "checkin-needs",
    "placement.mission.activity_kinds": "activity-kinds",
    "placement.mission.beneficiary_kinds": "beneficiary-kinds",
    "placement.class.session_kinds": "session-types",
    "placement.class.categories": "class-unit-categories",
    "placement.class.evaluation.dimensions": "class-evaluation-dimensions",
    "assessment.accreditation.refusal_reasons": "accreditation-refusal-reasons",
    "assessment.accreditation.revocation_reasons": "accreditation-revocation-reasons",
    "assessment.accreditation.evidence": "accreditation-evidence",
    "assessment.deferral.reasons": "deferral-reasons",
    "assessment.resit.extension.reasons": "deferral-reasons",
    "assessment.correction.reasons": "result-correction-reasons",
    "assessment.certificate.revocation_reasons": "certificate-revocation-reasons",
    "assessment.certificate.overturned_reason": "certificate-revocation-reasons",
    "assessment.certificate.reissue_reasons": "certificate-reissue-reasons",
    "assessment.achievements.kinds": "achievement-kinds",
    "assessment.achievements.kinds.standings": "achievement-standings",
    "funding.rate_card.category": "expense-categories",
    "funding.rate_card.basis": "rate-bases",
    "funding.reimbursement.standards.category": "expense-categories",
    "funding.reimbursement.standards.per": "claim-units",
    "funding.reimbursement.standards.evidence": "claim-evidence",
    "funding.approval.autonomy.kinds": "approval-kinds",
    "funding.approval.kinds": "approval-kinds",
}
"""Where policies name codes, and the list that holds the words."""
OTHERWISE = {"placement.escalation.kinds", "placement.mission.needs"}
"""Kinds of obligations, whose words the inbox says; needs by specialty group, which have a list of their own."""
TELLING = (
    "reason",
    "categor",
    "excuses",
    "findings",
    "measures",
    "dimensions",
    "standings",
    "basis",
    "evidence",
    "kinds",
)
"""A place whose name holds one of these names codes that somebody will read."""


def _codes(value: Any) -> set[str]:
    """The codes written at a place: themselves, keys, or members of entries."""
    if isinstance(value, dict):
        return {value["code"]} if "code" in value else {str(key) for key in value}
    if isinstance(value, list):
        return {code for one in value for code in _codes(one)}
    return {str(value)}


def _places(value: Any, place: str) -> Iterator[tuple[str, set[str]]]:
    """Every named place below ``value`` with its codes; entries of lists share the place of their list."""
    if isinstance(value, list):
        for one in value:
            yield from _places(one, place)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield f"{place}.{name}", _codes(inner)
            yield from _places(inner, f"{place}.{name}")


def _policies() -> list[tuple[Path, str, set[str]]]:
    return [
        (path, place, codes)
        for path in sorted(PROGRAMMES.glob("*/*/*.yaml"))
        for place, codes in _places(yaml.safe_load(path.read_text("utf-8")), path.stem)
    ]


def test_codes_of_every_programme_have_words() -> None:
    """Each code of each place is in the list of that place, and each place is still there."""
    lists = {name: {entry.code for entry in one.of()} for name, one in code_lists().items()}
    found = [(path, place, codes) for path, place, codes in _policies() if place in PLACES]

    missing = {(str(path), place): codes - lists[PLACES[place]] for path, place, codes in found}

    assert {where: codes for where, codes in missing.items() if codes} == {}
    assert {place for _, place, _ in found} == set(PLACES)


def test_no_place_of_a_policy_is_forgotten() -> None:
    """A new member of a policy that names reasons, kinds or categories comes with its list."""
    telling = {
        place for _, place, _ in _policies() if any(word in place.rsplit(".", 1)[-1] for word in TELLING)
    }  # fmt: skip

    assert telling - set(PLACES) - OTHERWISE == set()


def test_lists_of_programmes_hold_nothing_that_no_programme_uses() -> None:
    """Words that nobody needs any more are taken out with a new version of their list."""
    used: dict[str, set[str]] = {}
    for _, place, codes in _policies():
        if place in PLACES:
            used.setdefault(PLACES[place], set()).update(codes)
    kept = yaml.safe_load((Path(__file__).parents[2] / "src/gateway/reference/reasons.yaml").read_text("utf-8"))

    assert {
        name: set(one["entries"]) - used[name] for name, one in kept.items() if set(one["entries"]) - used[name]
    } == {}
