"""A person takes over the application that somebody registered for them (S-03)."""

from __future__ import annotations

import base64
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.people.identity import normalised
from selection.usecases.ports import Seals, SelectionWork
from shared.kernel.refusals import Conflict, NotFound

UNCLAIMED = "unclaimed:"


def claim_code(vault: Seals, application_id: UUID) -> str:
    """The sixteen characters with which the person takes the application over; a keyed function of its id."""
    return base64.b32encode(vault.blind_index("claim-code", str(application_id))[:10]).decode()


async def claim_application(work: SelectionWork, code: str, identity_number: str) -> Application:
    """Make the calling account the one of the person behind a registration.

    Raises:
        NotFound: no such code, or another identity number; the two are indistinguishable on purpose.
        Conflict: ``claimed-already``, ``person-known`` when the account has a person already.
    """
    registration = await work.registrations.find(claim_index=work.vault.blind_indexes("claim", code.strip().upper()))
    application = None if registration is None else await work.applications.get(registration.id)
    if registration is None or application is None:
        raise _nothing()
    person = await work.persons.get(application.person_id)
    if person.identity_index not in work.vault.blind_indexes("identity-number", normalised(identity_number)):
        raise _nothing()
    registration.claim(work.now)
    before = person.account
    if not before.startswith(UNCLAIMED):
        if before != work.actor.subject:
            raise _nothing()
        return application
    if await work.persons.find(account=work.actor.subject) is not None:
        raise Conflict("person-known", "This account has a person already.")
    person.account = work.actor.subject
    for each in await work.applications.list(person_id=person.id):
        each.account = work.actor.subject
    for said in await work.recommendations.list(account=before):
        said.account = work.actor.subject
    return application


def _nothing() -> NotFound:
    return NotFound("claim-not-found", "There is no application with this code for this identity number.")
