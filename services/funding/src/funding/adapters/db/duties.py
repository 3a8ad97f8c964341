"""What waits for whom in money matters, read from the states of the things themselves; nothing of it is stored.

Instalments are prepared, approved and instructed in runs: one row stands for all of a fund and session.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Table,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from funding.adapters.db.schema.approval_tables import approval
from funding.adapters.db.schema.audit_tables import audit_finding
from funding.adapters.db.schema.claim_tables import claim
from funding.adapters.db.schema.treasury_tables import discrepancy
from funding.adapters.db.tables import budget, disbursement, instalment
from shared.kernel.actor import Role

COLUMNS = (
    "kind", "subject_kind", "subject", "owed_by", "session", "state", "due_on", "count", "participation", "account", "unit",
    "host", "organisation",
)  # fmt: skip
"""Every branch gives these. ``organisation`` owes it, ``account``, ``unit`` or ``host`` may claim it; else every holder of
the role does."""


def _one(kind: str, owed_by: Role, thing: Table, *states: str, **known: Any) -> Select[Any]:
    """A row for each thing in one of these states."""
    given: dict[str, Any] = {
        "kind": literal(kind),
        "subject_kind": literal(thing.name),
        "subject": thing.c.id,
        "owed_by": literal(owed_by.value),
        "state": thing.c.state,
        "count": cast(literal(1), Integer),
        "session": thing.c.session if "session" in thing.c else cast(null(), Text),
    } | known
    return _row(given).where(thing.c.state.in_(states))


def _run(kind: str, owed_by: Role, state: str, day: ColumnElement[Any]) -> Select[Any]:
    """One row for all instalments of a fund and session in a state; the earliest day counts."""
    given = {
        "kind": literal(kind),
        "subject_kind": literal("fund"),
        "subject": instalment.c.fund,
        "owed_by": literal(owed_by.value),
        "session": instalment.c.session,
        "state": literal(state),
        "due_on": func.min(day),
        "count": cast(func.count(), Integer),
    }
    return _row(given).where(instalment.c.state == state).group_by(instalment.c.fund, instalment.c.session)


def _row(given: dict[str, Any]) -> Select[Any]:
    kinds: dict[str, Any] = {"due_on": Date, "participation": instalment.c.participation.type, "count": Integer}
    return select(*[cast(given.get(name, null()), kinds.get(name, Text)).label(name) if name != "subject"
                    else given[name].label(name) for name in COLUMNS])  # fmt: skip


def _finding(kind: str, owed_by: Role, *states: str, audited: bool = False) -> Select[Any]:
    more = {"organisation": audit_finding.c.responsible} if audited else {}
    return _one(kind, owed_by, audit_finding, *states, due_on=audit_finding.c.due_on, **more)


_AUDITED = (
    Role.FINANCE_PREPARER, Role.FINANCE_APPROVER, Role.TREASURER, Role.HOST_OFFICER, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER,
)  # fmt: skip
_CLAIMS: dict[str, Any] = {"participation": claim.c.participation}

SOURCES: list[tuple[Role, Select[Any]]] = [
    (Role.FINANCE_PREPARER, _one("submit-budget", Role.FINANCE_PREPARER, budget, "planned")),
    (Role.FINANCE_PREPARER, _one("allocate-budget", Role.FINANCE_PREPARER, budget, "approved")),
    (Role.FINANCE_PREPARER, _one("check-claim", Role.FINANCE_PREPARER, claim, "submitted", **_CLAIMS)),
    (Role.FINANCE_PREPARER, _run("prepare-payments", Role.FINANCE_PREPARER, "due", instalment.c.due_on)),
    (Role.FINANCE_APPROVER, _run("approve-payments", Role.FINANCE_APPROVER, "prepared", instalment.c.due_on)),
    (
        Role.FINANCE_APPROVER,
        _one("sign-approval", Role.FINANCE_APPROVER, approval, "pending", organisation=approval.c.awaits),
    ),
    (Role.FINANCE_APPROVER, _one("resolve-discrepancy", Role.FINANCE_APPROVER, discrepancy, "open")),
    (Role.TREASURER, _run("instruct-payments", Role.TREASURER, "approved", instalment.c.due_on)),
    (Role.TREASURER, _one("book-returns", Role.TREASURER, disbursement, "instructed")),
    (Role.TREASURER, _run("recover-payments", Role.TREASURER, "awaiting_clawback", instalment.c.clawback_due_on)),
    *[
        (role, _one("revise-claim", role, claim, "draft", "returned", **_CLAIMS, **{facet: claim.c[facet]}))
        for role, facet in ((Role.APPLICANT, "account"), (Role.UNIT_OFFICER, "unit"), (Role.HOST_OFFICER, "host"))
    ],
    *[
        (role, _finding(kind, role, state, audited=True))
        for role in _AUDITED
        for kind, state in (("answer-finding", "open"), ("correct-finding", "responded"))
    ],
    (Role.AUDITOR, _finding("verify-finding", Role.AUDITOR, "corrective_action")),
    (Role.AUDITOR, _finding("decide-dispute", Role.AUDITOR, "disputed")),
    (Role.AUDITOR, _finding("close-finding", Role.AUDITOR, "verified")),
]
"""Who owes, and the rows; a new kind is one more line."""


def owed_by(roles: frozenset[Role]) -> CompoundSelect[Any] | None:
    """All rows that these roles owe, whoever holds them; None when they owe nothing in money matters."""
    found = [statement for role, statement in SOURCES if role in roles]
    return union_all(*found) if found else None
