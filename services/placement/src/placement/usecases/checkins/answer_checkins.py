"""The person asks for help, answers an invitation in one of three ways, or takes back what was told (D-04).

All of it is one action of the policy table and of the audit trail, so that no trail tells a refusal from an answer.
"""

from __future__ import annotations

from uuid import UUID

from placement.domain.checkins.checkin import Checkin, CheckinState, known
from placement.domain.placements.placement import Placement
from placement.usecases.checkins.ports import CheckinWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict


async def ask_for_help(work: CheckinWork, participation: UUID, needs: list[str]) -> Checkin:
    """Tell needs without being invited.

    Raises:
        Conflict: ``not-placed``; ``asked-already`` while the same needs are open. Malformed: ``unknown-need``.
    """
    placement = await work.placements.get(participation)
    work.authorise(Facets(account=placement.account))
    placement.must_be_placed("D-04")
    rules = await work.rules(placement.programme, placement.policy_version)
    told = known(needs, rules.year.checkins)
    for other in await work.checkins.list(participation=participation, state=CheckinState.ASKED):
        if other.needs == told:
            raise Conflict("asked-already", "You have told this, and it is still open.", rule="D-04")
    checkin = Checkin(
        id=work.new_id(), participation=participation, opened_on=work.today, needs=told, state=CheckinState.ASKED
    )
    work.checkins.add(checkin)
    return checkin


async def respond(work: CheckinWork, id: UUID, answer: str, needs: list[str]) -> Checkin:
    """Answer an invitation (``needs``, ``well``, ``decline``), ``withdraw`` or ``settle`` what was told."""
    placement, checkin = await _one(work, id)
    if answer == "needs":
        rules = await work.rules(placement.programme, placement.policy_version)
        checkin.ask(needs, rules.year.checkins, by=work.actor)
    elif answer == "well":
        checkin.say_well(work.today, by=work.actor)
    elif answer == "decline":
        checkin.decline(by=work.actor)
    elif answer == "settle":
        checkin.settle(work.today, by=work.actor)
    else:
        checkin.withdraw(by=work.actor)
    return checkin


async def take_up(work: CheckinWork, id: UUID) -> Checkin:
    """Mentor or welfare contact see to what was told."""
    _, checkin = await _one(work, id)
    checkin.take_up(by=work.actor)
    return checkin


async def settle(work: CheckinWork, id: UUID) -> Checkin:
    """Mentor or welfare contact have seen to it."""
    _, checkin = await _one(work, id)
    checkin.settle(work.today, by=work.actor)
    return checkin


async def _one(work: CheckinWork, id: UUID) -> tuple[Placement, Checkin]:
    """Decided before ``If-Match`` is looked at: what was not told answers like what is not there."""
    seen = await work.checkins.get(id)
    placement = await work.placements.get(seen.participation)
    contacts = await work.welfare_contacts.list(host=placement.host) if placement.host else []
    helpers = {contact.account for contact in contacts} | ({placement.mentor} if placement.mentor else set())
    work.authorise(seen.facets(placement.account, frozenset(helpers)))
    return placement, await work.checkins.get(id, target=True)
