"""Routes of what follows a confirmed result: re-sit, more time for it, correction and its rejection (C-01)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from assessment.adapters.db.unit_of_work import AssessmentWork
from assessment.adapters.http.shapes.assessments import AssessmentOut
from assessment.adapters.http.shapes.bodies import AssessmentCorrectionBody, AssessmentExtensionBody, Nothing
from assessment.usecases.assessing import change_assessment
from shared.http.commands import Command
from shared.http.guards import command
from shared.http.problems import PROBLEMS

router = APIRouter(prefix="/v1/assessment/assessments", tags=["assessments"])
Do = Command[AssessmentWork]


@router.post("/{assessment_id}/resit", response_model=AssessmentOut, responses=PROBLEMS)
async def begin_resit(
    assessment_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("assessment.resit"))]
) -> Response:
    """Begin a re-sit after a confirmed fail; the failed result stays on record."""
    del body
    return await do.run(lambda work: change_assessment.resit(work, assessment_id), present=AssessmentOut.of)


@router.post("/{assessment_id}/extend", response_model=AssessmentOut, responses=PROBLEMS)
async def extend_resit(
    assessment_id: UUID, body: AssessmentExtensionBody, do: Annotated[Do, Depends(command("assessment.extend"))]
) -> Response:
    """Give more time for the re-sit."""
    return await do.run(
        lambda work: change_assessment.extend(work, assessment_id, body.reason), present=AssessmentOut.of
    )


@router.post("/{assessment_id}/correct", response_model=AssessmentOut, responses=PROBLEMS)
async def correct_result(
    assessment_id: UUID, body: AssessmentCorrectionBody, do: Annotated[Do, Depends(command("assessment.correct"))]
) -> Response:
    """Record that a confirmed result is wrong; another person confirms it, and certificate and waiver follow."""
    return await do.run(
        lambda work: change_assessment.correct(work, assessment_id, body.reason, body.decimals),
        present=AssessmentOut.of,
    )


@router.post("/{assessment_id}/reject-correction", response_model=AssessmentOut, responses=PROBLEMS)
async def reject_correction(
    assessment_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("assessment.reject-correction"))]
) -> Response:
    """Leave the result as it was confirmed."""
    del body
    return await do.run(lambda work: change_assessment.reject_correction(work, assessment_id), present=AssessmentOut.of)
