"""The authority admits, decides and closes an appeal; never by somebody who took part in the decision."""

from __future__ import annotations

from uuid import UUID

from selection.domain.appeals.appeal import Appeal, AppealState, Remedy
from selection.domain.appeals.decisions import DecisionKind
from selection.domain.applying.lifecycle import ApplicationState
from selection.usecases.appealing.file_appeal import seen_appeal
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import RuleViolated

_K = DecisionKind
_OF_REVIEW = frozenset({_K.REJECTION, _K.ELIGIBILITY, _K.WAIVER_REFUSED})
_GRANTED = frozenset({AppealState.UPHELD.value, AppealState.PARTLY_UPHELD.value})


async def accept_appeal(work: SelectionWork, appeal_id: UUID) -> Appeal:
    """Admit. Raises ``Conflict`` ``wrong-state``, ``Forbidden`` ``own-decision``."""
    appeal = await seen_appeal(work, appeal_id)
    appeal.accept(work.actor)
    return appeal


async def take_up_appeal(work: SelectionWork, appeal_id: UUID) -> Appeal:
    """Take under review. Raises ``Conflict`` ``wrong-state``, ``Forbidden`` ``own-decision``."""
    appeal = await seen_appeal(work, appeal_id)
    appeal.take_up(work.actor)
    return appeal


async def decide_appeal(work: SelectionWork, appeal_id: UUID, action: str, reason: str) -> Appeal:
    """Decide with a reason. An upheld objection to the local review sends the application back to it, at once.

    A place is never given by itself: what is done about an upheld objection to the roster is the region's own act,
    recorded when the appeal is closed.

    Raises:
        Conflict: ``wrong-state``. Forbidden: ``own-decision``.
    """
    appeal = await seen_appeal(work, appeal_id)
    work.announce(appeal.decide(action, reason, work.actor, work.now))
    if appeal.outcome in _GRANTED and appeal.decision in _OF_REVIEW:
        application = await work.applications.get(appeal.application_id)
        if application.state is ApplicationState.REJECTED:
            work.announce(application.reopen(work.actor))
        appeal.close(Remedy.BACK_TO_REVIEW, None, work.actor)
    return appeal


async def close_appeal(work: SelectionWork, appeal_id: UUID, remedy: Remedy, note: str | None) -> Appeal:
    """Write down what was done about a decided appeal.

    Raises:
        RuleViolated: ``remedy-unfit`` unless ``none_needed`` goes with a refusal and everything else with a grant.
        Conflict: ``wrong-state``.
    """
    appeal = await seen_appeal(work, appeal_id)
    fits = (remedy is not Remedy.NONE_NEEDED and remedy is not Remedy.BACK_TO_REVIEW) == (appeal.outcome in _GRANTED)
    if appeal.outcome is not None and not fits:
        raise RuleViolated("remedy-unfit", "This remedy does not fit the outcome.", outcome=appeal.outcome)
    appeal.close(remedy, note, work.actor)
    return appeal
