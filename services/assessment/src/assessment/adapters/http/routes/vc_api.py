"""The VC API, as conformance suites speak it; it exists only where a key for it is configured (decision 27)."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Response
from pydantic import Field

from assessment.adapters.certificates.conformance import ConformanceIssuer, Refused
from assessment.adapters.http.tools import tools_of
from shared.http.guards import public
from shared.http.problems import PROBLEMS
from shared.http.resources import Body
from shared.http.running import Running
from shared.kernel.refusals import Finding, Malformed, NotFound

router = APIRouter(prefix="/v1/assessment/vc-api", tags=["conformance"])
Tester = Annotated[Running[Any], Depends(public("conformance suites have no tokens; closed unless configured"))]
ANSWERS: dict[int | str, dict[str, Any]] = {400: PROBLEMS[400], 404: {"description": "The VC API is not open here."}}


class VcApiIssueBody(Body):
    """A credential to be signed."""

    credential: dict[str, Any]
    options: dict[str, Any] = Field(default_factory=dict)


class VcApiCredentialBody(Body):
    """A credential to be verified."""

    verifiableCredential: dict[str, Any]  # noqa: N815  the name in the VC API
    options: dict[str, Any] = Field(default_factory=dict)


class VcApiPresentationBody(Body):
    """A presentation to be verified."""

    verifiablePresentation: dict[str, Any]  # noqa: N815  the name in the VC API
    options: dict[str, Any] = Field(default_factory=dict)


@router.post("/credentials/issue", response_model=dict[str, Any], status_code=201, responses=ANSWERS)
async def issue_for_tests(body: VcApiIssueBody, running: Tester) -> Response:
    """Sign a credential with the conformance key."""
    issuer = _open(running)
    try:
        signed = issuer.issue(body.credential, running.clock.now())
    except Refused as refused:
        raise _malformed("not-a-credential", refused, "/credential") from refused
    return Response(orjson.dumps({"verifiableCredential": signed}), 201, media_type="application/json")


@router.post("/credentials/verify", response_model=dict[str, Any], responses=ANSWERS)
async def verify_for_tests(body: VcApiCredentialBody, running: Tester) -> Response:
    """Verify a credential that some ``did:key`` signed."""
    issuer = _open(running)
    try:
        issuer.verify_credential(body.verifiableCredential, running.clock.now())
    except Refused as refused:
        raise _malformed("not-verified", refused, "/verifiableCredential") from refused
    return _verified()


@router.post("/presentations/verify", response_model=dict[str, Any], responses=ANSWERS)
async def verify_presentation_for_tests(body: VcApiPresentationBody, running: Tester) -> Response:
    """Verify a presentation and every credential in it."""
    issuer = _open(running)
    try:
        issuer.verify_presentation(body.verifiablePresentation, running.clock.now())
    except Refused as refused:
        raise _malformed("not-verified", refused, "/verifiablePresentation") from refused
    return _verified()


def _open(running: Running[Any]) -> ConformanceIssuer:
    found = tools_of(running).conformance
    if found is None:
        raise NotFound("not-found", "There is no such route.")
    return found


def _verified() -> Response:
    return Response(orjson.dumps({"verified": True, "checks": ["proof"], "warnings": [], "errors": []}), 200,
                    media_type="application/json")  # fmt: skip


def _malformed(code: str, refused: Refused, pointer: str) -> Malformed:
    findings = [Finding(code, flaw, pointer) for flaw in refused.flaws]
    return Malformed(code, refused.flaws[0], findings=findings)
