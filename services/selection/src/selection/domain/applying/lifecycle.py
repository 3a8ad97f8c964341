"""The application's one table of transitions (domain.md 1.4), and which steps a state has behind it."""

from __future__ import annotations

from enum import StrEnum

from selection.domain.codes import Step
from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows


class ApplicationState(StrEnum):
    """Where an application stands between draft and the end of the person's training."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned_for_correction"
    LOCAL_APPROVED = "local_approved"
    PANEL_REVIEWED = "panel_reviewed"
    CLASSIFIED = "classified"
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DESELECTED = "deselected"
    COMPLETED = "completed"


_S = ApplicationState
_APPLICANT = frozenset({Role.APPLICANT})
_LOCAL = frozenset({Role.LOCAL_REVIEWER})
_REGION = frozenset({Role.REGIONAL_OFFICER})
_PANEL = frozenset({Role.REGIONAL_OFFICER, Role.PANEL_EXPERT})
_SYSTEM = frozenset({Role.SYSTEM})

_RANK = {_S.SUBMITTED: 0, _S.LOCAL_APPROVED: 2, _S.PANEL_REVIEWED: 3, _S.CLASSIFIED: 4}
BEFORE_ROSTER = (_S.SUBMITTED, _S.LOCAL_APPROVED, _S.PANEL_REVIEWED, _S.CLASSIFIED)
"""States from which a roster may be drawn, if the call's required steps are passed."""

APPLICATION = Lifecycle(
    "application",
    initial=_S.DRAFT,
    transitions=[
        Transition("correct", _S.DRAFT, _S.DRAFT, _APPLICANT),
        Transition("correct", _S.RETURNED, _S.RETURNED, _APPLICANT),
        *arrows("submit", (_S.DRAFT, _S.RETURNED), _S.SUBMITTED, _APPLICANT | _SYSTEM),
        Transition("return", _S.SUBMITTED, _S.RETURNED, _LOCAL),
        *arrows("reject", (_S.SUBMITTED, _S.LOCAL_APPROVED), _S.REJECTED, _LOCAL),
        *arrows("exclude", BEFORE_ROSTER, _S.REJECTED, _REGION),
        Transition("reopen", _S.REJECTED, _S.SUBMITTED, frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER})),
        Transition("approve", _S.SUBMITTED, _S.LOCAL_APPROVED, _LOCAL),
        *arrows("conclude_panel", (_S.SUBMITTED, _S.LOCAL_APPROVED), _S.PANEL_REVIEWED, _PANEL),
        *arrows("classify", (_S.SUBMITTED, _S.LOCAL_APPROVED, _S.PANEL_REVIEWED), _S.CLASSIFIED, _REGION),
        Transition("classify", _S.CLASSIFIED, _S.CLASSIFIED, _REGION),
        *arrows("select", BEFORE_ROSTER, _S.SELECTED, _REGION),
        *arrows("reserve", BEFORE_ROSTER, _S.RESERVE, _REGION),
        *arrows("pass_over", BEFORE_ROSTER, _S.NOT_SELECTED, _REGION),
        Transition("promote", _S.RESERVE, _S.SELECTED, _SYSTEM),
        Transition("release", _S.RESERVE, _S.NOT_SELECTED, _SYSTEM),
        Transition("deselect", _S.SELECTED, _S.DESELECTED, _SYSTEM),
        Transition("complete", _S.SELECTED, _S.COMPLETED, _SYSTEM),
        Transition("complete", _S.COMPLETED, _S.COMPLETED, _SYSTEM),
        *arrows(
            "withdraw",
            (_S.DRAFT, _S.RETURNED, *BEFORE_ROSTER, _S.RESERVE, _S.SELECTED),
            _S.WITHDRAWN,
            _APPLICANT | _SYSTEM,
        ),
    ],
)

_REACHES = {"conclude_panel": 3, "classify": 4, "select": 5, "reserve": 5, "pass_over": 5}
_STEP_RANK = {Step.RECOMMENDATION: 1, Step.LOCAL_REVIEW: 2, Step.PANEL: 3, Step.CLASSIFICATION: 4}


def steps_missing(action: str, state: ApplicationState, required: list[Step]) -> list[Step]:
    """Required steps that ``action`` would leap over from ``state``; steps a call does not require may be.

    The recommendation is a separate act and is asked for by the local review, or by the first later step.
    """
    here, there = _RANK.get(state, 0), _REACHES.get(action, 0)
    return [step for step in required if step is not Step.RECOMMENDATION and here < _STEP_RANK[step] < there]
