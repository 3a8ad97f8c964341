"""From the resolved content of a policy to ``Policy``; every wrong member is reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from selection.domain.codes import ReviewRoute, Step, UnitClass
from selection.domain.policy.balancing import parse_balancing
from selection.domain.policy.parse_rules import check_codes, parse_rules
from selection.domain.policy.places import parse_places
from selection.domain.policy.policy import IMPORTERS, Criterion, PanelRules, Policy, SessionPlan, Specialty
from selection.domain.policy.quota import parse_nodes
from selection.domain.policy.rights import parse_appeals, parse_composition
from shared.kernel.actor import Role
from shared.kernel.refusals import Finding, Malformed


def parse_policy(content: dict[str, Any]) -> Policy:
    """The typed policy of a resolved content that already has the published shape.

    Raises:
        Malformed: ``bad-policy`` with a finding and pointer for each contradiction.
    """
    findings: list[Finding] = []

    def refuse(pointer: str, detail: str) -> None:
        findings.append(Finding("contradiction", detail, pointer))

    try:
        policy = _policy(content, refuse)
    except (KeyError, TypeError, ValueError) as wrong:
        refuse("", f"The policy lacks or misshapes a member: {type(wrong).__name__} {wrong}.")
        raise Malformed("bad-policy", "The policy contradicts itself.", findings=findings) from wrong
    if findings:
        raise Malformed("bad-policy", "The policy contradicts itself.", findings=findings)
    return policy


def _policy(content: dict[str, Any], refuse: Any) -> Policy:
    codes = content["codes"]
    groups = frozenset(_codes(codes["specialty_groups"], refuse, "/codes/specialty_groups"))
    specialties = {}
    for n, (code, row) in enumerate(zip(
        _codes(codes["specialties"], refuse, "/codes/specialties"), codes["specialties"], strict=True
    )):  # fmt: skip
        if row["group"] not in groups:
            refuse(f"/codes/specialties/{n}/group", f"'{row['group']}' is no specialty group of this policy.")
        specialties[code] = Specialty(code, row["group"], bool(row.get("shortage", False)))
    rules = parse_rules(content["rules"], refuse)
    profiles = {name: tuple(wanted) for name, wanted in content["profiles"].items()}
    for name, wanted in profiles.items():
        for n, code in enumerate(wanted):
            if code not in rules:
                refuse(f"/profiles/{name}/{n}", f"There is no rule '{code}'.")
    panel = content.get("panel")
    criteria = tuple(Criterion(row["code"], row["weight"]) for row in panel["criteria"]) if panel else ()
    if panel and sum(criterion.weight for criterion in criteria) != 100:
        refuse("/panel/criteria", "The weights must sum to 100.")
    importing = content.get("import", {})
    if not panel and Step.PANEL in content["steps"]:
        refuse("/panel", "The steps name a panel; say what it scores.")
    open_codes = {
        name: frozenset(_codes(codes.get(name, []), refuse, f"/codes/{name}"))
        for name in ("unit_categories", "position_classes", "competences", "destinations")
    }
    check_codes(rules, {
        "specialty": specialties, "specialty_group": groups, "unit_category": open_codes["unit_categories"],
        "position_class": open_codes["position_classes"], "competences": open_codes["competences"],
    }, refuse)  # fmt: skip
    for n, tier in enumerate(codes.get("tiers", [])):
        if tier["profile"] not in profiles:
            refuse(f"/codes/tiers/{n}/profile", f"There is no profile '{tier['profile']}'.")
    return Policy(
        programme=content["programme"],
        version=content["version"],
        direction=content["direction"],
        term=content["term"],
        steps=tuple(Step(step) for step in content["steps"]),
        specialty_groups=groups,
        specialties=specialties,
        study_directions=frozenset(_codes(codes["study_directions"], refuse, "/codes/study_directions")),
        focus_areas=frozenset(_codes(codes.get("focus_areas", []), refuse, "/codes/focus_areas")),
        rejection_reasons={row["code"]: row["clause"] for row in codes["rejection_reasons"]},
        withdrawal_reasons=frozenset(_codes(codes["withdrawal_reasons"], refuse, "/codes/withdrawal_reasons")),
        routing={UnitClass(row["unit_class"]): ReviewRoute(row["reviewed_by"]) for row in content["routing"]},
        profiles=profiles,
        rules=rules,
        criteria=criteria,
        sheets_required=panel["sheets_required"] if panel else 1,
        reserve_size=content["reserve"]["size"],
        replacement_until_days=content["reserve"]["replacement_until_days"],
        correction_days=content["correction"]["days"],
        sessions={
            row["code"]: SessionPlan(
                row["code"],
                date.fromisoformat(row["planned_start"]) if "planned_start" in row else None,
                parse_nodes(row["quota_nodes"]) if "quota_nodes" in row else None,
                row.get("direction"),
                row.get("term"),
            )
            for row in content.get("sessions", [])
        },
        places=parse_places(content, refuse),
        import_allowed_for=frozenset(map(Role, importing.get("allowed_for", IMPORTERS))),
        import_arrives_submitted=importing.get("arrives_as") == "submitted",
        quota_nodes=parse_nodes(content.get("quota_nodes", [])),
        **open_codes,
        attestation_keep_days=content.get("attestation", {}).get("keep_days", 60),
        panel=_panel_rules(panel or {}, refuse),
        appeals=parse_appeals(content),
        composition=parse_composition(content, rules, refuse),
        balancing=parse_balancing(content, refuse),
    )


def _panel_rules(panel: dict[str, Any], refuse: Any) -> PanelRules:
    quorum = panel.get("quorum", {})
    rules = PanelRules(
        experts_present=quorum.get("experts", 1),
        sheets_kept=quorum.get("sheets", 1),
        calibration=panel.get("calibration", "none"),
        calibration_limit=Decimal(str(panel.get("calibration_limit", 10))),
        spread_limit=Decimal(str(panel["spread_limit"])) if "spread_limit" in panel else None,
    )
    if rules.sheets_kept > panel.get("sheets_required", 1):
        refuse("/panel/quorum/sheets", "A quorum of sheets cannot exceed the sheets required.")
    return rules


def _codes(rows: Iterable[dict[str, Any]], refuse: Any, pointer: str) -> list[str]:
    codes = [row["code"] for row in rows]
    for n, code in enumerate(codes):
        if code in codes[:n]:
            refuse(f"{pointer}/{n}/code", f"The code '{code}' is used twice.")
    return codes
