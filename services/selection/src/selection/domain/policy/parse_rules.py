"""The rule rows of a policy: modality, predicate, citation, waiver (domain.md 1.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from selection.domain.eligibility.predicates import Junction, Predicate, comparisons, parse_predicate
from selection.domain.eligibility.rules import Modality, Rule
from shared.kernel.actor import Role


def parse_rules(rows: Sequence[dict[str, Any]], refuse: Callable[[str, str], None]) -> dict[str, Rule]:
    """Rules by id; contradictions go to ``refuse(pointer, sentence)``."""
    rules: dict[str, Rule] = {}
    for n, row in enumerate(rows):
        pointer = f"/rules/{n}"
        if row["id"] in rules:
            refuse(f"{pointer}/id", f"The rule id '{row['id']}' is used twice.")
        rules[row["id"]] = _rule(row, refuse, pointer)
    for n, rule in enumerate(rules.values()):
        if rule.modality is not Modality.EXCEPTION:
            continue
        relaxed = rules.get(rule.relaxes or "")
        if relaxed is None or relaxed.modality is not Modality.MUST:
            refuse(f"/rules/{n}/relaxes", "An EXCEPTION names the MUST rule that it relaxes.")
        elif rule.attested is not relaxed.attested:
            refuse(f"/rules/{n}/predicate", "What a unit attests and what is open to all do not relax one another.")
    return rules


def check_codes(
    rules: dict[str, Rule], known: Mapping[str, Collection[str]], refuse: Callable[[str, str], None]
) -> None:
    """Refuse predicates that name a code which the policy's code lists do not hold; ``known`` is fact → codes."""
    for n, rule in enumerate(rules.values()):
        for each in comparisons(rule.predicate):
            if each.fact not in known:
                continue
            named = each.value if isinstance(each.value, frozenset) else {each.value}
            for code in sorted(named - set(known[each.fact])):
                refuse(f"/rules/{n}/predicate", f"'{code}' is no {each.fact.replace('_', ' ')} of this policy.")


def _rule(row: dict[str, Any], refuse: Callable[[str, str], None], pointer: str) -> Rule:
    modality = Modality(row["modality"])
    predicate = None
    if "predicate" in row:
        predicate = parse_predicate(row["predicate"], refuse, f"{pointer}/predicate")
    elif modality in (Modality.MUST, Modality.SHOULD, Modality.EXCEPTION, Modality.PREFER):
        refuse(f"{pointer}/predicate", f"A {modality} rule needs a predicate.")
    if modality in (Modality.SHOULD, Modality.EXCEPTION) and "waiver_role" not in row:
        refuse(f"{pointer}/waiver_role", f"A {modality} rule names who may waive it.")
    if modality is Modality.MUST and "waiver_role" in row:
        refuse(f"{pointer}/waiver_role", "A MUST is waived only through an EXCEPTION.")
    if modality is Modality.TARGET and "predicate" in row and "share" not in row:
        refuse(f"{pointer}/share", "A TARGET with a predicate names the wanted share in percent.")
    begins, ends = (date.fromisoformat(row[end]) if end in row else None for end in ("effective_from", "effective_to"))
    if begins and ends and ends < begins:
        refuse(f"{pointer}/effective_to", "A rule cannot end before it begins.")
    rule = Rule(
        code=row["id"],
        modality=modality,
        predicate=predicate,
        document=row["document"],
        clause=row["clause"],
        message_zh=row["message_zh"],
        message_en=row["message_en"],
        relaxes=row.get("relaxes"),
        waiver_role=Role(row["waiver_role"]) if "waiver_role" in row else None,
        weight=Decimal(str(row.get("weight", 0))),
        share=Decimal(str(row["share"])) if "share" in row else None,
        effective_from=begins,
        effective_to=ends,
    )
    if modality is Modality.EXCEPTION and not _lists_specialties(predicate):
        refuse(f"{pointer}/predicate", "An EXCEPTION lists the specialties that it is for.")
    if rule.attested and modality not in (Modality.MUST, Modality.SHOULD, Modality.EXCEPTION):
        refuse(
            f"{pointer}/predicate", "What a unit attests can be a condition only: points and shares would disclose it."
        )
    if rule.attested and rule.waiver_role not in (None, Role.REGIONAL_OFFICER):
        refuse(f"{pointer}/waiver_role", "Only the selecting authority may waive what a unit attests.")
    return rule


def _lists_specialties(predicate: Predicate | None) -> bool:
    """True when the predicate holds for named specialties only (S-09: 个别专业)."""
    if isinstance(predicate, Junction):
        return predicate.kind == "all" and any(_lists_specialties(part) for part in predicate.parts)
    return predicate is not None and predicate.fact == "specialty"
