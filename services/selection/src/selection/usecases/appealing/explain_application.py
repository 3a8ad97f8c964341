"""The explanation of an application for the person concerned, and for those who may see the application (PIPL 24)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from selection.domain.appeals.decisions import Taken, decisions_about
from selection.domain.appeals.explanation import Explained, Line, explained
from selection.domain.applying.application import EXCLUDED, Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import Role
from shared.kernel.refusals import NotFound


async def explain_application(work: SelectionWork, application_id: UUID) -> Explained:
    """What may be told now; panel and balancing only once the roster is fixed. Raises ``NotFound`` ``not-found``."""
    application = await seen_application(work, application_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    roster = await work.people.roster_told(application.session_id)
    means = [] if roster is None else await work.people.panel_means(application.id)
    found = explained(application, policy, roster, means, await taken_about(work, application), work.today)
    private = work.actor.subject == application.account or work.actor.has(Role.REGIONAL_OFFICER)
    if application.reason == EXCLUDED and application.explanation and private:
        cited = application.explanation
        where = f"{cited['document']} {cited['clause']}"
        line = Line(f"{where}：{cited['message_zh']}", f"{where}: {cited['message_en']}")
        return replace(found, lines=(*found.lines, line))
    return found


async def taken_about(work: SelectionWork, application: Application) -> list[Taken]:
    """The announced decisions about an application."""
    roster = await work.people.roster_told(application.session_id)
    left = None
    if application.state is ApplicationState.DESELECTED:
        left = await work.people.left_at(application.id)
    return decisions_about(application, roster, left)


async def seen_application(work: SelectionWork, application_id: UUID) -> Application:
    """The application, not locked, once the caller may act on it. Raises ``NotFound`` ``not-found``."""
    found = await work.readings.applications([application_id])
    if not found:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    work.authorise(found[0].facets)
    return found[0]
