"""A host names whom trainees may turn to besides their mentor (D-04)."""

from __future__ import annotations

from placement.domain.checkins.checkin import WelfareContact
from placement.usecases.checkins.ports import CheckinWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict


async def name_contact(work: CheckinWork, account: str) -> WelfareContact:
    """Name the welfare contact of the caller's host; the one before sees nothing from now on.

    Raises:
        Conflict: ``contact-already``.
    """
    host = work.actor.organisation
    work.authorise(Facets(host=host))
    contact = await work.welfare_contacts.find(host=host)
    if contact is None:
        contact = WelfareContact(id=work.new_id(), host=host, account=account, named_on=work.today)
        work.welfare_contacts.add(contact)
        return contact
    if contact.account == account:
        raise Conflict("contact-already", "This person is the welfare contact already.", rule="D-04")
    contact.account, contact.named_on = account, work.today
    return contact
