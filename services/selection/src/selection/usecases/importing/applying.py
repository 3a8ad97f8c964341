"""Make applications of checked rows: the same persons, forms and judgements as single applications (S-03)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.importing.registration import Registration
from selection.domain.importing.row import SheetRow
from selection.domain.organisation import Organisation
from selection.domain.people.identity import normalised
from selection.domain.people.person import Person, PersonDetails
from selection.domain.policy.policy import Policy
from selection.domain.programmes.call import Call
from selection.usecases.applying.create_application import reviewer_of
from selection.usecases.applying.forms import checked_form, judged
from selection.usecases.importing.claiming import UNCLAIMED, claim_code
from selection.usecases.importing.stating import statement_of
from selection.usecases.people.seal_person import seal_person
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import seat_on_submission
from shared.kernel.refusals import RuleViolated


@dataclass(frozen=True, slots=True)
class RowToApply:
    """A checked row, its keys, and the person of that identity number where there is one."""

    row: SheetRow
    identity_index: bytes
    digest: bytes
    person: UUID | None


async def apply_rows(
    work: SelectionWork, job_id: UUID, call: Call, policy: Policy, organisations: Mapping[str, Organisation],
    rows: Sequence[RowToApply],
) -> list[Application]:  # fmt: skip
    """Register every row, in order; nobody's application is touched twice.

    Raises:
        Conflict: ``call-not-open`` when the window closed meanwhile (S-02), ``quota-full`` where handing in takes a seat.
        RuleViolated: ``import-not-allowed`` by policy.
    """
    call.accepts(work.now)
    if not work.actor.has(*policy.import_allowed_for):
        raise RuleViolated("import-not-allowed", "The policy does not let you register people by sheet.", rule="S-03")
    known = {person.id: person for person in await work.persons.get_many({row.person for row in rows if row.person})}
    made = []
    for each in rows:
        row = each.row
        person = known[each.person] if each.person is not None else _person(work, row)
        application = _application(work, call, policy, organisations[row.unit], row, person)
        work.applications.add(application)
        if policy.import_arrives_submitted:
            eligibility = judged(application, call.profile, policy, work.today)
            work.announce(application.submit(eligibility, work.actor, work.now, work.today))
            await seat_on_submission(work, application, policy.places)
        work.registrations.add(
            Registration(
                id=application.id, call_id=call.id, job_id=job_id, organisation=work.actor.organisation,
                by=work.actor.subject, digest=each.digest, consent_stated_at=work.now,
                claim_index=work.vault.blind_index("claim", claim_code(work.vault, application.id)),
            )
        )  # fmt: skip
        made.append(application)
    return made


def _application(
    work: SelectionWork, call: Call, policy: Policy, organisation: Organisation, row: SheetRow, person: Person
) -> Application:
    return Application(
        id=work.new_id(), person_id=person.id, account=person.account, call_id=call.id, session_id=call.session_id,
        programme=call.programme, batch=call.batch, session=call.session, policy_version=call.policy_version,
        unit=row.unit, unit_class=organisation.unit_class, reviewer=reviewer_of(organisation, policy),
        origin_area=organisation.area or "", birth_date=person.birth_date, required_steps=list(call.required_steps),
        form=checked_form(statement_of(row), policy), unit_category=organisation.category,
    )  # fmt: skip


def _person(work: SelectionWork, row: SheetRow) -> Person:
    """A person whose account is a token that nobody signs in with, until the person takes the application over."""
    number = normalised(row.identity_number)
    details = PersonDetails(row.name_zh, row.name_bo, row.name_latin, row.birth_date, number, row.phone)
    person = seal_person(work, UNCLAIMED, details, number)
    person.account = f"{UNCLAIMED}{person.id}"
    return person
