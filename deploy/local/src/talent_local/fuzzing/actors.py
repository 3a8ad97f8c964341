"""Who asks while the contract is fuzzed: somebody who may nearly everything, and one of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from talent_local.cohort.cohort import Cohort
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door
from talent_local.cohort.road.persons import Person
from talent_local.issuer.seed import GRANTABLE

_ALL: Final = " ".join(sorted(GRANTABLE))
EVERYBODY: Final = (
    Person("acc-everybody-01", _ALL, "cn"),
    Person("acc-everybody-02", _ALL, "cn/54"),
    Person("acc-everybody-03", _ALL, "cn/54"),
)
"""Hold every role that a token may carry, so that a case reaches the rules behind the permissions."""
SHARE: Final = 60
"""Percent of the cases that are asked by one of EVERYBODY; the rest is shared by the real people."""


def cast(cohort: Cohort) -> tuple[Person, ...]:
    """The people of a walked cohort, one or two of every kind."""
    first, last = cohort.applicants[0], cohort.applicants[-1]
    host = cohort.hosts[0]
    return (
        persons.OPERATOR, persons.REGIONAL, persons.MINISTRY, persons.EXPERTS[0], persons.ASSESSOR, persons.ISSUER,
        persons.PREPARER, persons.APPROVER, persons.TREASURER, persons.AUDITOR, persons.applicant(first),
        persons.applicant(last), persons.unit_officer(first.unit), persons.host_officer(host),
        persons.reviewer("cn/54"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """Access tokens by how often they are used."""

    everybody: tuple[str, ...]
    real: tuple[str, ...]

    def chosen(self, what: str) -> str:
        """The token for a case, as a pure function of what the case is: a repeated case is asked by the same person."""
        drawn = crc32(what.encode("utf-8", "surrogatepass"))
        pool = self.everybody if drawn % 100 < SHARE else self.real
        return pool[drawn // 100 % len(pool)]


async def tokens(door: Door, cohort: Cohort) -> Tokens:
    """A token for each of them; they last an hour."""
    everybody = [await door.token(person) for person in EVERYBODY]
    return Tokens(tuple(everybody), tuple([await door.token(person) for person in cast(cohort)]))


def headers(token: str) -> Mapping[str, str]:
    """The header that carries a token."""
    return {"authorization": f"Bearer {token}"}
