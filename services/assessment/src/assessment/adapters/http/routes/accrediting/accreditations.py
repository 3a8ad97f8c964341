"""Routes of accreditations (T-02)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from assessment.adapters.db.unit_of_work import ACCREDITATIONS, AssessmentWork
from assessment.adapters.http.lists import rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.accrediting.accreditations import (
    AccreditationBody,
    AccreditationOut,
    AccreditationReasonBody,
    AccreditationTierBody,
)
from assessment.adapters.http.shapes.bodies import Nothing
from assessment.domain.accrediting.accreditation import AccreditationState
from assessment.usecases.accrediting import judge_accreditation
from assessment.usecases.accrediting.apply_for_tier import apply_for_tier
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/assessment/accreditations", tags=["accreditations"])
Do = Command[AssessmentWork]
Filter = Annotated[str | None, QueryParameter(max_length=120)]


@router.get("", response_model=PageOf[AccreditationOut], responses=READ_PROBLEMS)
async def list_accreditations(
    read: Annotated[Query, Depends(query("accreditation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    tier: Filter = None,
    state: AccreditationState | None = None,
) -> Response:
    """Accreditations the caller may see."""
    filters = {"programme": programme, "tier": tier, "state": state}

    def present(row: Any) -> AccreditationOut:
        return AccreditationOut.of(thing_of(ACCREDITATIONS, row), read.actor, updated_at(ACCREDITATIONS, row))

    found = rows_of(ACCREDITATIONS, visible(read, ACCREDITATIONS.table), filters)
    return await read.page(found, ACCREDITATIONS.table, page, present, filters=filters)


@router.post("", response_model=AccreditationOut, status_code=201, responses=PROBLEMS)
async def post_accreditation(
    body: AccreditationBody, do: Annotated[Do, Depends(command("accreditation.apply"))]
) -> Response:
    """Apply for a tier in the caller's own name."""
    evidence = [one.evidence for one in body.evidence]
    return await do.run(
        lambda work: apply_for_tier(work, body.programme, body.policy_version, body.unit, body.tier, evidence),
        present=AccreditationOut.of,
        status=201,
        location=lambda found: f"/v1/assessment/accreditations/{found.id}",
    )


@router.get("/{accreditation_id}", response_model=AccreditationOut, responses=READ_PROBLEMS)
async def read_accreditation(
    accreditation_id: UUID, read: Annotated[Query, Depends(query("accreditation.read"))]
) -> Response:
    """One accreditation."""
    row = await read.one(rows_of(ACCREDITATIONS, visible(read, ACCREDITATIONS.table), {"id": accreditation_id}))
    return read.answer(AccreditationOut.of(thing_of(ACCREDITATIONS, row), read.actor, updated_at(ACCREDITATIONS, row)))


@router.post("/{accreditation_id}/review", response_model=AccreditationOut, responses=PROBLEMS)
async def review(
    accreditation_id: UUID, body: AccreditationTierBody, do: Annotated[Do, Depends(command("accreditation.review"))]
) -> Response:
    """Say which tier the evidence supports."""
    return await do.run(
        lambda work: judge_accreditation.review(work, accreditation_id, body.tier), present=AccreditationOut.of
    )


@router.post("/{accreditation_id}/return", response_model=AccreditationOut, responses=PROBLEMS)
async def send_back(
    accreditation_id: UUID, body: AccreditationReasonBody, do: Annotated[Do, Depends(command("accreditation.return"))]
) -> Response:
    """Have it reviewed again."""
    return await do.run(
        lambda work: judge_accreditation.send_back(work, accreditation_id, body.reason), present=AccreditationOut.of
    )


@router.post("/{accreditation_id}/assign", response_model=AccreditationOut, responses=PROBLEMS)
async def assign(
    accreditation_id: UUID, body: AccreditationTierBody, do: Annotated[Do, Depends(command("accreditation.assign"))]
) -> Response:
    """Assign the tier and issue its card; never by who reviewed."""
    return await do.run(
        lambda work: judge_accreditation.assign(work, accreditation_id, body.tier), present=AccreditationOut.of
    )


@router.post("/{accreditation_id}/refuse", response_model=AccreditationOut, responses=PROBLEMS)
async def refuse(
    accreditation_id: UUID, body: AccreditationReasonBody, do: Annotated[Do, Depends(command("accreditation.refuse"))]
) -> Response:
    """Refuse it for a coded reason."""
    return await do.run(
        lambda work: judge_accreditation.refuse(work, accreditation_id, body.reason), present=AccreditationOut.of
    )


@router.post("/{accreditation_id}/withdraw", response_model=AccreditationOut, responses=PROBLEMS)
async def withdraw(
    accreditation_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("accreditation.withdraw"))]
) -> Response:
    """Take one's own application back."""
    del body
    return await do.run(lambda work: judge_accreditation.withdraw(work, accreditation_id), present=AccreditationOut.of)


@router.post("/{accreditation_id}/revoke", response_model=AccreditationOut, responses=PROBLEMS)
async def revoke(
    accreditation_id: UUID, body: AccreditationReasonBody, do: Annotated[Do, Depends(command("accreditation.revoke"))]
) -> Response:
    """Take a tier back, and its card with it."""
    return await do.run(
        lambda work: judge_accreditation.revoke(work, accreditation_id, body.reason), present=AccreditationOut.of
    )
