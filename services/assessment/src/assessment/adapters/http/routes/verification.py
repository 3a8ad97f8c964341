"""Public routes: does this certificate count, and which keys sign credentials (C-02)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from assessment.adapters.http.shapes.bodies import VerificationBody
from assessment.adapters.http.shapes.certificates import VerificationOut
from assessment.adapters.http.tools import tools_of
from assessment.usecases.certifying.verify_certificate import Question, verify_certificate
from shared.http.guards import public
from shared.http.problems import PROBLEMS
from shared.http.running import Running
from shared.kernel.actor import Actor
from shared.kernel.refusals import Finding, Malformed
from shared.work.unit import Circumstances

router = APIRouter(prefix="/v1/assessment", tags=["verification"])
ANYBODY = Actor("public")


@router.post("/verifications", response_model=VerificationOut, responses={400: PROBLEMS[400], 503: PROBLEMS[503]})
async def verify(
    body: VerificationBody,
    running: Annotated[Running[Any], Depends(public("a certificate is worth what anyone can check of it"))],
) -> Response:
    """Whether a certificate counts; the answer has one shape, whatever is known."""
    if not body.is_one_question:
        raise Malformed("one-question", "Give number and name, or a token, or a credential; exactly one of these.")
    question = Question(body.number, body.name, body.token, body.credential)
    async with running.unit(Circumstances(ANYBODY)) as work:
        answer = await verify_certificate(work, question, tools_of(running).mint)
    if answer.status == "malformed-number":
        wrong = Finding("malformed-number", "The check character does not fit; look at the number again.", "/number")
        raise Malformed("malformed-number", "The number is not written correctly.", findings=[wrong])
    shown = VerificationOut.of(answer)
    return Response(shown.model_dump_json(), 200, {"cache-control": "no-store"}, "application/json")
