"""The lifecycle of an assessment as data."""

from __future__ import annotations

from enum import StrEnum

from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows


class AssessmentState(StrEnum):
    """Where an assessment stands; only a confirmed one counts, and while a correction is pending what was confirmed."""

    OPEN = "open"
    EVIDENCE_COMPLETE = "evidence_complete"
    CONDUCTED = "conducted"
    DEFERRED = "deferred"
    RESULT_RECORDED = "result_recorded"
    APPEALED = "appealed"
    DECIDED = "decided"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    VOID = "void"


S = AssessmentState
ITSELF = frozenset({Role.SYSTEM})
ASSESSOR = frozenset({Role.ASSESSOR})
EVALUATORS = frozenset({Role.MENTOR, Role.HOST_OFFICER, Role.UNIT_OFFICER})
CONFIRMERS = frozenset({Role.ASSESSOR, Role.REGIONAL_OFFICER})
APPELLANTS = frozenset({Role.APPLICANT, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})

ASSESSMENT = Lifecycle(
    "assessment",
    initial=S.OPEN,
    transitions=[
        Transition("evaluate", S.OPEN, S.OPEN, EVALUATORS),
        Transition("evaluate", S.EVIDENCE_COMPLETE, S.EVIDENCE_COMPLETE, EVALUATORS),
        Transition("complete_evidence", S.OPEN, S.EVIDENCE_COMPLETE, ITSELF),
        Transition("conduct", S.EVIDENCE_COMPLETE, S.EVIDENCE_COMPLETE, ASSESSOR),
        Transition("complete_conduct", S.EVIDENCE_COMPLETE, S.CONDUCTED, ITSELF),
        Transition("conduct", S.CONDUCTED, S.CONDUCTED, ASSESSOR),
        Transition("record_result", S.CONDUCTED, S.RESULT_RECORDED, ASSESSOR),
        *arrows("defer", (S.EVIDENCE_COMPLETE, S.CONDUCTED), S.DEFERRED, ASSESSOR),
        Transition("reopen", S.DEFERRED, S.OPEN, ASSESSOR),
        Transition("return", S.RESULT_RECORDED, S.CONDUCTED, CONFIRMERS),
        *arrows("confirm", (S.RESULT_RECORDED, S.DECIDED, S.CORRECTED), S.CONFIRMED, CONFIRMERS),
        *arrows("appeal", (S.RESULT_RECORDED, S.CONFIRMED), S.APPEALED, APPELLANTS),
        Transition("decide", S.APPEALED, S.DECIDED, CONFIRMERS),
        Transition("correct", S.CONFIRMED, S.CORRECTED, CONFIRMERS),
        Transition("reject_correction", S.CORRECTED, S.CONFIRMED, CONFIRMERS),
        Transition("extend", S.CONFIRMED, S.CONFIRMED, CONFIRMERS),
        Transition("resit", S.CONFIRMED, S.OPEN, ASSESSOR),
        *arrows("void", (S.OPEN, S.EVIDENCE_COMPLETE, S.DEFERRED), S.VOID, ITSELF),
    ],
)
