"""Who looks at whom: candidates to experts, evenly, by specialty group, never with a conflict, the same for the same seed (S-05)."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Member:
    """An expert of a panel.

    Attributes:
        account: of the expert; never the account of a candidate they see.
        unit: path of their own unit, or None when it is not known here.
        specialty_groups: groups they know; empty means all.
    """

    account: str
    unit: str | None = None
    specialty_groups: tuple[str, ...] = ()

    def knows(self, group: str) -> bool:
        """True when the expert may judge candidates of this group."""
        return not self.specialty_groups or group in self.specialty_groups


@dataclass(frozen=True, slots=True)
class Seeker:
    """A candidate who needs experts."""

    application: UUID
    account: str
    unit: str
    specialty_group: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome: pairs (application, expert) to add, and candidates for whom too few experts are left."""

    pairs: tuple[tuple[UUID, str], ...]
    short: tuple[UUID, ...]


def conflicted(member: Member, seeker: Seeker, declared: Collection[tuple[UUID, str]]) -> bool:
    """True when the expert must not see the candidate: themself, the same unit, or declared."""
    same_unit = member.unit is not None and member.unit == seeker.unit
    return member.account == seeker.account or same_unit or (seeker.application, member.account) in declared


def assign(
    members: Sequence[Member],
    seekers: Iterable[Seeker],
    wanted: int,
    seed: str,
    *,
    declared: Collection[tuple[UUID, str]] = (),
    standing: Collection[tuple[UUID, str]] = (),
) -> Plan:
    """Give every candidate ``wanted`` experts.

    The candidate with the fewest possible experts comes first; each takes the experts with the least load. Equals are told
    apart by a keyed hash of the seed, so that the same seed gives the same answer whatever the order of the input.

    Args:
        members: the panel.
        seekers: candidates before it.
        wanted: experts for each.
        seed: published with the panel.
        declared: (application, expert) pairs with a declared conflict.
        standing: pairs that are assigned already and stay.
    """
    load = Counter({member.account: 0 for member in members})
    load.update(expert for _, expert in standing if expert in load)
    have: dict[UUID, set[str]] = {}
    for application, expert in standing:
        have.setdefault(application, set()).add(expert)
    possible = {
        seeker: [member.account for member in members if _may(member, seeker, declared)] for seeker in set(seekers)
    }
    pairs, short = [], []
    for seeker in sorted(possible, key=lambda each: (len(possible[each]), _drawn(seed, str(each.application)))):
        mine = have.get(seeker.application, set())
        free = sorted(
            (account for account in possible[seeker] if account not in mine),
            key=lambda account: (load[account], _drawn(seed, f"{seeker.application}|{account}")),
        )
        missing = wanted - len(mine)
        for account in free[: max(0, missing)]:
            pairs.append((seeker.application, account))
            load[account] += 1
        if len(free) < missing:
            short.append(seeker.application)
    return Plan(tuple(pairs), tuple(sorted(short)))


def _may(member: Member, seeker: Seeker, declared: Collection[tuple[UUID, str]]) -> bool:
    return member.knows(seeker.specialty_group) and not conflicted(member, seeker, declared)


def _drawn(seed: str, name: str) -> bytes:
    return hmac.new(seed.encode(), name.encode(), hashlib.sha256).digest()


def loads(pairs: Iterable[tuple[UUID, str]], members: Iterable[Member]) -> Mapping[str, int]:
    """How many candidates each expert has."""
    counted = Counter(expert for _, expert in pairs)
    return {member.account: counted[member.account] for member in members}
