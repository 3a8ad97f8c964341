"""The cohort: everything that is made up, as a pure function of a seed, a size and the policy's code lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from talent_local.cohort.people.applicants import Applicant, Way, draw_applicants
from talent_local.cohort.people.codes import Codes
from talent_local.cohort.places.hosts import Host, draw_hosts
from talent_local.cohort.places.units import Unit, prefecture_units, region_units


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cohort is.

    Attributes:
        applicants, places: 600 and 180 in the programme's own figures.
        hosts: 21 or more reach every one of the 21 provinces.
        units: per prefecture, and of the region.
        ways: how many applications take each special way before the roster.
        failing, early: how many trainees fail, end early.
    """

    applicants: int
    places: int
    hosts: int
    units: int
    ways: Mapping[Way, int]
    failing: int
    early: int


FULL = Size(600, 180, 75, 8, {Way.WITHDRAWS: 6, Way.RETURNED: 5, Way.REJECTED: 5, Way.WAIVED: 4}, failing=3, early=2)
SMALL = Size(60, 18, 12, 4, {Way.WITHDRAWS: 2, Way.RETURNED: 1, Way.REJECTED: 1, Way.WAIVED: 1}, failing=1, early=1)


@dataclass(frozen=True, slots=True)
class Fates:
    """Roster positions (from 1) of those whose way is special after the roster.

    Attributes:
        leaving: withdraw with a place, in this order: before the match, once placed, with the agreement signed.
        early: end before the term.
        failing: fail the assessment.
        revoked: loses the certificate after the settlement.
    """

    leaving: tuple[int, int, int]
    early: tuple[int, ...]
    failing: tuple[int, ...]
    revoked: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort before anything happened to it."""

    seed: str
    size: Size
    units: list[Unit]
    hosts: list[Host]
    applicants: list[Applicant]
    fates: Fates

    def host(self, path: str) -> Host:
        """A host by its organisation path."""
        return next(host for host in self.hosts if host.path == path)


def draw_cohort(seed: str, size: Size, policy: Mapping[str, Any]) -> Cohort:
    """The cohort of a seed: the same one in every run.

    Args:
        seed: any text.
        size: how large.
        policy: content of the selection policy, inheritance resolved.
    """
    random = Random(seed)
    codes = Codes.of(policy)
    units = prefecture_units(size.units) + region_units(size.units)
    share = Counter(units[n % len(units)].group for n in range(size.applicants))
    hosts = draw_hosts(random, size.hosts, share, codes.specialties)
    ways = [way for way, count in sorted(size.ways.items()) for _ in range(count)]
    ways += [Way.PLAIN] * (size.applicants - len(ways))
    random.shuffle(ways)
    while ways[0] is not Way.PLAIN:
        random.shuffle(ways)
    named = [(host.path, host.group) for host in hosts]
    applicants = draw_applicants(random, units, codes, named, ways)
    return Cohort(seed, size, units, hosts, applicants, _fates(random, size))


def _fates(random: Random, size: Size) -> Fates:
    drawn = random.sample(range(1, size.places + 1), 3 + size.early + size.failing + 1)
    first, second, third, *rest = drawn
    early, failing = tuple(rest[: size.early]), tuple(rest[size.early : -1])
    return Fates((first, second, third), early, failing, rest[-1])


def scaled_batch(content: dict[str, Any], session: str, places: int) -> dict[str, Any]:
    """The programme with ``places`` places in ``session`` and the target that goes with it (P-02)."""
    batch = content["batch"]
    sessions = [row | {"quota": places} if row["session"] == session else row for row in batch["sessions"]]
    return content | {"batch": batch | {"sessions": sessions, "target": sum(row["quota"] for row in sessions)}}


def scaled_nodes(nodes: list[dict[str, Any]], places: int, planned: int) -> list[dict[str, Any]]:
    """A quota tree for ``places`` instead of ``planned`` places: minima rounded down, maxima up."""
    return [
        node | {"min": node["min"] * places // planned, "max": -(-node["max"] * places // planned)} for node in nodes
    ]
