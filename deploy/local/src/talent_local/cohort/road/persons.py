"""Who acts on the road: accounts, roles and organisations, the seeded ones where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from talent_local.cohort.people.applicants import Applicant
from talent_local.cohort.places.hosts import Host
from talent_local.cohort.places.units import Unit


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a token speaks for.

    Attributes:
        account: subject of the token.
        roles: separated by spaces.
    """

    account: str
    roles: str
    organisation: str


OPERATOR: Final = Person("acc-operator-01", "operator", "cn")
REGIONAL: Final = Person("acc-regional-01", "regional_officer", "cn/54")
REGIONAL_2: Final = Person("acc-regional-02", "regional_officer", "cn/54")
MINISTRY: Final = Person("acc-ministry-01", "ministry_officer", "cn")
EXPERTS: Final = tuple(Person(f"acc-expert-{n:02d}", "panel_expert", "cn/54") for n in (1, 2, 3))
ASSESSOR: Final = Person("acc-assessor-01", "assessor", "cn/54")
ASSESSOR_2: Final = Person("acc-assessor-02", "assessor", "cn/54")
ISSUER: Final = Person("acc-issuer-01", "issuer", "cn")
PREPARER: Final = Person("acc-finance-01", "finance_preparer", "cn/54")
APPROVER: Final = Person("acc-finance-02", "finance_approver", "cn/54")
TREASURER: Final = Person("acc-treasurer-01", "treasurer", "cn-treasury")
AUDITOR: Final = Person("acc-auditor-01", "auditor", "cn-audit")


def applicant(who: Applicant) -> Person:
    """The applicant, later trainee."""
    return Person(who.account, "applicant", who.unit.path)


def unit_officer(unit: Unit) -> Person:
    """The officer of a sending unit."""
    return Person(unit.account, "unit_officer", unit.path)


def reviewer(organisation: str) -> Person:
    """The local reviewer of a prefecture, or of a region-level unit for its own people (S-04)."""
    return Person(f"acc-reviewer-{organisation.rpartition('/')[2]}", "local_reviewer", organisation)


def host_officer(host: Host) -> Person:
    """The officer of a host."""
    return Person(host.account, "host_officer", host.path)


def finance_approver(organisation: str) -> Person:
    """Who signs a budget for an authority of the approval chain (F-03)."""
    if organisation == APPROVER.organisation:
        return APPROVER
    return Person(f"acc-approver-{organisation.replace('/', '-')}", "finance_approver", organisation)
