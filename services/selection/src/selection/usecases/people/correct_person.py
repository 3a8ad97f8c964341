"""A person asks to correct who they are; the regional authority answers, and a grant is applied at once (PIPL 46)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from selection.domain.people.identity import identity_findings, normalised
from selection.domain.people.person import Person
from selection.domain.people.register import Attribute, Extent
from selection.domain.people.rights import CORRECTION_DAYS, Correction
from selection.usecases.people.declare_attribute import own_person
from selection.usecases.people.record_read import record_read
from selection.usecases.people.seal_person import INDEX_DOMAIN, known_person, sealed_item
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict, Finding, Malformed, NotFound

PURPOSE = "correction"


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """What the person says is right; None for what stays. Identity number and birth date go together."""

    name_zh: str | None = None
    name_bo: str | None = None
    name_latin: str | None = None
    birth_date: date | None = None
    identity_number: str | None = None

    def members(self) -> dict[str, str]:
        """The members to be changed, as text."""
        named = ("name_zh", "name_bo", "name_latin", "birth_date", "identity_number")
        return {name: str(value) for name in named if (value := getattr(self, name)) is not None}


async def request_correction(work: SelectionWork, wanted: WantedPerson) -> Correction:
    """File the request; the values are sealed until it is answered.

    Raises:
        NotFound: ``not-found``.
        Malformed: ``bad-person``; ``nothing-wanted``.
        Conflict: ``correction-open`` (by constraint) while an earlier request is open.
    """
    person = await own_person(work)
    members = wanted.members()
    if not members:
        raise Malformed("nothing-wanted", "Say what is to be corrected.")
    if wanted.identity_number is not None or wanted.birth_date is not None:
        if wanted.identity_number is None or wanted.birth_date is None:
            raise Malformed(
                "bad-person", "Identity number and birth date are corrected together.",
                findings=[Finding("missing", "Identity number and birth date are corrected together.", "/birth_date")],
            )  # fmt: skip
        members["identity_number"] = normalised(wanted.identity_number)
        findings = identity_findings(members["identity_number"], wanted.birth_date, work.today, "")
        if findings:
            raise Malformed("bad-person", "The statement about the person is wrong.", findings=findings)
    id = work.new_id()
    sealed = work.vault.seal(person.key, str(person.id), _place(id), json.dumps(members, ensure_ascii=False))
    correction = Correction(
        id=id, person_id=person.id, account=person.account, members=sorted(members), wanted_sealed=sealed,
        filed_at=work.now, due_by=work.today + timedelta(days=CORRECTION_DAYS),
    )  # fmt: skip
    work.corrections.add(correction)
    return correction


async def withdraw_correction(work: SelectionWork, correction_id: UUID) -> Correction:
    """Take a request back. Raises ``Conflict`` ``wrong-state``, ``NotFound``."""
    correction = await _visible(work, correction_id)
    correction.withdraw(work.actor)
    return correction


async def show_correction(work: SelectionWork, correction_id: UUID) -> tuple[Correction, dict[str, str]]:
    """The request with its values, for whoever answers it; the read is in the person's log. Raises ``NotFound``."""
    correction = await _visible(work, correction_id)
    person = await work.persons.get(correction.person_id)
    if person.erased_at is not None:
        return correction, {}
    record_read(work, person.id, None, Attribute.NAMES, Extent.WHOLE, PURPOSE)
    if "identity_number" in correction.members:
        record_read(work, person.id, None, Attribute.IDENTITY_NUMBER, Extent.WHOLE, PURPOSE)
    return correction, _wanted(work, person, correction)


async def answer_correction(work: SelectionWork, correction_id: UUID, grant: bool, reason: str | None) -> Correction:
    """Grant and apply, or refuse with a reason.

    Raises:
        Conflict: ``wrong-state``; ``identity-taken`` when the number belongs to another person.
        Malformed: ``reason-missing``.
        NotFound: ``not-found``.
    """
    correction = await _visible(work, correction_id)
    if not grant:
        if reason is None:
            raise Malformed("reason-missing", "Give the reason.")
        correction.refuse(reason, work.actor, work.now)
        return correction
    correction.accept(work.actor, work.now)
    person = await work.persons.get(correction.person_id)
    await _apply(work, person, _wanted(work, person, correction))
    work.note("person.correct", "person", str(person.id), members=correction.members)
    return correction


async def _apply(work: SelectionWork, person: Person, wanted: dict[str, str]) -> None:
    person.name_zh = wanted.get("name_zh", person.name_zh)
    person.name_bo = wanted.get("name_bo", person.name_bo)
    person.name_latin = wanted.get("name_latin", person.name_latin)
    if (number := wanted.get("identity_number")) is None:
        return
    other = await known_person(work, number)
    if other is not None and other.id != person.id:
        raise Conflict("identity-taken", "This identity number belongs to a person with another account.")
    person.birth_date = date.fromisoformat(wanted["birth_date"])
    person.identity_index = work.vault.blind_index(INDEX_DOMAIN, number)
    await work.people.delete_items(person.id, [Attribute.IDENTITY_NUMBER])
    work.vault_items.add(sealed_item(work, person, Attribute.IDENTITY_NUMBER, number))
    for application in await work.applications.list(person_id=person.id):
        application.birth_date = person.birth_date


async def _visible(work: SelectionWork, correction_id: UUID) -> Correction:
    try:
        correction = await work.corrections.get(correction_id)
    except NotFound:
        raise NotFound("not-found", "There is no such thing, or you may not see it.") from None
    work.authorise(correction.facets)
    return await work.corrections.get(correction_id, target=True)


def _wanted(work: SelectionWork, person: Person, correction: Correction) -> dict[str, str]:
    opened = work.vault.open(person.key, str(person.id), _place(correction.id), correction.wanted_sealed)
    wanted: dict[str, Any] = json.loads(opened)
    return {str(name): str(value) for name, value in wanted.items()}


def _place(id: UUID) -> str:
    return f"correction|wanted_sealed|{id}"
