"""Who may do what to which money: the one table (F-01, F-06, F-07)."""

from __future__ import annotations

from typing import Final

from funding.domain.audit.finding import AUDITED, AUDITOR
from funding.domain.roles import APPROVER, PREPARER, TREASURER
from shared.kernel.actor import Relation, Role
from shared.work.policy import PolicyTable, Rule

READERS: Final = frozenset(
    {
        Role.FINANCE_PREPARER,
        Role.FINANCE_APPROVER,
        Role.TREASURER,
        Role.AUDITOR,
        Role.REGIONAL_OFFICER,
        Role.MINISTRY_OFFICER,
        Role.OPERATOR,
    }
)
"""Who sees all money: those who handle it, those who answer for it, and the auditor (F-06)."""
POLICY_OWNERS: Final = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR})
EVERYBODY: Final = frozenset(Role) - {Role.SYSTEM}


def _claimed(action: str) -> list[Rule]:
    """What the claimant does: the person, the sending unit or the host; for a class or mission who runs it."""
    return [
        Rule(action, {Role.APPLICANT}, Relation.SELF),
        Rule(action, {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule(action, {Role.HOST_OFFICER}, Relation.HOST),
    ]


def _personal(action: str) -> list[Rule]:
    """Reading the money of a participation: finance reads all, the others their own."""
    return [
        Rule(action, READERS),
        Rule(action, {Role.APPLICANT}, Relation.SELF),
        Rule(action, {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule(action, {Role.HOST_OFFICER}, Relation.HOST),
    ]


POLICY: Final = PolicyTable(
    "funding",
    [
        Rule("audit.read", {Role.AUDITOR}),
        Rule("policy.put", POLICY_OWNERS),
        Rule("policy.read", EVERYBODY),
        Rule("fund.open", PREPARER),
        Rule("fund.grant", TREASURER),
        Rule("fund.freeze", APPROVER),
        Rule("fund.thaw", APPROVER),
        Rule("fund.read", READERS),
        Rule("budget.plan", PREPARER),
        Rule("budget.amend", PREPARER),
        Rule("budget.submit", PREPARER),
        Rule("budget.approve", APPROVER),
        Rule("budget.return", APPROVER),
        Rule("budget.allocate", PREPARER),
        Rule("budget.close", APPROVER),
        Rule("budget.read", READERS),
        Rule("allocation.read", READERS),
        Rule("approval.read", READERS),
        Rule("reallocation.ask", PREPARER),
        Rule("reallocation.approve", APPROVER),
        Rule("reallocation.refuse", APPROVER),
        Rule("reallocation.read", READERS),
        Rule("freeze.set", APPROVER),
        Rule("freeze.thaw", APPROVER),
        Rule("freeze.read", READERS),
        Rule("delegation.give", APPROVER),
        Rule("delegation.revoke", APPROVER),
        Rule("delegation.read", READERS),
        Rule("obligation.read", READERS | {Role.APPLICANT, Role.UNIT_OFFICER, Role.HOST_OFFICER}),
        *_personal("participation.read"),
        *_personal("instalment.read"),
        Rule("instalment.raise", PREPARER | {Role.OPERATOR}),
        Rule("instalment.prepare", PREPARER),
        Rule("instalment.approve", APPROVER),
        Rule("instalment.recover", TREASURER),
        Rule("instalment.write-off", PREPARER),
        Rule("instalment.sign-write-off", APPROVER),
        Rule("instalment.drop-write-off", PREPARER | APPROVER),
        Rule("cost-object.register", PREPARER),
        Rule("cost-object.read", READERS),
        Rule("cost-object.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule("cost-object.read", {Role.HOST_OFFICER}, Relation.HOST),
        *_claimed("claim.draft"),
        *_claimed("claim.revise"),
        *_claimed("claim.submit"),
        *_claimed("claim.withdraw"),
        *_personal("claim.read"),
        Rule("claim.check", PREPARER),
        Rule("claim.return", PREPARER | APPROVER),
        Rule("claim.approve", APPROVER),
        Rule("claim.refuse", APPROVER),
        Rule("claim.revoke", APPROVER),
        Rule("claim.claw-back", APPROVER),
        Rule("claim.recover", TREASURER),
        Rule("claim.freeze", APPROVER),
        Rule("claim.thaw", APPROVER),
        Rule("disbursement.instruct", TREASURER),
        Rule("disbursement.return", TREASURER),
        Rule("disbursement.file", TREASURER | {Role.AUDITOR}),
        Rule("disbursement.read", READERS),
        Rule("discrepancy.read", READERS),
        Rule("discrepancy.resolve", APPROVER),
        Rule("entry.read", READERS),
        Rule("entry.reverse", APPROVER),
        Rule("account.read", READERS),
        Rule("period.read", READERS),
        Rule("period.close", APPROVER),
        Rule("sample.draw", AUDITOR),
        Rule("sample.read", READERS),
        Rule("finding.open", AUDITOR),
        *(Rule(f"finding.{step}", AUDITED, Relation.OWN_UNIT) for step in ("respond", "dispute", "correct")),
        *(Rule(f"finding.{step}", AUDITOR) for step in ("uphold", "withdraw", "insist", "verify", "close")),
        Rule("finding.read", READERS),
        Rule("finding.read", {Role.HOST_OFFICER, Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    ],
)
