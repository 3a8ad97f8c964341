"""Wrap persons' keys anew after the service key was rotated, so that the retired key can be dropped."""

from __future__ import annotations

from selection.domain.people.register import Attribute
from selection.usecases.people.seal_person import INDEX_DOMAIN, opened
from selection.usecases.ports import SelectionWork

BATCH = 500


async def rewrap_keys(work: SelectionWork) -> int:
    """Rewrap up to 500 keys that another service key wraps, and key the blind index of those people anew.

    Returns:
        how many; 0 means that every key is wrapped by the current one and the retired keys may be dropped.
    """
    ids = await work.people.wrapped_otherwise(work.vault.key_id, BATCH)
    if not ids:
        return 0
    items = await work.people.items(ids, Attribute.IDENTITY_NUMBER)
    for person in await work.persons.get_many(ids):
        if person.wrapped_key is None:
            continue
        if (item := items.get(person.id)) is not None:
            person.identity_index = work.vault.blind_index(INDEX_DOMAIN, opened(work, person, item))
        person.wrapped_key = work.vault.rewrap(person.wrapped_key, str(person.id))
        person.key_id = work.vault.key_id
    work.note("vault.rewrap", "vault", work.vault.key_id, count=len(ids))
    return len(ids)
