"""Which actions of a thing answer an obligation, and where the thing is read.

A service lists an obligation only in a state that admits these actions, and only to those who owe it; the thing itself
says the last word in its own ``allowed_actions``. An obligation without a row is answered by making something new.
"""

from __future__ import annotations

ACTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("selection", "local_review"): ("approve", "return"),
    ("selection", "appeal"): ("accept", "take_up", "uphold", "uphold_partly", "dismiss"),
    ("selection", "correction"): ("correct", "submit", "withdraw"),
    ("selection", "confirmation"): ("confirm",),
    ("selection", "fixing"): ("fix", "discard"),
    ("selection", "filing"): ("file",),
    ("selection", "acknowledgement"): ("acknowledge", "return"),
    ("selection", "reserve_answer"): ("accept", "decline"),
    ("selection", "vacancy"): ("reopen",),
    ("placement", "decide-proposal"): ("accept", "decline"),
    ("placement", "record-arrival"): ("arrive", "no-show"),
    ("placement", "sign-agreement"): ("sign", "refuse"),
    ("placement", "record-pre-contact"): ("record-pre-contact",),
    ("placement", "submit-report"): ("submit",),
    ("placement", "acknowledge-report"): ("acknowledge", "return"),
    ("placement", "approve-mission"): ("approve",),
    ("placement", "acknowledge-group-report"): ("acknowledge", "return"),
    ("placement", "conduct-inspection"): ("conduct",),
    ("placement", "finish-sector-task"): ("finish", "waive"),
    ("assessment", "evaluate"): ("evaluate",),
    ("assessment", "conduct"): ("conduct",),
    ("assessment", "record-result"): ("record_result",),
    ("assessment", "confirm-result"): ("confirm", "return"),
    ("assessment", "decide-appeal"): ("decide",),
    ("assessment", "reopen"): ("reopen",),
    ("assessment", "begin-resit"): ("resit",),
    ("assessment", "issue-certificate"): ("issue",),
    ("assessment", "verify-achievement"): ("verify", "return"),
    ("assessment", "correct-achievement"): ("correct",),
    ("assessment", "record-follow-up"): ("record",),
    ("funding", "submit-budget"): ("amend", "submit"),
    ("funding", "allocate-budget"): ("allocate",),
    ("funding", "check-claim"): ("check", "return"),
    ("funding", "revise-claim"): ("revise", "submit", "withdraw"),
    ("funding", "resolve-discrepancy"): ("resolve",),
    ("funding", "answer-finding"): ("respond", "dispute"),
    ("funding", "correct-finding"): ("correct",),
    ("funding", "verify-finding"): ("verify", "insist"),
    ("funding", "decide-dispute"): ("uphold", "withdraw"),
    ("funding", "close-finding"): ("close",),
    ("gateway", "repair-webhook"): ("resume", "change", "delete"),
}
"""(service, kind) → actions."""

_PLACES = {
    "selection": {
        "application": "applications", "appeal": "appeals", "panel": "panels", "session": "sessions",
        "balancing_run": "balancing-runs", "roster": "rosters", "vacancy": "vacancies",
    },
    "assessment": {
        "assessment": "assessments", "certificate": "certificates", "achievement": "achievements",
        "follow_up": "follow-ups",
    },
    "funding": {
        "budget": "budgets", "fund": "funds", "claim": "claims", "approval": "approvals",
        "disbursement": "disbursements", "discrepancy": "discrepancies",
    },
}  # fmt: skip
_ASSESSED = {
    "issue-certificate": "certificate", "reissue-certificate": "certificate", "verify-achievement": "achievement",
    "correct-achievement": "achievement", "record-follow-up": "follow_up",
}  # fmt: skip


def subject_of(service: str, kind: str, said: str | None) -> tuple[str, str | None]:
    """What kind of thing waits, and under which path of its service it is read."""
    subject_kind = said or _ASSESSED.get(kind, "assessment")
    return subject_kind, _PLACES.get(service, {}).get(subject_kind)
