"""Open a finding, and every step that follows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from funding.domain.audit.finding import AuditFinding, Severity
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Finding, Malformed


async def open_finding(
    work: FundingWork,
    *,
    sample: UUID | None,
    entry: UUID | None,
    severity: Severity,
    code: str,
    statement: str,
    responsible: str,
    due_on: date,
) -> AuditFinding:
    """Write down what was found (F-06).

    Raises:
        Malformed: ``finding-wrong`` with a finding for a day that has passed and an entry the sample does not hold.
        NotFound: the sample or the entry.
    """
    findings: list[Finding] = []
    if due_on <= work.today:
        findings.append(Finding("impossible-date", "The day of correction must lie ahead.", "/due_on", "F-06"))
    fund: UUID | None = None
    if sample is not None:
        drawn = await work.audit_samples.get(sample)
        if entry is not None and entry not in {item.entry for item in drawn.items}:
            findings.append(Finding("not-sampled", "The sample does not hold this entry.", "/entry", "F-06"))
        fund = drawn.fund
    if entry is not None:
        fund = (await work.books.entry(entry)).fund
    if findings:
        raise Malformed("finding-wrong", "The finding does not fit together.", findings=findings)
    finding = AuditFinding(
        id=work.new_id(),
        sample=sample,
        entry=entry,
        severity=severity,
        code=code,
        statement=statement,
        responsible=responsible,
        due_on=due_on,
        opened_by=work.actor.subject,
    )
    work.audit_findings.add(finding)
    work.announce(finding.told(work.today, fund))
    return finding


async def step_finding(work: FundingWork, finding_id: UUID, action: str, *, text: str) -> AuditFinding:
    """One step: the audited respond, dispute and correct; the auditor upholds, withdraws, insists, verifies, closes.

    Raises:
        NotFound, Forbidden, StaleVersion, Conflict (``wrong-state``).
    """
    finding = await work.audit_findings.get(finding_id, target=True)
    work.authorise(finding.facets)
    finding.take(action, text, by=work.actor, today=work.today)
    work.announce(finding.told(work.today))
    return finding
