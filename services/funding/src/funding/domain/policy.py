"""The funding policy of a programme: rate card, payment plan, approval matrix, as data (F-03, F-04).

A policy comes in as the content of ``funding.yaml`` after the JSON Schema has passed it; here it becomes values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from funding.domain.approvals.matrix import Matrix, matrix_inconsistencies, read_matrix
from funding.domain.budgets.sources import SourcePlan, read_sources, source_inconsistencies
from funding.domain.claims.standards import Reimbursement, read_reimbursement, reimbursement_findings
from funding.domain.payments.proration import WHOLE, half_up
from shared.kernel.money import fen
from shared.kernel.refusals import Finding, RuleViolated


class Basis(StrEnum):
    """How a rate grows: with the days served, divided over the instalments; or whole, with the first of them."""

    DAILY = "daily"
    FIXED = "fixed"


class DueRule(StrEnum):
    """What makes an instalment due."""

    ARRIVAL = "arrival"
    DATE = "date"
    CERTIFIED = "certified"


class PayeeKind(StrEnum):
    """To whom an instalment goes (F-04)."""

    HOST = "host"
    SENDING_UNIT = "sending_unit"


@dataclass(frozen=True, slots=True)
class Rate:
    """One line of the rate card: fen for a whole term, with other amounts by province where they differ."""

    category: str
    amount: int
    basis: Basis
    by_province: Mapping[str, int]

    def full(self, province: str | None) -> int:
        """Fen for a whole term in a province (two-digit code), or the standard amount."""
        return self.by_province.get(province or "", self.amount)


@dataclass(frozen=True, slots=True)
class InstalmentRule:
    """One instalment of the payment plan: its milestone, its share in basis points and whom it goes to."""

    milestone: str
    due: DueRule
    share: int
    payee: PayeeKind
    months_after_start: int = 0


@dataclass(frozen=True, slots=True)
class FundingPolicy:
    """Everything that funding decides by, for one programme and version."""

    programme: str
    version: str
    rates: tuple[Rate, ...]
    instalments: tuple[InstalmentRule, ...]
    matrix: Matrix
    sources: SourcePlan | None
    pay_extension: bool
    reimbursement: Reimbursement | None = None

    @property
    def purposes(self) -> tuple[str, ...]:
        """The expense categories a fund of this policy may be used for (F-05): those paid by rate or by claim."""
        claimed = self.reimbursement.standards if self.reimbursement is not None else ()
        return tuple(dict.fromkeys((*(rate.category for rate in self.rates), *claimed)))

    def full_term(self, province: str | None = None) -> dict[str, int]:
        """Fen by category for a whole term."""
        return {rate.category: rate.full(province) for rate in self.rates}

    def served(self, days: int, standard: int, province: str | None) -> dict[str, int]:
        """Fen by category for ``days`` of ``standard`` days, daily rates half up to the fen, fixed rates whole."""
        return {
            rate.category: half_up(rate.full(province), days, standard)
            if rate.basis is Basis.DAILY
            else rate.full(province)
            for rate in self.rates
        }


def effective(parent: Mapping[str, Any] | None, own: Mapping[str, Any]) -> dict[str, Any]:
    """The policy that a batch has: its predecessor's, with every member that it states itself put in place.

    Objects are merged member by member; lists are replaced as a whole.
    """
    merged = dict(parent or {})
    for name, value in own.items():
        before = merged.get(name)
        merged[name] = effective(before, value) if isinstance(value, dict) and isinstance(before, dict) else value
    merged.pop("inherits", None)
    return merged


def read_policy(content: Mapping[str, Any]) -> FundingPolicy:
    """The values of an effective policy.

    Raises:
        RuleViolated: ``policy-inconsistent`` with a finding for everything that does not fit together.
    """
    findings = list(_inconsistencies(content))
    if findings:
        raise RuleViolated("policy-inconsistent", "The policy does not fit together.", findings=findings)
    return FundingPolicy(
        programme=content["programme"],
        version=content["version"],
        rates=tuple(
            Rate(
                line["category"],
                fen(line["amount"]),
                Basis(line["basis"]),
                {code: fen(amount) for code, amount in line.get("by_province", {}).items()},
            )
            for line in content["rate_card"]
        ),
        instalments=tuple(
            InstalmentRule(
                rule["milestone"],
                DueRule(rule["due"]),
                rule["share"],
                PayeeKind(rule["payee"]),
                rule.get("months_after_start", 0),
            )
            for rule in content["instalments"]
        ),
        matrix=read_matrix(content),
        sources=read_sources(content),
        pay_extension=content["pay_extension"],
        reimbursement=read_reimbursement(content.get("reimbursement")),
    )


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON of a policy."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _inconsistencies(content: Mapping[str, Any]) -> list[Finding]:
    """What a schema cannot say."""
    found = [
        Finding("missing-member", "State this or inherit it.", f"/{member}")
        for member in ("programme", "version", "authorities", "rate_card", "instalments", "approval", "pay_extension")
        if member not in content
    ]
    if found:
        return found
    categories = [line["category"] for line in content["rate_card"]]
    if len(set(categories)) != len(categories):
        found.append(Finding("twice", "A category has one rate.", "/rate_card", "F-05"))
    rules = content["instalments"]
    if sum(rule["share"] for rule in rules) != WHOLE:
        found.append(Finding("shares", f"The shares must add up to {WHOLE} basis points.", "/instalments", "F-04"))
    if len({rule["milestone"] for rule in rules}) != len(rules):
        found.append(Finding("twice", "A milestone has one instalment.", "/instalments"))
    if any(rule["due"] == DueRule.DATE and not rule.get("months_after_start") for rule in rules):
        found.append(Finding("no-date", "A dated instalment needs months_after_start.", "/instalments"))
    found += reimbursement_findings(content.get("reimbursement"))
    return [*found, *matrix_inconsistencies(content), *source_inconsistencies(content)]
