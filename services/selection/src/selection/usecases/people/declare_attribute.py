"""A person states one attribute about themselves, with the consent it needs, or takes it back (PIPL 15, 29)."""

from __future__ import annotations

import re

from selection.domain.people.person import Person
from selection.domain.people.register import DECLARABLE, NOTICES, PURPOSES, SEPARATE_CONSENT, Attribute
from selection.domain.people.vault_item import Consent, VaultItem
from selection.usecases.people.seal_person import sealed_item
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Finding, Malformed, NotFound, RuleViolated

_SHAPES = {
    Attribute.PHONE: re.compile(r"\+?[0-9][0-9 -]{4,24}"),
    Attribute.EMAIL: re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[A-Za-z]{2,24}"),
    Attribute.BANK_ACCOUNT: re.compile(r"[0-9]{9,30}"),
    Attribute.HEALTH_ACCOMMODATION: re.compile(r"[\s\S]{1,1000}"),
}


async def own_person(work: SelectionWork) -> Person:
    """The caller's person, locked. Raises ``NotFound`` ``not-found`` for an account that has none."""
    person = await work.persons.find(account=work.actor.subject)
    if person is None:
        raise NotFound("not-found", "This account has no person yet.")
    work.authorise(Facets(account=person.account))
    return person


async def declare_attribute(work: SelectionWork, name: str, value: str, notice_version: str) -> VaultItem:
    """Seal a value under the notice the person has read; an earlier value and consent give way.

    Raises:
        NotFound: ``not-found`` for an account without a person; ``no-such-attribute``.
        Conflict: ``notice-changed`` naming the version in force.
        Malformed: ``bad-value``.
        RuleViolated: ``not-needed`` for ethnicity while no policy the person applied under states a composition target.
    """
    attribute = _declarable(name)
    person = await own_person(work)
    notice = NOTICES[attribute]
    if notice_version != notice.version:
        raise Conflict(
            "notice-changed", "Read the notice in force and name its version.", notice_version=notice.version
        )
    await _check(work, person, attribute, value)
    await _withdraw_standing(work, person, attribute)
    await work.people.delete_items(person.id, [attribute])
    consent = None
    if attribute in SEPARATE_CONSENT:
        purposes = sorted({row.purpose for row in PURPOSES if row.attribute is attribute} - {"own-access"})
        consent = Consent(
            id=work.new_id(), person_id=person.id, attribute=attribute, purposes=purposes,
            notice_version=notice.version, given_at=work.now,
        )  # fmt: skip
        work.consents.add(consent)
    item = sealed_item(work, person, attribute, value, None if consent is None else consent.id)
    work.vault_items.add(item)
    return item


async def withdraw_attribute(work: SelectionWork, name: str) -> Attribute:
    """Take a statement and its consent back: the value is deleted, the consent record stays as withdrawn.

    Raises:
        NotFound: ``not-found``, ``no-such-attribute``, ``not-stated``.
    """
    attribute = _declarable(name)
    person = await own_person(work)
    await _withdraw_standing(work, person, attribute)
    if not await work.people.delete_items(person.id, [attribute]):
        raise NotFound("not-stated", "You have not stated this.")
    return attribute


def _declarable(name: str) -> Attribute:
    found = next((attribute for attribute in DECLARABLE if attribute.value == name), None)
    if found is None:
        raise NotFound("no-such-attribute", "There is no such attribute that a person states alone.")
    return found


async def _withdraw_standing(work: SelectionWork, person: Person, attribute: Attribute) -> None:
    for consent in await work.consents.list(person_id=person.id, attribute=attribute.value):
        if consent.withdrawn_at is None:
            consent.withdraw(work.now)


async def _check(work: SelectionWork, person: Person, attribute: Attribute, value: str) -> None:
    if attribute is Attribute.ETHNICITY:
        codes = await _composition_codes(work, person)
        if not codes:
            raise RuleViolated(
                "not-needed", "No policy that you applied under states a composition target; this is not collected.",
                rule="7.3",
            )  # fmt: skip
        if value in codes:
            return
    elif _SHAPES[attribute].fullmatch(value):
        return
    raise Malformed(
        "bad-value", "The value does not have the form asked for.",
        findings=[Finding("bad-value", "The value does not have the form asked for.", "/value")],
    )  # fmt: skip


async def _composition_codes(work: SelectionWork, person: Person) -> frozenset[str]:
    codes: set[str] = set()
    for application in await work.people.participations(person.id):
        policy = await work.readings.policy(application.programme, application.policy_version)
        if policy.composition is not None:
            codes |= {cell.code for cell in policy.composition.cells}
    return frozenset(codes)
