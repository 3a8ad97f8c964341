"""How far an application has come, in the words in which a policy speaks of leaving."""

from __future__ import annotations

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.policy.places import Stage

_STAGES = {
    ApplicationState.DRAFT: Stage.DRAFT,
    ApplicationState.RETURNED: Stage.IN_REVIEW,
    ApplicationState.RESERVE: Stage.RESERVE,
    ApplicationState.SELECTED: Stage.SELECTED,
}


def stage_of(application: Application) -> Stage:
    """The stage; ``placed`` and ``started`` once placement reported them."""
    stage = _STAGES.get(application.state, Stage.IN_REVIEW)
    if stage is not Stage.SELECTED:
        return stage
    if application.started_on is not None:
        return Stage.STARTED
    return Stage.PLACED if application.placed_on is not None else Stage.SELECTED
