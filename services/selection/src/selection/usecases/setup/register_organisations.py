"""Register or change organisations, many at once, by path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from selection.domain.codes import UnitClass
from selection.domain.organisation import Organisation, area_of, is_path
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import each_row, no_twice
from shared.kernel.refusals import Finding, Malformed


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """One row of the registry as handed in."""

    path: str
    name_zh: str
    name_bo: str | None
    name_en: str
    unit_class: UnitClass
    area: str | None
    category: str | None = None


async def register_organisations(work: SelectionWork, entries: Sequence[OrganisationEntry]) -> list[Organisation]:
    """Add what is new by path, change what is known; the rows come back in their order.

    Raises:
        Malformed: ``bad-path`` or ``row-twice``.
    """
    no_twice((entry.path for entry in entries), "path")
    known = {each.path: each for each in await work.organisations.list(path=[entry.path for entry in entries])}

    def register(entry: OrganisationEntry) -> Organisation:
        if not is_path(entry.path):
            raise Malformed(
                "bad-path", "Give a path.", findings=[Finding("bad-path", "This is no organisation path.", "/path")]
            )
        organisation = known.get(entry.path)
        if organisation is None:
            organisation = Organisation(
                id=work.new_id(), path=entry.path, name_zh=entry.name_zh, name_bo=entry.name_bo, name_en=entry.name_en,
                unit_class=entry.unit_class, area=entry.area or area_of(entry.path),
            )  # fmt: skip
            work.organisations.add(organisation)
        organisation.name_zh, organisation.name_bo, organisation.name_en = entry.name_zh, entry.name_bo, entry.name_en
        organisation.unit_class, organisation.area = entry.unit_class, entry.area or area_of(entry.path)
        organisation.category = entry.category
        return organisation

    return each_row(entries, register)
