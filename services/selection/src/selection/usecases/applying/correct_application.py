"""Change a draft or a returned application."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.usecases.applying.create_application import own_application
from selection.usecases.applying.forms import Statement, checked_form
from selection.usecases.ports import SelectionWork


async def correct_application(work: SelectionWork, application_id: UUID, statement: Statement) -> Application:
    """Replace what was stated.

    Raises:
        Conflict: ``wrong-state``.
        Malformed: ``bad-form``.
    """
    application = await own_application(work, application_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    application.correct(checked_form(statement, policy), work.actor)
    return application
