"""A unit attests facts of its personnel records about its people, many at once (S-10 to S-13, domain.md 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.attestation import Attestation
from selection.domain.applying.lifecycle import BEFORE_ROSTER, ApplicationState
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import each_row
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Finding, Malformed, NotFound, RuleViolated

_OPEN = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED, *BEFORE_ROSTER})


@dataclass(frozen=True, slots=True)
class Attested:
    """One row: about an application, or about an account that has not applied in a call yet."""

    application: UUID | None
    call: UUID | None
    account: str | None
    reserve_listed: bool


async def attest(work: SelectionWork, rows: Sequence[Attested]) -> list[Attestation]:
    """Keep what the caller's unit attests; a later word replaces an earlier one until the roster is drawn.

    Raises:
        Malformed: ``bad-opinion`` unless a row names an application, or a call and an account; ``row-twice``.
        NotFound: for applications of other units. Conflict: ``wrong-state`` once the roster is drawn.
        RuleViolated: ``attestation-not-needed`` when no rule of the call asks for it: nothing is kept without need.
    """
    each_row(rows, _check_shape)
    wanted = {row.application for row in rows if row.application is not None}
    applications = {each.id: each for each in await work.readings.applications(wanted)} if wanted else {}
    named = each_row(rows, lambda row: _named(work, row, applications))
    if len(set(named)) != len(named):
        raise Malformed("row-twice", "A row names the same person as an earlier one.")
    needed = {call: await _asks(work, call) for call in {call for call, _ in named}}
    standing = {
        (each.call_id, each.account): each
        for each in await work.attestations.list(
            call_id={call for call, _ in named}, account={account for _, account in named}, unit=work.actor.organisation
        )
    }

    def keep(row: tuple[Attested, tuple[UUID, str]]) -> Attestation:
        said, (call, account) = row
        if not needed[call]:
            raise RuleViolated(
                "attestation-not-needed", "No rule of this call asks for an attestation.", rule="S-10",
                findings=[Finding("attestation-not-needed", "No rule of this call asks for it.", "/reserve_listed", "S-10")],
            )  # fmt: skip
        attestation = standing.get((call, account))
        if attestation is None:
            attestation = Attestation(
                id=work.new_id(), call_id=call, account=account, unit=work.actor.organisation,
                reserve_listed=said.reserve_listed, attested_by=work.actor.subject, attested_at=work.now,
            )  # fmt: skip
            work.attestations.add(attestation)
        attestation.state_anew(said.reserve_listed, work.actor.subject, work.now)
        return attestation

    return each_row(list(zip(rows, named, strict=True)), keep)


async def _asks(work: SelectionWork, call_id: UUID) -> bool:
    call = await work.readings.call(call_id)
    policy = await work.readings.policy(call.programme, call.policy_version)
    return any(rule.attested for rule in policy.profile_rules(call.profile))


def _check_shape(row: Attested) -> None:
    by_application = row.application is not None and row.call is None and row.account is None
    by_account = row.application is None and row.call is not None and row.account is not None
    if not (by_application or by_account):
        raise Malformed("bad-opinion", "Name an application, or a call and an account.")


def _named(work: SelectionWork, row: Attested, applications: dict[UUID, Application]) -> tuple[UUID, str]:
    if row.application is None:
        work.authorise(Facets(unit=work.actor.organisation))
        assert row.call is not None and row.account is not None  # noqa: PT018 - _check_shape holds this
        return row.call, row.account
    application = applications.get(row.application)
    if application is None:
        detail = "There is no such thing, or you may not see it."
        raise NotFound("not-found", detail, findings=[Finding("not-found", detail, "/application")])
    work.authorise(application.facets)
    if application.state not in _OPEN:
        raise Conflict(
            "wrong-state", "The roster is drawn; nothing is attested any more.", state=str(application.state)
        )
    return application.call_id, application.account
