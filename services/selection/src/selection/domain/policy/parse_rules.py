"""The rule rows of a policy: modality, predicate, citation, waiver (domain.md 1.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from selection.domain.eligibility.predicates import parse_predicate
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
    return rules


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
    return Rule(
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
        share=row.get("share"),
    )
