"""Bring a host's register of mentors up to date (M-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from placement.domain.hosts import Mentor
from placement.usecases.batches import Batch
from placement.usecases.hosts.register_hosts import Counts
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Malformed, NotFound

_NAMED = ("title_level", "specialties", "load_limit", "employed_from", "employed_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorEntry:
    """A mentor as the host names it."""

    account: str
    title_level: str
    specialties: list[str]
    load_limit: int
    employed_from: date | None = None
    employed_until: date | None = None


async def register_mentors(work: PlacementWork, code: str, entries: Sequence[MentorEntry]) -> Counts:
    """Create or update mentors of one host by their account.

    Raises:
        NotFound: ``not-found`` for an unknown host or another's.
        Conflict: ``limit-below-load`` when a mentor has more trainees than the new limit allows.
    """
    path = f"hosts/{code}"
    work.authorise(Facets(host=path))
    if await work.hosts.find(code=code) is None:
        raise NotFound("not-found", "There is no such host.")
    known = {mentor.account: mentor for mentor in await work.mentors.list(host=path)}
    batch, seen = Batch(), set[str]()
    created = changed = 0
    for number, entry in enumerate(entries):
        with batch.at(number):
            if entry.account in seen:
                raise Malformed("duplicate-item", "The list names this twice.")
            seen.add(entry.account)
            if entry.employed_from and entry.employed_until and entry.employed_until < entry.employed_from:
                raise Malformed("ends-before-start", "The last day lies before the first.", rule="M-05")
            mentor = known.get(entry.account)
            if mentor is None:
                work.mentors.add(
                    Mentor(
                        id=work.new_id(),
                        account=entry.account,
                        host=path,
                        title_level=entry.title_level,
                        specialties=entry.specialties,
                        load_limit=entry.load_limit,
                        employed_from=entry.employed_from,
                        employed_until=entry.employed_until,
                    )
                )
                created += 1
                continue
            if entry.load_limit < mentor.load:
                raise Conflict("limit-below-load", f"The mentor has {mentor.load} trainees.", rule="M-05")
            new = {name: getattr(entry, name) for name in _NAMED}
            if new != {name: getattr(mentor, name) for name in _NAMED}:
                for name, value in new.items():
                    setattr(mentor, name, value)
                changed += 1
    batch.settle()
    return Counts(len(entries), created, changed, len(entries) - created - changed)
