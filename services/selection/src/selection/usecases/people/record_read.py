"""Write a read of the vault into the audit trail and into the log that the person sees, in the read's own transaction."""

from __future__ import annotations

from uuid import UUID

from selection.domain.people.register import Attribute, Extent
from selection.domain.people.vault_item import VaultRead
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import Role


def record_read(
    work: SelectionWork,
    person: UUID,
    participation: UUID | None,
    attribute: Attribute,
    extent: Extent,
    purpose: str,
    action: str = "person.open",
) -> None:
    """Leave both entries; ids and codes only."""
    reader = work.actor.subject if work.actor.has(Role.SERVICE, Role.SYSTEM) else min(map(str, work.actor.roles))
    work.reads.add(
        VaultRead(
            id=work.new_id(), person_id=person, participation=participation, attribute=attribute, extent=extent.value,
            purpose=purpose, reader=reader, reader_organisation=work.actor.organisation, read_at=work.now,
        )
    )  # fmt: skip
    object_type, object_id = ("person", person) if participation is None else ("participation", participation)
    work.note(action, object_type, str(object_id), purpose=purpose, attribute=str(attribute), extent=str(extent))
