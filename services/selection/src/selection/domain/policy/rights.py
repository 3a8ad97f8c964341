"""What a policy says about a person's rights: appeals, and the composition that may be counted (PIPL 24, domain.md 7.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from selection.domain.eligibility.rules import Modality, Rule


@dataclass(frozen=True, slots=True)
class AppealTerms:
    """Calendar days to object after the notice of a decision, and to decide after the objection.

    The defaults are those of administrative reconsideration; a policy may say otherwise.
    """

    file_within_days: int = 60
    decide_within_days: int = 60
    document: str = "行政复议法"
    clause: str = "第二十条、第六十二条"


@dataclass(frozen=True, slots=True)
class CompositionCode:
    """One cell of the composition; ``counts`` when it counts towards the target."""

    code: str
    name_zh: str
    name_en: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """The composition that a TARGET of the policy names, and how it may be counted.

    Attributes:
        rule: id of the TARGET.
        share: wanted percent.
        k: smallest count that is published, at least 10.
        cells: in the order in which they are hidden first.
    """

    rule: str
    share: int
    k: int
    cells: tuple[CompositionCode, ...]


def parse_appeals(content: Mapping[str, Any]) -> AppealTerms:
    """The terms of appeal; the default where an older policy says nothing."""
    return AppealTerms(**content["appeals"]) if "appeals" in content else AppealTerms()


def parse_composition(
    content: Mapping[str, Any], rules: Mapping[str, Rule], refuse: Callable[[str, str], None]
) -> Composition | None:
    """The composition, None for a policy that states none; contradictions go to ``refuse(pointer, sentence)``."""
    row = content.get("composition")
    if row is None:
        return None
    rule = rules.get(row["rule"])
    if rule is None or rule.modality is not Modality.TARGET or rule.predicate is not None:
        refuse("/composition/rule", "The composition belongs to a TARGET rule without a predicate.")
    cells = tuple(
        CompositionCode(cell["code"], cell["name_zh"], cell["name_en"], bool(cell.get("counts", False)))
        for cell in row["cells"]
    )
    for n, cell in enumerate(cells):
        if cell.code in {earlier.code for earlier in cells[:n]}:
            refuse(f"/composition/cells/{n}/code", f"The code '{cell.code}' is used twice.")
    if all(cell.counts for cell in cells) or not any(cell.counts for cell in cells):
        refuse("/composition/cells", "Some cells count towards the target and some do not.")
    return Composition(row["rule"], row["share"], row["k"], cells)
