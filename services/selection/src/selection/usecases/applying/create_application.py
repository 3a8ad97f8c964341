"""Begin an application: one person in one call (S-03)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.codes import ReviewRoute
from selection.domain.organisation import Organisation, parent_of
from selection.domain.people.identity import identity_findings, normalised
from selection.domain.people.person import Person, PersonDetails
from selection.domain.policy.policy import Policy
from selection.usecases.applying.forms import Statement, checked_form
from selection.usecases.people.seal_person import INDEX_DOMAIN, known_person, seal_person
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict, Finding, Malformed, NotFound, RuleViolated


async def create_application(
    work: SelectionWork, call_id: UUID, unit: str, statement: Statement, details: PersonDetails | None
) -> Application:
    """Open a draft for the calling account; ``details`` may be left out when the account's person is known.

    Raises:
        Conflict: ``call-not-open`` (S-02), ``person-known-otherwise``; by constraint ``applied-already`` (S-03) and
            ``identity-taken``.
        RuleViolated: ``unit-outside-scope`` (S-02), ``foreign-unit`` (S-03), ``unit-not-routed`` (S-04).
        Malformed: ``bad-form``, ``bad-person``, ``unknown-unit``, ``person-missing``.
    """
    call = await work.readings.call(call_id)
    policy = await work.readings.policy(call.programme, call.policy_version)
    call.accepts(work.now)
    organisation = await _unit(work, unit)
    call.covers(unit)
    form = checked_form(statement, policy)
    person = await _person(work, details)
    application = Application(
        id=work.new_id(), person_id=person.id, account=work.actor.subject, call_id=call.id, session_id=call.session_id,
        programme=call.programme, batch=call.batch, session=call.session, policy_version=call.policy_version, unit=unit,
        unit_class=organisation.unit_class, reviewer=reviewer_of(organisation, policy),
        origin_area=organisation.area or "", birth_date=person.birth_date, required_steps=list(call.required_steps),
        form=form, unit_category=organisation.category,
    )  # fmt: skip
    work.applications.add(application)
    return application


def reviewer_of(organisation: Organisation, policy: Policy) -> str:
    """Path of the authority that reviews people of this unit (S-04).

    Raises:
        RuleViolated: ``unit-not-routed`` when the policy routes no units of this class.
    """
    route = policy.routing.get(organisation.unit_class)
    if route is None:
        raise RuleViolated(
            "unit-not-routed",
            "People of this kind of unit cannot apply: the policy names no reviewer for it.",
            rule="S-04",
            unit_class=organisation.unit_class.value,
        )
    return organisation.path if route is ReviewRoute.SELF else parent_of(organisation.path)


async def _unit(work: SelectionWork, unit: str) -> Organisation:
    if work.actor.organisation and work.actor.organisation != unit:
        raise RuleViolated("foreign-unit", "You can apply from your own unit only.", rule="S-03")
    organisation = (await work.readings.organisations([unit])).get(unit)
    if organisation is None:
        raise Malformed(
            "unknown-unit",
            "There is no such unit.",
            findings=[Finding("unknown-unit", "There is no such unit.", "/unit")],
        )
    return organisation


async def _person(work: SelectionWork, details: PersonDetails | None) -> Person:
    known = await work.persons.find(account=work.actor.subject)
    if details is None:
        if known is None:
            raise Malformed("person-missing", "State who you are: this account has no person yet.")
        return known
    number = normalised(details.identity_number)
    if findings := identity_findings(number, details.birth_date, work.today, "/person"):
        raise Malformed("bad-person", "The statement about the person is wrong.", findings=findings)
    if known is not None:
        if known.identity_index not in work.vault.blind_indexes(INDEX_DOMAIN, number):
            raise Conflict("person-known-otherwise", "This account belongs to a person with another identity number.")
        known.rename(details)
        return known
    if await known_person(work, number) is not None:
        raise Conflict("identity-taken", "This identity number belongs to a person with another account.")
    return seal_person(work, work.actor.subject, details, number)


async def own_application(work: SelectionWork, application_id: UUID) -> Application:
    """The application that the request names, once the caller may act on it.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    try:
        application = await work.applications.get(application_id)
    except NotFound:
        raise NotFound("not-found", "There is no such thing, or you may not see it.") from None
    work.authorise(application.facets)
    return await work.applications.get(application_id, target=True)
