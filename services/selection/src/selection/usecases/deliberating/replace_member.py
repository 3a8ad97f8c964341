"""Replace a member of an open panel; what they scored stays, what they had not scored goes to others (S-05)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.panel.assigned import AssignmentState
from selection.domain.panel.assignment import Member
from selection.domain.panel.panel import Panel
from selection.usecases.deliberating.assign_candidates import assign_open, waiting_candidates
from selection.usecases.deliberating.form_panel import member_findings
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Malformed


async def replace_member(work: SelectionWork, panel_id: UUID, out: str, member: Member, reason: str) -> Panel:
    """Seat ``member`` in the place of ``out``; a chair's successor takes the chair.

    Raises:
        Malformed: ``bad-panel`` when ``out`` does not sit there, or the new member does already.
        Conflict: ``panel-concluded``. RuleViolated: ``no-expert-left``.
    """
    panel = await work.panels.get(panel_id, target=True)
    work.authorise(panel.facets)
    session = await work.readings.session(panel.session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    findings = await member_findings(work, policy, [member], "")
    findings += panel.seat_findings(out, member.account)
    if findings:
        raise Malformed("bad-panel", "The member cannot be replaced like this.", findings=findings)
    panel.replace_member(out, member, reason, work.now)
    work.note("panel.replace", "panel", str(panel.id), out=out, member=member.account)
    if panel.assigned:
        scored = {each.application_id for each in await work.sheets.list(panel_id=panel.id, expert=out)}
        gone = {
            each.application_id: each
            for each in await work.assignments.list(panel_id=panel.id, expert=out, state=AssignmentState.ASSIGNED)
            if each.application_id not in scored
        }
        for assignment in gone.values():
            assignment.release("replaced", work.actor)
        await assign_open(work, panel, [each for each in await waiting_candidates(work, panel) if each.id in gone])
    return panel
