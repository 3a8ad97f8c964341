"""Leaders call meetings of their groups and call them off (D-01)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from placement.domain.groups.group import GroupState
from placement.domain.groups.meetings import Meeting
from placement.usecases.year_ports import GroupWork
from shared.kernel.refusals import Conflict, RuleViolated


async def call_meeting(work: GroupWork, group_id: UUID, starts_at: datetime, place: str) -> Meeting:
    """Call a meeting. Raises ``RuleViolated`` ``meeting-in-past``, ``Conflict`` ``group-not-active``."""
    group = await work.groups.get(group_id, target=True)
    work.authorise(group.facets)
    if group.state is not GroupState.ACTIVE:
        raise Conflict("group-not-active", "The group is not at work.", rule="D-01")
    if starts_at <= work.now:
        raise RuleViolated("meeting-in-past", "A meeting is called before it begins.", rule="D-01")
    meeting = Meeting(id=work.new_id(), group=group_id, starts_at=starts_at, place=place, called_by=work.actor.subject)
    work.meetings.add(meeting)
    return meeting


async def call_meeting_off(work: GroupWork, id: UUID) -> Meeting:
    """Call a meeting off."""
    meeting = await work.meetings.get(id, target=True)
    work.authorise((await work.groups.get(meeting.group)).facets)
    meeting.call_off(by=work.actor)
    return meeting
