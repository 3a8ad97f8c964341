"""Bring the register of hosts up to date (P-04, D-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from placement.domain.hosts import PROVINCES, Host, HostType, Sector
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEntry:
    """A line of the register as it is handed in."""

    code: str
    path: str
    type: HostType
    province: str
    name_zh: str
    name_en: str
    sector: Sector
    specialty_groups: list[str]
    specialties: list[str]
    area: str | None = None
    unit_class: str | None = None
    coordinator: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What a register update did."""

    count: int
    created: int
    changed: int
    unchanged: int


async def register_hosts(work: PlacementWork, entries: Sequence[HostEntry]) -> Counts:
    """Create or update hosts by their code; what is not named stays as it is.

    Raises:
        Malformed: ``unknown-province``, ``unknown-area``, ``path-mismatch`` or ``duplicate-item`` with a pointer for each.
    """
    batch, seen = Batch(), set[str]()
    for number, entry in enumerate(entries):
        with batch.at(number, "province"):
            if entry.province not in PROVINCES:
                raise Malformed("unknown-province", "Use a two-digit code of GB/T 2260.")
        with batch.at(number, "area"):
            if entry.area is not None and not entry.area.startswith(entry.province):
                raise Malformed("unknown-area", "The area lies in another province.")
        with batch.at(number, "path"):
            if entry.path != f"hosts/{entry.code}":
                raise Malformed("path-mismatch", f"The path of this host is 'hosts/{entry.code}'.")
        with batch.at(number, "code"):
            if entry.code in seen:
                raise Malformed("duplicate-item", "The list names this twice.")
            seen.add(entry.code)
    batch.settle()
    known = {host.code: host for host in await work.hosts.list(code=seen)}
    created = changed = 0
    for entry in entries:
        members = _members(entry)
        host = known.get(entry.code)
        if host is None:
            work.hosts.add(Host(id=work.new_id(), **members))
            created += 1
        elif host != replace(host, **members):
            for name, value in members.items():
                setattr(host, name, value)
            changed += 1
    return Counts(len(entries), created, changed, len(entries) - created - changed)


def _members(entry: HostEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in HostEntry.__dataclass_fields__}
