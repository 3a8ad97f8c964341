"""Make a person: one random key, wrapped once, and what it seals. Cheap enough for imports: no key derivation."""

from __future__ import annotations

from uuid import UUID

from selection.domain.people.person import Person, PersonDetails
from selection.domain.people.register import Attribute
from selection.domain.people.vault_item import VaultItem, place_of
from selection.usecases.ports import SelectionWork

INDEX_DOMAIN = "identity-number"


async def known_person(work: SelectionWork, number: str) -> Person | None:
    """Whoever has this (normalised) identity number, not locked; also while service keys are being rotated."""
    return await work.people.known_by_index(work.vault.blind_indexes(INDEX_DOMAIN, number))


def seal_person(work: SelectionWork, account: str, details: PersonDetails, number: str) -> Person:
    """Add a new person with sealed identity number and telephone.

    Args:
        work: the transaction.
        account: opaque account id.
        details: checked by ``identity_findings``.
        number: the normalised identity number.
    """
    id = work.new_id()
    person = Person(
        id=id, account=account, name_zh=details.name_zh, name_bo=details.name_bo, name_latin=details.name_latin,
        birth_date=details.birth_date, wrapped_key=work.vault.new_key(str(id)), key_id=work.vault.key_id,
        identity_index=work.vault.blind_index(INDEX_DOMAIN, number),
    )  # fmt: skip
    work.persons.add(person)
    work.vault_items.add(sealed_item(work, person, Attribute.IDENTITY_NUMBER, number))
    if details.phone is not None:
        work.vault_items.add(sealed_item(work, person, Attribute.PHONE, details.phone))
    return person


def sealed_item(
    work: SelectionWork, person: Person, attribute: Attribute, plain: str, consent: UUID | None = None
) -> VaultItem:
    """A value sealed to its person and attribute, not yet added."""
    sealed = work.vault.seal(person.key, str(person.id), place_of(attribute, person.id), plain)
    return VaultItem(
        id=work.new_id(),
        person_id=person.id,
        attribute=attribute,
        sealed=sealed,
        consent_id=consent,
        stated_at=work.now,
    )


def opened(work: SelectionWork, person: Person, item: VaultItem) -> str:
    """The plain value. Raises ``SealBroken`` when row, key and value do not belong together."""
    return work.vault.open(person.key, str(person.id), place_of(item.attribute, person.id), item.sealed)
