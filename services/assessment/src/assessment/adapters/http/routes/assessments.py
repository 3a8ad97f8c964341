"""Routes of assessments: lists in which officers work, and acts on a single one (C-01)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from assessment.adapters.db.unit_of_work import ASSESSMENTS, AssessmentWork
from assessment.adapters.http.lists import all_schemes, rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.assessments import AssessmentOut, ChangedListOut
from assessment.adapters.http.shapes.bodies import (
    AppealBody,
    ComponentSheetBody,
    ConfirmationsBody,
    DecisionBody,
    Nothing,
    ResultBody,
    ResultsBody,
)
from assessment.domain.assessing.states import AssessmentState
from assessment.usecases.assessing import change_assessment
from assessment.usecases.assessing.confirm_results import Named, confirm_result, confirm_results
from assessment.usecases.assessing.record_results import Stated, record_result, record_results
from assessment.usecases.assessing.record_sheet import Scored, record_sheet
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/assessment", tags=["assessments"])
Do = Command[AssessmentWork]
Filter = Annotated[str | None, QueryParameter(max_length=120)]


@router.get("/assessments", response_model=PageOf[AssessmentOut], responses=READ_PROBLEMS)
async def list_assessments(
    read: Annotated[Query, Depends(query("assessment.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    batch: Filter = None,
    session: Filter = None,
    state: AssessmentState | None = None,
    participation: UUID | None = None,
) -> Response:
    """Assessments the caller may see."""
    filters = {
        "programme": programme, "batch": batch, "session": session, "state": state, "participation": participation,
    }  # fmt: skip
    schemes = await all_schemes(read)

    def present(row: Any) -> AssessmentOut:
        thing = thing_of(ASSESSMENTS, row)
        scheme = schemes[thing.scheme, thing.scheme_version]
        return AssessmentOut.of((thing, scheme), read.actor, updated_at(ASSESSMENTS, row))

    found = rows_of(ASSESSMENTS, visible(read, ASSESSMENTS.table), filters)
    return await read.page(found, ASSESSMENTS.table, page, present, filters=filters)


@router.get("/assessments/{assessment_id}", response_model=AssessmentOut, responses=READ_PROBLEMS)
async def read_assessment(assessment_id: UUID, read: Annotated[Query, Depends(query("assessment.read"))]) -> Response:
    """One assessment."""
    row = await read.one(rows_of(ASSESSMENTS, visible(read, ASSESSMENTS.table), {"id": assessment_id}))
    thing = thing_of(ASSESSMENTS, row)
    scheme = (await all_schemes(read))[thing.scheme, thing.scheme_version]
    return read.answer(AssessmentOut.of((thing, scheme), read.actor, updated_at(ASSESSMENTS, row)))


@router.post("/sheets", response_model=ChangedListOut, responses=PROBLEMS)
async def fill_in_sheet(body: ComponentSheetBody, do: Annotated[Do, Depends(command("assessment.score"))]) -> Response:
    """Score one component for many people; all lines count or none does."""
    items = [Scored(item.participation, item.decimal, item.version) for item in body.items]
    return await do.run(lambda work: record_sheet(work, body.component, items), present=ChangedListOut.of)


@router.post("/results", response_model=ChangedListOut, responses=PROBLEMS)
async def state_results(body: ResultsBody, do: Annotated[Do, Depends(command("assessment.record-result"))]) -> Response:
    """State results, or put decisions off; all or none."""
    items = [Stated(item.participation, item.outcome, item.reason, item.version) for item in body.items]
    return await do.run(lambda work: record_results(work, items), present=ChangedListOut.of)


@router.post("/confirmations", response_model=ChangedListOut, responses=PROBLEMS)
async def confirm_many(body: ConfirmationsBody, do: Annotated[Do, Depends(command("assessment.confirm"))]) -> Response:
    """Confirm what another person recorded; all or none."""
    items = [Named(item.participation, item.version) for item in body.items]
    return await do.run(lambda work: confirm_results(work, items), present=ChangedListOut.of)


@router.post("/assessments/{assessment_id}/result", response_model=AssessmentOut, responses=PROBLEMS)
async def state_result(
    assessment_id: UUID, body: ResultBody, do: Annotated[Do, Depends(command("assessment.record-result"))]
) -> Response:
    """State the result of one assessment."""
    return await do.run(
        lambda work: record_result(work, assessment_id, body.outcome, body.reason), present=AssessmentOut.of
    )


@router.post("/assessments/{assessment_id}/confirm", response_model=AssessmentOut, responses=PROBLEMS)
async def confirm_one(
    assessment_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("assessment.confirm"))]
) -> Response:
    """Confirm the result of one assessment."""
    del body
    return await do.run(lambda work: confirm_result(work, assessment_id), present=AssessmentOut.of)


@router.post("/assessments/{assessment_id}/return", response_model=AssessmentOut, responses=PROBLEMS)
async def return_result(
    assessment_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("assessment.return"))]
) -> Response:
    """Send a result back to whoever recorded it."""
    del body
    return await do.run(lambda work: change_assessment.send_back(work, assessment_id), present=AssessmentOut.of)


@router.post("/assessments/{assessment_id}/reopen", response_model=AssessmentOut, responses=PROBLEMS)
async def reopen_assessment(
    assessment_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("assessment.reopen"))]
) -> Response:
    """Begin the next attempt of a deferred assessment."""
    del body
    return await do.run(lambda work: change_assessment.reopen(work, assessment_id), present=AssessmentOut.of)


@router.post("/assessments/{assessment_id}/appeal", response_model=AssessmentOut, responses=PROBLEMS)
async def open_appeal(
    assessment_id: UUID, body: AppealBody, do: Annotated[Do, Depends(command("assessment.appeal"))]
) -> Response:
    """Object to a result."""
    return await do.run(
        lambda work: change_assessment.appeal(work, assessment_id, body.ground), present=AssessmentOut.of
    )


@router.post("/assessments/{assessment_id}/decide", response_model=AssessmentOut, responses=PROBLEMS)
async def decide_appeal(
    assessment_id: UUID, body: DecisionBody, do: Annotated[Do, Depends(command("assessment.decide"))]
) -> Response:
    """Decide an appeal."""
    return await do.run(
        lambda work: change_assessment.decide(work, assessment_id, upheld=body.upheld, scores=body.decimals),
        present=AssessmentOut.of,
    )
