"""Granting: less per line where somebody says why (F-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from funding.domain.claims.lines import ClaimLine, Cut
from shared.kernel.money import yuan
from shared.kernel.refusals import Finding, RuleViolated


def grant(lines: Sequence[ClaimLine], cuts: Sequence[Cut]) -> list[ClaimLine]:
    """The lines with less granted where ``cuts`` say so; what was cut before is not raised again.

    Raises:
        RuleViolated: ``cut-wrong`` with a finding for every line that is none, named twice, or would get more.
    """
    findings: list[Finding] = []
    granted = list(lines)
    seen: set[int] = set()
    for nth, cut in enumerate(cuts):
        pointer = f"/cuts/{nth}"
        if cut.line >= len(granted):
            findings.append(Finding("no-such-line", "The claim has no such line.", f"{pointer}/line", "F-04"))
        elif cut.line in seen:
            findings.append(Finding("line-twice", "A line is cut once.", f"{pointer}/line", "F-04"))
        elif cut.granted >= granted[cut.line].worth:
            detail = f"Less than {yuan(granted[cut.line].worth)} yuan must be granted, or the line left out here."
            findings.append(Finding("not-less", detail, f"{pointer}/granted", "F-04"))
        else:
            granted[cut.line] = replace(granted[cut.line], granted=cut.granted, reason=cut.reason)
        seen.add(cut.line)
    if findings:
        raise RuleViolated("cut-wrong", "Not every cut fits the claim.", findings=findings)
    return granted


def require_something(lines: Sequence[ClaimLine]) -> None:
    """Raises ``RuleViolated``: ``nothing-granted``."""
    if not any(line.worth for line in lines):
        raise RuleViolated("nothing-granted", "Nothing would be paid; refuse the claim instead.", rule="F-04")
