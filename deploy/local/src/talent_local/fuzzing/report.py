"""What a campaign did and found: cases by phase and operation, statuses, findings once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the contract does not allow, with a way to see it again."""

    check: str
    operation: str
    phase: str
    title: str
    message: str
    status: int | None
    sample: str

    def __str__(self) -> str:
        return f"{self.operation} [{self.phase}, {self.check}] {self.title}: {self.message}\n    {self.sample}"


@dataclass(slots=True)
class Report:
    """Counts and findings.

    Attributes:
        cases: requests by (phase, operation); what checks sent on their own is not counted.
        statuses: answers by (operation, status).
        findings: by (check, operation, status), the first of each kind.
        errors: what the tool itself could not do.
    """

    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    findings: dict[tuple[str, str, int | None], Finding] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Cases in all."""
        return self.cases.total()

    def found(self, finding: Finding) -> None:
        """Keep a finding unless one of its kind is kept already."""
        self.findings.setdefault((finding.check, finding.operation, finding.status), finding)

    def table(self) -> Iterator[str]:
        """Lines: per operation the cases of each phase and the answers by status; the sums come last."""
        phases = sorted({phase for phase, _ in self.cases})
        answers: dict[str, Counter[int]] = {}
        for (operation, status), count in self.statuses.items():
            answers.setdefault(operation, Counter())[status] += count
        yield " ".join([f"{'operation':<88}", *[f"{phase:>9}" for phase in phases], " answers"])
        for operation in sorted({operation for _, operation in self.cases}):
            counts = [f"{self.cases[phase, operation]:>9}" for phase in phases]
            shown = " ".join(f"{status}×{count}" for status, count in sorted(answers.get(operation, {}).items()))
            yield " ".join([f"{operation:<88}", *counts, f" {shown}"])
        sums = [sum(count for (each, _), count in self.cases.items() if each == phase) for phase in phases]
        yield " ".join([f"{'all':<88}", *[f"{count:>9}" for count in sums], f" = {self.total} cases"])

    def dumped(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "cases": [[*key, count] for key, count in sorted(self.cases.items())],
            "statuses": [[*key, count] for key, count in sorted(self.statuses.items())],
            "findings": [asdict(finding) for finding in self.findings.values()],
            "errors": self.errors,
        }

    def take(self, dumped: dict[str, Any]) -> None:
        """Add what another campaign dumped."""
        for phase, operation, count in dumped["cases"]:
            self.cases[phase, operation] += count
        for operation, status, count in dumped["statuses"]:
            self.statuses[operation, status] += count
        for finding in dumped["findings"]:
            self.found(Finding(**finding))
        self.errors += dumped["errors"]
