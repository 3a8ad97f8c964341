"""The funding policy of a programme: rate card, payment plan, approval matrix, as data (F-03, F-04).

A policy comes in as the content of ``funding.yaml`` after the JSON Schema has passed it; here it becomes values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from funding.domain.approvals.matrix import Matrix, matrix_inconsistencies, read_matrix
from funding.domain.budgets.sources import SourcePlan, read_sources, source_inconsistencies
from funding.domain.claims.standards import Reimbursement, read_reimbursement, reimbursement_findings
from funding.domain.payments.clawback import Clawback, clawback_findings, read_clawback
from funding.domain.payments.proration import WHOLE
from funding.domain.payments.rates import Circumstance, Rate, Span, rate_findings, read_rate
from shared.kernel.refusals import Finding, RuleViolated


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
class InstalmentRule:
    """One instalment of the payment plan: its milestone, its share in basis points and whom it goes to.

    A dated one is due some months after the start, or when a part of the term (basis points) is over.
    """

    milestone: str
    due: DueRule
    share: int
    payee: PayeeKind
    months_after_start: int = 0
    term_share: int = 0


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
    pay_suspension: bool = True
    clawback: Clawback = field(default_factory=Clawback)
    reimbursement: Reimbursement | None = None

    @property
    def purposes(self) -> tuple[str, ...]:
        """The expense categories a fund of this policy may be used for (F-05): those paid by rate or by claim."""
        claimed = self.reimbursement.standards if self.reimbursement is not None else ()
        return tuple(dict.fromkeys((*(rate.category for rate in self.rates), *claimed)))

    def full_term(self, span: Span, where: Circumstance) -> dict[str, int]:
        """Fen by category for a whole term."""
        return self.served([span], span, where)

    def served(self, spans: Sequence[Span], agreed: Span, where: Circumstance) -> dict[str, int]:
        """Fen by category for the days of ``spans`` of a term agreed."""
        return {rate.category: rate.worth(spans, agreed.days, agreed.first, where) for rate in self.rates}


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
        rates=tuple(read_rate(row) for row in content["rate_card"]),
        instalments=tuple(
            InstalmentRule(
                rule["milestone"],
                DueRule(rule["due"]),
                rule["share"],
                PayeeKind(rule["payee"]),
                rule.get("months_after_start", 0),
                rule.get("term_share", 0),
            )
            for rule in content["instalments"]
        ),
        matrix=read_matrix(content),
        sources=read_sources(content),
        pay_extension=content["pay_extension"],
        clawback=read_clawback(content.get("clawback")),
        pay_suspension=content.get("pay_suspension", True),
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
    found += rate_findings(content["rate_card"])
    rules = content["instalments"]
    if sum(rule["share"] for rule in rules) != WHOLE:
        found.append(Finding("shares", f"The shares must add up to {WHOLE} basis points.", "/instalments", "F-04"))
    if len({rule["milestone"] for rule in rules}) != len(rules):
        found.append(Finding("twice", "A milestone has one instalment.", "/instalments"))
    dated = [rule for rule in rules if rule["due"] == DueRule.DATE]
    if any(("months_after_start" in rule) == ("term_share" in rule) for rule in dated):
        detail = "A dated instalment needs either months_after_start or term_share."
        found.append(Finding("no-date", detail, "/instalments"))
    found += clawback_findings(content.get("clawback"))
    found += reimbursement_findings(content.get("reimbursement"))
    return [*found, *matrix_inconsistencies(content), *source_inconsistencies(content)]
