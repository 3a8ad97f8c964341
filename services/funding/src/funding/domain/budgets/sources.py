"""Sources: which financier gives how much of a sum, as the policy says, to the fen (P-09, F-08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from funding.domain.payments.proration import WHOLE, running_shares
from shared.kernel.refusals import Finding


class SourceRule(StrEnum):
    """How a sum is divided over the sources."""

    PROPORTIONAL = "proportional"
    """In fixed shares."""
    WATERFALL = "waterfall"
    """The first gives until it has no more, then the next."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """The sources of a policy in order, with their shares in basis points where they are proportional."""

    rule: SourceRule
    shares: tuple[tuple[str, int], ...]

    def divide(self, amount: int, granted: Mapping[str, int]) -> dict[str, int]:
        """Fen by source, together exactly ``amount``; ``granted`` holds what each has given and is not yet budgeted.

        In a waterfall what nobody has is asked of the last, where the ledger refuses it with the figure it is short of.
        """
        codes = [code for code, _ in self.shares]
        given: dict[str, int] = {}
        if self.rule is SourceRule.PROPORTIONAL:
            upto = [0, *running_shares(amount, [share for _, share in self.shares])]
            given = {code: upto[nth + 1] - upto[nth] for nth, code in enumerate(codes)}
        else:
            rest = amount
            for code in codes:
                given[code] = rest if code == codes[-1] else min(rest, max(0, granted.get(code, 0)))
                rest -= given[code]
        return {code: part for code, part in given.items() if part}


def read_sources(content: Mapping[str, Any]) -> SourcePlan | None:
    """The plan of an effective policy; None when it states none and every budget names its contributions."""
    plan = content.get("sources")
    if plan is None:
        return None
    rows = plan["order"]
    return SourcePlan(SourceRule(plan["rule"]), tuple((row["source"], row.get("share", 0)) for row in rows))


def source_inconsistencies(content: Mapping[str, Any]) -> Iterator[Finding]:
    """What a schema cannot say: doubled sources, shares that are not the whole."""
    plan = content.get("sources")
    if plan is None:
        return
    codes = [row["source"] for row in plan["order"]]
    if len(set(codes)) != len(codes):
        yield Finding("twice", "Name each source once.", "/sources/order", "P-09")
    shares = sum(row.get("share", 0) for row in plan["order"])
    if plan["rule"] == SourceRule.PROPORTIONAL and shares != WHOLE:
        yield Finding("shares", f"The shares must add up to {WHOLE} basis points.", "/sources/order", "P-09")


def divided(amount: int, by: Mapping[str, int]) -> dict[str, int]:
    """Fen of ``amount`` by source in proportion to ``by``; running totals are rounded down, the last takes the rest."""
    whole = sum(by.values())
    if whole == 0 and amount == 0:
        return {}
    found: dict[str, int] = {}
    given = before = 0
    for code, part in sorted(by.items()):
        given += part
        upto = amount * given // whole
        found[code], before = upto - before, upto
    return {code: part for code, part in found.items() if part}
