"""The selecting authority takes a person off a roster in force, by amendment and with a coded reason (S-07)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.stage import stage_of
from selection.domain.policy.places import Stage
from selection.domain.roster.roster import STANDING_STATES, Roster
from selection.usecases.following.vacate_place import vacate_place
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import system
from shared.kernel.refusals import Conflict, Finding, Malformed


async def deselect_candidate(work: SelectionWork, roster_id: UUID, application_id: UUID, reason: str) -> Roster:
    """Deselect before the start; the place goes to the reserve as after a withdrawal.

    Raises:
        Conflict: ``wrong-state`` for a roster that is not in force; ``not-on-roster`` unless the person holds a place
            and has not begun.
        Malformed: ``unknown-code`` for a reason that the policy does not list.
    """
    roster = await work.rosters.get(roster_id, target=True)
    if roster.state not in STANDING_STATES:
        raise Conflict("wrong-state", "Only a roster in force is amended.", state=str(roster.state))
    policy = await work.readings.policy(roster.programme, roster.policy_version)
    known = set(policy.rejection_reasons) | policy.withdrawal_reasons
    if reason not in known:
        finding = Finding("unknown-code", f"The policy knows {sorted(known)}.", "/reason")
        raise Malformed("unknown-code", "The policy has no such reason.", findings=[finding])
    held = {entry.application for entry in roster.selected}
    person = await work.applications.get(application_id) if application_id in held else None
    if person is None or person.state is not ApplicationState.SELECTED or stage_of(person) is Stage.STARTED:
        raise Conflict(
            "not-on-roster", "This person holds no place here that could still be given to another.", rule="S-07"
        )
    stage = stage_of(person)
    person.deselect(reason, system("selection"))
    await vacate_place(work, person, reason, stage)
    return roster
