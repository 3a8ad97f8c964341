"""The kinds of things that belong to somebody: where they are read, whose they are by hand, never by the service's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from shared.kernel.actor import Facets
from talent_local.cohort.audit import rows
from talent_local.home import Home
from talent_local.matrix.stories import Stories

PERSON: Final = "account unit"
PLACED: Final = "account unit host mentor"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of stored thing.

    Attributes:
        path: of the list.
        one: of a single thing, with one parameter; empty when there is no such route.
        sql: rows (key, of, more) of the service's database: ``of`` is a participation, an account or NULL; ``more`` is
            a JSON object of facets that the thing has of its own.
        tells: facets that the thing has from the person it is of.
        key: member of a listed item that identifies it.
    """

    service: str
    path: str
    one: str
    sql: str
    tells: str = ""
    key: str = "id"

    @property
    def name(self) -> str:
        """As a message names it."""
        return self.path.removeprefix("/v1/")


@dataclass(frozen=True, slots=True)
class Thing:
    """One stored thing and what relations to it are decided by."""

    key: str
    facets: Facets


def _kind(service: str, noun: str, parameter: str, sql: str, tells: str = "", key: str = "id") -> Kind:
    path = f"/v1/{service}/{noun}" if service != "gateway" else f"/v1/{noun}"
    return Kind(service, path, f"{path}/{{{parameter}}}" if parameter else "", sql, tells, key)


def _of(table: str, column: str = "participation", more: str = "NULL", key: str = "id") -> str:
    return f"SELECT {key}::text, {column}::text, {more} FROM {table}"  # noqa: S608 - constants


def _own(table: str, more: str, key: str = "id") -> str:
    return _of(table, "NULL", f"json_build_object({more})", key)


_PARTY = (
    "(SELECT json_build_object('host', party ->> 'identity') FROM jsonb_array_elements(CAST(parties AS jsonb)) party "
    "WHERE party ->> 'role' = 'host' LIMIT 1)"
)
"""A host stands to an agreement that it signs; the agreements of this programme are signed without it."""
_SELECTION: Final = (
    _kind("selection", "applications", "application_id", _of("application", "id"), "account unit reviewer"),
    _kind("selection", "recommendations", "", _of("recommendation", "account"), PERSON),
    _kind("selection", "appeals", "appeal_id", _of("appeal", "account"), "account"),
    _kind("selection", "vacancies", "vacancy_id", _of("vacancy", "coalesce(offered_to, promoted)"), "account"),
    _kind("selection", "panels", "panel_id", _own("panel", "'assigned', experts")),
    _kind("selection", "balancing-runs", "run_id", _of("balancing_run", "NULL")),
    _kind("selection", "rosters", "roster_id", _of("roster", "NULL")),
    _kind("selection", "calls", "call_id", _of("call", "NULL")),
)
_PLACEMENT: Final = (
    _kind("placement", "placements", "participation", _of("placement", "id"), PLACED),
    _kind("placement", "agreements", "agreement_id", _of("agreement", more=_PARTY), PERSON),
    _kind("placement", "agreement-filings", "filing_id", _of("agreement_filing"), PERSON),
    _kind(
        "placement", "mentorships", "mentorship_id",
        _of("mentorship", more="json_build_object('host', host, 'assigned', json_build_array(account))"), PERSON,
    ),
    _kind("placement", "plans", "plan_id", _of("plan"), PLACED),
    _kind("placement", "reports", "report_id", _of("report"), PERSON),
    _kind("placement", "offers", "offer_id", _own("offer", "'host', host")),
    _kind("placement", "sector-tasks", "task_id", _own("sector_task", "'unit', department, 'host', host")),
    _kind("placement", "matching-runs", "run_id", _of("matching_run", "NULL")),
    _kind("placement", "hosts", "code", _own("host", "'host', path", key="code"), key="code"),
)  # fmt: skip
_ASSESSMENT: Final = (
    _kind(
        "assessment", "assessments", "assessment_id",
        _of("assessment", more="json_build_object('reviewer', authority)"), PLACED,
    ),
    _kind("assessment", "certificates", "certificate_id", _of("certificate"), PERSON),
    _kind("assessment", "waivers", "waiver_id", _of("waiver"), PERSON),
    _kind("assessment", "follow-ups", "follow_up_id", _of("follow_up"), PERSON),
)  # fmt: skip
_FUNDING: Final = (
    _kind("funding", "participations", "participation_id", _of("participation", "id"), "account unit host"),
    _kind("funding", "instalments", "instalment_id", _of("instalment"), "account unit host"),
    _kind("funding", "funds", "fund_id", _of("fund", "NULL")),
    _kind("funding", "budgets", "budget_id", _of("budget", "NULL")),
    _kind("funding", "allocations", "", _of("allocation", "NULL")),
    _kind("funding", "disbursements", "disbursement_id", _of("disbursement", "NULL")),
    _kind("funding", "entries", "entry_id", _of("entry", "NULL")),
)
_GATEWAY: Final = (
    _kind("gateway", "journeys", "participation", _of("journey", "id"), "account unit host", "participation"),
    _kind("gateway", "webhooks", "id", _own("webhook WHERE state <> 'deleted'", "'unit', organisation")),
    _kind("gateway", "corrections", "correction_id", _own("correction", "'account', requester, 'unit', owner")),
)
KINDS: Final = (*_SELECTION, *_PLACEMENT, *_ASSESSMENT, *_FUNDING, *_GATEWAY)
"""Every kind that a walked cohort leaves; what it does not leave, the services' own tests ask."""


def things(home: Home, kind: Kind, told: Stories) -> list[Thing]:
    """Every stored thing of a kind, in the order of its key."""
    return sorted(
        (Thing(key, _facets(kind, of, more or {}, told)) for key, of, more in rows(home, kind.service, kind.sql)),
        key=lambda thing: thing.key,
    )


def _facets(kind: Kind, of: str | None, more: dict[str, Any], told: Stories) -> Facets:
    found: dict[str, Any] = {}
    if of is not None and kind.tells:
        story = told.of(of)
        mentor = frozenset({story.mentor} if story.mentor else ())
        found = {
            "account": story.account, "unit": story.unit, "reviewer": story.reviewer, "host": story.host,
            "mentor": mentor,
        }  # fmt: skip
        found = {name if name != "mentor" else "assigned": found[name] for name in kind.tells.split()}
    if "assigned" in more:
        more = more | {"assigned": frozenset(more["assigned"])}
    return Facets(**found | more)
