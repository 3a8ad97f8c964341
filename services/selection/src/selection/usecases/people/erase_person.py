"""Erase a person: the key is destroyed, what is readable is taken out, codes stay (PIPL 47). There is no way back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.facts import PersonErased
from selection.domain.people.person import Person
from selection.domain.people.register import days_of
from selection.usecases.people.declare_attribute import own_person
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict, Finding

_S = ApplicationState
_RUNNING = (
    _S.SUBMITTED, _S.RETURNED, _S.LOCAL_APPROVED, _S.PANEL_REVIEWED, _S.CLASSIFIED, _S.SELECTED, _S.RESERVE,
)  # fmt: skip


async def erase_on_request(work: SelectionWork) -> Person:
    """Erase the caller's own person, at once.

    Raises:
        NotFound: ``not-found``.
        Conflict: ``erasure-held`` with every reason: ``participation-open``, ``accounts-kept`` (with the day it ends),
            ``legal-hold``, ``appeal-open``, ``correction-open``.
    """
    person = await own_person(work)
    applications = await work.people.participations(person.id)
    findings = [Finding(code, _WORDS[code]) for code in await work.people.holds(person.id)]
    for application in applications:
        findings += await _held_by(work, application)
    if findings:
        raise Conflict(
            "erasure-held", "Your data cannot be erased now; each reason is given. You may withdraw your consents.",
            findings=findings,
        )  # fmt: skip
    await erase(work, person, "on-request")
    return person


async def erase(work: SelectionWork, person: Person, cause: str) -> None:
    """Destroy the key and anonymise every row that is kept; each participation is told to the other services.

    The blind index and the sealed values go with it; what is still in a backup can be opened by nobody once the backup
    of the wrapped key has run out (see the decision record).
    """
    participations = await work.people.participations(person.id)
    account = person.account
    for consent in await work.consents.list(person_id=person.id):
        if consent.withdrawn_at is None:
            consent.withdraw(work.now)
    person.erase(work.now)
    await work.people.anonymise(person.id, account, person.account)
    work.announce(*(PersonErased(each.id) for each in participations))
    work.note("person.erase", "person", str(person.id), cause=cause)


async def _held_by(work: SelectionWork, application: Application) -> list[Finding]:
    if application.state in _RUNNING:
        return [
            Finding("participation-open", _WORDS["participation-open"], values={"application": str(application.id)})
        ]
    if application.started_on is None and application.state is not _S.COMPLETED:
        return []
    until = await kept_until(work, application.session_id)
    if work.today > until:
        return []
    return [Finding("accounts-kept", _WORDS["accounts-kept"], values={"until": until.isoformat()})]


async def kept_until(work: SelectionWork, session_id: UUID) -> date:
    """The last day on which the accounts of a training must still name the person."""
    session = await work.readings.session(session_id)
    return date.fromordinal(session.planned_end.toordinal() + days_of("core-record"))


_WORDS = {
    "participation-open": "You take part now; withdraw first.",
    "accounts-kept": "You were paid for; the accounts must be kept until the day named.",
    "legal-hold": "A legal hold forbids deleting.",
    "appeal-open": "An appeal of yours is open.",
    "correction-open": "A request for correction of yours is open.",
}
