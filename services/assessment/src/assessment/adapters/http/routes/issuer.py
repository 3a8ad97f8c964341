"""Public routes of the issuer: its keys, its DID document, and the status lists (C-02)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response

from assessment.adapters.certificates.status_lists import marked
from assessment.adapters.http.tools import tools_of
from shared.http.documents import DidDocument, KeySet, VerifiableCredential
from shared.http.guards import public
from shared.http.problems import READ_PROBLEMS
from shared.http.running import Running
from shared.kernel.refusals import NotFound
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/assessment", tags=["verification"])
Anybody = Annotated[Running[Any], Depends(public("whoever checks a credential needs the keys and the status"))]
KEPT = "public, max-age=300"
Kind = Literal["application/vc", "application/vc+jwt"]


@router.get("/.well-known/jwks.json", response_model=dict[str, Any], response_class=KeySet)
async def read_keys(request: Request, running: Anybody) -> Response:
    """The public keys that verify credentials, retired ones included, revoked ones not."""
    return _kept(request, orjson.dumps(tools_of(running).mint.public_keys()), KeySet.media_type)


@router.get("/.well-known/did.json", response_model=dict[str, Any], response_class=DidDocument)
async def read_did(request: Request, running: Anybody) -> Response:
    """The DID document of the issuer (``did:web``); a revoked key is marked and may no longer assert."""
    return _kept(request, orjson.dumps(tools_of(running).mint.did_document()), DidDocument.media_type)


@router.get(
    "/status-lists/{number}/{purpose}",
    response_model=dict[str, Any],
    response_class=VerifiableCredential,
    responses={
        400: READ_PROBLEMS[400],
        404: READ_PROBLEMS[404],
        503: READ_PROBLEMS[503],
        200: {"content": {"application/vc+jwt": {"schema": {"type": "string"}}}},
    },
)
async def read_status_list(
    number: Annotated[int, Path(ge=0, le=1_000_000)],
    purpose: Literal["revocation", "suspension", "replacement"],
    request: Request,
    running: Anybody,
) -> Response:
    """A status list credential (Bitstring Status List 1.0), with an embedded proof or as JWT by ``Accept``."""
    tools = tools_of(running)
    async with running.engine.connect() as connection:
        entries = await marked(connection, number, purpose)
    if entries is None:
        raise NotFound("no-such-list", "There is no such status list.")
    kind: Kind = "application/vc+jwt" if "application/vc+jwt" in request.headers.get("accept", "") else "application/vc"
    written = await tools.status_lists.credential(
        number,
        purpose,
        entries,
        tools.machine_clock.now(),
        running.clock.now().astimezone(PLACE).date(),
        jwt=kind.endswith("jwt"),
    )
    if written is None:
        raise NotFound("no-such-form", "The issuer has no key for this form; ask for the JWT.")
    return _kept(request, written, kind, {"vary": "accept"})


def _kept(request: Request, body: bytes, kind: str, more: dict[str, str] | None = None) -> Response:
    """An answer that may be kept for five minutes, or 304 to whoever kept the same."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"cache-control": KEPT, "etag": tag, "access-control-allow-origin": "*"} | (more or {})
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(body, 200, headers, kind)
