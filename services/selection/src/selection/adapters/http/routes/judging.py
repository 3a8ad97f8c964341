"""Routes of waivers as recorded acts, of what units attest, and of targets over a roster."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from selection.adapters.db import tables
from selection.adapters.db.judging_tables import waiver as waivers
from selection.adapters.db.readings import SqlReadings
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applications import DecisionsOut
from selection.adapters.http.shapes.applying import ReasonBody
from selection.adapters.http.shapes.judging import (
    AttestationsBody,
    AttestationsOut,
    AttestedChecksBody,
    AttestedChecksOut,
    ExclusionsBody,
    RuleWaiverOut,
    TargetsOut,
    shown_target,
)
from selection.domain.eligibility.targets import answer_targets
from selection.domain.eligibility.waiver import RecordedWaiver
from selection.domain.roster.roster import Roster
from selection.usecases.applying.forms import facts_about
from selection.usecases.applying.waive_rule import withdraw_waiver
from selection.usecases.judging.attest import attest
from selection.usecases.judging.attested_rules import check_attested, exclude_applications
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation, Role
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/selection", tags=["eligibility"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]


@router.get("/applications/{application_id}/waivers", response_model=PageOf[RuleWaiverOut], responses=READ_PROBLEMS)
async def list_waivers(
    application_id: UUID, read: Annotated[Query, Depends(query("waiver.read"))], page: Page
) -> Response:
    """Every waiver ever given for an application; those of attested rules only for the selecting authority."""
    application = tables.application
    visible = read.scope.where({Relation.SELF: application.c.account, Relation.REVIEWER: application.c.reviewer})
    await read.one(select(application.c.id).where(application.c.id == application_id, visible))
    statement = columns_of(RecordedWaiver, waivers).where(waivers.c.application_id == application_id)
    if not read.actor.has(Role.REGIONAL_OFFICER):
        statement = statement.where(~waivers.c.attested)
    return await read.page(
        statement, waivers, page, lambda row: RuleWaiverOut.of(thing_of(RecordedWaiver, waivers, row), read.actor),
        filters={"application": application_id},
    )  # fmt: skip


@router.post(
    "/applications/{application_id}/waivers/{waiver_id}/withdraw", response_model=RuleWaiverOut, responses=PROBLEMS
)
async def post_waiver_withdrawal(
    application_id: UUID, waiver_id: UUID, body: ReasonBody, do: Annotated[Do, Depends(command("waiver.withdraw"))]
) -> Response:
    """Take a waiver back before the decision that would rest on it."""
    return await do.run(
        lambda work: withdraw_waiver(work, application_id, waiver_id, body.reason), present=RuleWaiverOut.of
    )


@router.post("/attestations", response_model=AttestationsOut, responses=PROBLEMS)
async def post_attestations(
    body: AttestationsBody, do: Annotated[Do, Depends(command("attestation.give"))]
) -> Response:
    """Attest what the unit's personnel records say; the answer does not repeat it."""
    rows = [row.row() for row in body.items]
    return await do.run(lambda work: attest(work, rows), present=AttestationsOut.of)


@router.post("/sessions/{session_id}/attested-checks", response_model=AttestedChecksOut, responses=PROBLEMS)
async def post_attested_checks(
    session_id: UUID, body: AttestedChecksBody, do: Annotated[Do, Depends(command("attested.check"))]
) -> Response:
    """What the attested rules say about applications; the answer is kept nowhere, not even for a repeated key."""
    unkept = replace(do, claim=None)
    return await unkept.run(
        lambda work: check_attested(work, session_id, body.applications), present=AttestedChecksOut.of
    )


@router.post("/sessions/{session_id}/exclusions", response_model=DecisionsOut, responses=PROBLEMS)
async def post_exclusions(
    session_id: UUID, body: ExclusionsBody, do: Annotated[Do, Depends(command("session.exclude"))]
) -> Response:
    """Exclude applications for which an attested condition is not met."""
    rows = [(row.application, row.rule) for row in body.items]
    return await do.run(lambda work: exclude_applications(work, session_id, rows), present=DecisionsOut.of)


@router.get("/rosters/{roster_id}/targets", response_model=TargetsOut, responses=READ_PROBLEMS)
async def read_targets(roster_id: UUID, read: Annotated[Query, Depends(query("target.read"))]) -> Response:
    """The TARGET rules over everybody selected in a roster, reached against wanted."""
    table = tables.roster
    roster = thing_of(Roster, table, await read.one(columns_of(Roster, table).where(table.c.id == roster_id)))
    readings = SqlReadings(read)
    policy = await readings.policy(roster.programme, roster.policy_version)
    today = read.running.clock.now().astimezone(PLACE).date()
    people = await readings.applications([entry.application for entry in roster.selected])
    answers = answer_targets(policy.rules.values(), [facts_about(each, policy, today) for each in people], today)
    return read.answer(
        TargetsOut(
            roster=roster.id, roster_version=roster.roster_version, selected=len(people),
            items=[shown_target(each, policy.rules[each.rule]) for each in answers],
        )
    )  # fmt: skip
