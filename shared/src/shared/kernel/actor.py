"""Who acts: subject, organisation, roles, and how they stand to the thing acted on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles of the platform; tokens are mapped to them by configuration."""

    APPLICANT = "applicant"
    UNIT_OFFICER = "unit_officer"
    LOCAL_REVIEWER = "local_reviewer"
    PANEL_EXPERT = "panel_expert"
    REGIONAL_OFFICER = "regional_officer"
    MINISTRY_OFFICER = "ministry_officer"
    HOST_OFFICER = "host_officer"
    MENTOR = "mentor"
    GROUP_LEADER = "group_leader"
    SECTOR_DEPARTMENT = "sector_department"
    """A department in whose system hosts are (education, health, …); its organisation is ``sectors/health/11`` (M-02)."""
    ASSESSOR = "assessor"
    ISSUER = "issuer"
    FINANCE_PREPARER = "finance_preparer"
    FINANCE_APPROVER = "finance_approver"
    TREASURER = "treasurer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    AGENCY = "agency"
    SERVICE = "service"
    """Another service of the platform calling over HTTP with its own token."""
    SYSTEM = "system"
    """The service itself, moved by an event or by the due clock; never found in a token."""


class Relation(StrEnum):
    """How the caller must stand to a thing for a policy row to apply."""

    ANY = "any"
    SELF = "self"
    """The caller's account is the account of the person concerned."""
    OWN_UNIT = "own_unit"
    """The caller's organisation is the sending unit."""
    DESCENDANT = "descendant"
    """The sending unit lies at or below the caller's organisation."""
    REVIEWER = "reviewer"
    """The caller's organisation is the local reviewing authority of the case."""
    HOST = "host"
    """The caller's organisation is the host."""
    ASSIGNED = "assigned"
    """The caller is personally assigned (panel expert, mentor, group leader)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts.

    Attributes:
        subject: opaque account id from the token; never a name.
        organisation: path in the organisation tree, ``cn/54/5401/U0001``; empty for people outside it.
        roles: what the token says the caller may be.
        purpose: declared purpose of a read of personal data, or None.
        locale: ``zh-CN`` or ``en``, for answers.
    """

    subject: str
    organisation: str = ""
    roles: frozenset[Role] = frozenset()
    purpose: str | None = None
    locale: str = "en"

    def has(self, *roles: Role) -> bool:
        """True when the actor holds at least one of ``roles``."""
        return not self.roles.isdisjoint(roles)


def system(service: str) -> Actor:
    """The actor for what a service does by itself, moved by an event or a clock."""
    return Actor(subject=f"system:{service}", roles=frozenset({Role.SYSTEM}))


@dataclass(frozen=True, slots=True)
class Facets:
    """What a thing exposes so that a relation to it can be decided.

    Attributes:
        account: account of the person concerned.
        unit: path of the sending unit.
        reviewer: path of the authority that reviews the case locally.
        host: path of the host.
        assigned: accounts of persons assigned to the thing.
    """

    account: str | None = None
    unit: str | None = None
    reviewer: str | None = None
    host: str | None = None
    assigned: frozenset[str] = field(default_factory=frozenset)


def stands(actor: Actor, relation: Relation, facets: Facets) -> bool:
    """Decide one relation between an actor and a thing. An absent facet never matches."""
    match relation:
        case Relation.ANY:
            return True
        case Relation.SELF:
            return facets.account is not None and facets.account == actor.subject
        case Relation.OWN_UNIT:
            return bool(actor.organisation) and facets.unit == actor.organisation
        case Relation.DESCENDANT:
            return lies_within(facets.unit, actor.organisation)
        case Relation.REVIEWER:
            return bool(actor.organisation) and facets.reviewer == actor.organisation
        case Relation.HOST:
            return bool(actor.organisation) and facets.host == actor.organisation
        case Relation.ASSIGNED:
            return actor.subject in facets.assigned


def lies_within(path: str | None, ancestor: str) -> bool:
    """True when ``path`` is ``ancestor`` or below it in the organisation tree; whole segments are compared."""
    return bool(path and ancestor) and (path == ancestor or str(path).startswith(ancestor + "/"))
