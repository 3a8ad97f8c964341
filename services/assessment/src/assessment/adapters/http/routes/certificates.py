"""Routes of certificates for officers and holders (C-02)."""

from __future__ import annotations

import io
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter
from sqlalchemy import ColumnElement, select

from assessment.adapters.db.unit_of_work import CERTIFICATES, AssessmentWork
from assessment.adapters.http.lists import facet_columns, rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.bodies import CertificateReasonBody, IssueBody, Nothing
from assessment.adapters.http.shapes.certificates import CertificateOut, IssuedListOut, LinkOut
from assessment.adapters.http.tools import tools_of
from assessment.domain.certifying.certificate import Certificate, CertificateState, HolderName
from assessment.usecases.certifying import change_certificate
from assessment.usecases.certifying.issue_certificates import issue_certificates
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, STATE_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.refusals import NotFound
from shared.work.unit import Circumstances

router = APIRouter(prefix="/v1/assessment/certificates", tags=["certificates"])
Do = Command[AssessmentWork]
Filter = Annotated[str | None, QueryParameter(max_length=120)]
PURPOSE = "certificate-issue"
JWT, EMBEDDED = "application/vc+jwt", "application/vc"
_EMBEDDED_NAMES = frozenset({EMBEDDED, "application/vc+ld+json", "application/ld+json", "application/json"})
HANDED_OUT = frozenset({CertificateState.ISSUED, CertificateState.SUSPENDED})


@router.get("", response_model=PageOf[CertificateOut], responses=READ_PROBLEMS)
async def list_certificates(
    read: Annotated[Query, Depends(query("certificate.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    batch: Filter = None,
    session: Filter = None,
    state: CertificateState | None = None,
    participation: UUID | None = None,
) -> Response:
    """Certificates the caller may see."""
    filters = {
        "programme": programme, "batch": batch, "session": session, "state": state, "participation": participation,
    }  # fmt: skip

    def present(row: Any) -> CertificateOut:
        return CertificateOut.of(thing_of(CERTIFICATES, row), read.actor, updated_at(CERTIFICATES, row))

    found = rows_of(CERTIFICATES, visible(read, CERTIFICATES.table), filters)
    return await read.page(found, CERTIFICATES.table, page, present, filters=filters)


@router.post("/issue", response_model=IssuedListOut, responses=PROBLEMS)
async def issue(body: IssueBody, do: Annotated[Do, Depends(command("certificate.issue"))]) -> Response:
    """Issue what is requested of a session: each certificate exactly once, numbers without gaps."""
    table = CERTIFICATES.table
    wanted = (table.c.programme == body.programme) & (table.c.session == body.session)
    if body.participations is not None:
        wanted &= table.c.participation.in_(body.participations)
    names = await _names(do, wanted & (table.c.state == CertificateState.REQUESTED.value))
    mint = tools_of(do.running).mint
    return await do.run(
        lambda work: issue_certificates(work, body.programme, body.session, body.participations, names, mint),
        present=IssuedListOut.of,
    )


@router.get("/{certificate_id}", response_model=CertificateOut, responses=READ_PROBLEMS)
async def read_certificate(
    certificate_id: UUID, read: Annotated[Query, Depends(query("certificate.read"))]
) -> Response:
    """One certificate."""
    row = await read.one(rows_of(CERTIFICATES, visible(read, CERTIFICATES.table), {"id": certificate_id}))
    return read.answer(CertificateOut.of(thing_of(CERTIFICATES, row), read.actor, updated_at(CERTIFICATES, row)))


@router.post("/{certificate_id}/suspend", response_model=CertificateOut, responses=PROBLEMS)
async def suspend(
    certificate_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("certificate.suspend"))]
) -> Response:
    """Let a certificate not count for now."""
    del body
    return await do.run(lambda work: change_certificate.suspend(work, certificate_id), present=CertificateOut.of)


@router.post("/{certificate_id}/reinstate", response_model=CertificateOut, responses=PROBLEMS)
async def reinstate(
    certificate_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("certificate.reinstate"))]
) -> Response:
    """Let a suspended certificate count again."""
    del body
    return await do.run(lambda work: change_certificate.reinstate(work, certificate_id), present=CertificateOut.of)


@router.post("/{certificate_id}/revoke", response_model=CertificateOut, responses=PROBLEMS)
async def revoke(
    certificate_id: UUID, body: CertificateReasonBody, do: Annotated[Do, Depends(command("certificate.revoke"))]
) -> Response:
    """End a certificate for good."""
    return await do.run(
        lambda work: change_certificate.revoke(work, certificate_id, body.reason), present=CertificateOut.of
    )


@router.post("/{certificate_id}/reissue", response_model=CertificateOut, status_code=201, responses=PROBLEMS)
async def reissue(
    certificate_id: UUID, body: CertificateReasonBody, do: Annotated[Do, Depends(command("certificate.reissue"))]
) -> Response:
    """Replace a certificate by a new one with a number of its own."""
    names = await _names(do, CERTIFICATES.table.c.id == certificate_id)
    name = next(iter(names.values()), None)
    mint = tools_of(do.running).mint
    return await do.run(
        lambda work: change_certificate.reissue(work, certificate_id, body.reason, name, mint),
        present=CertificateOut.of,
        status=201,
        location=lambda certificate: f"/v1/assessment/certificates/{certificate.id}",
    )


@router.get(
    "/{certificate_id}/credential",
    response_class=Response,
    responses=READ_PROBLEMS | {200: {"content": {JWT: {"schema": {"type": "string"}}, EMBEDDED: {"schema": {}}}}},
)
async def read_credential(
    certificate_id: UUID,
    request: Request,
    read: Annotated[Query, Depends(query("certificate.hand-out"))],
) -> Response:
    """The signed Open Badges 3.0 credential, for the holder to keep: a JWT, or with an embedded proof, by ``Accept``."""
    certificate = await _handed_out(read, certificate_id, "credential")
    mint, kind = tools_of(read.running).mint, wanted_form(request.headers.get("accept", ""))
    credential = mint.open_embedded(certificate) if kind == EMBEDDED else mint.open_credential(certificate)
    if credential is None:
        raise NotFound("no-such-form", "This certificate has no credential of that form.")
    return Response(credential, 200, {"cache-control": "no-store", "vary": "accept"}, kind)


@router.get("/{certificate_id}/verification-link", response_model=LinkOut, responses=STATE_PROBLEMS)
async def read_link(certificate_id: UUID, read: Annotated[Query, Depends(query("certificate.hand-out"))]) -> Response:
    """The link behind the QR code."""
    certificate = await _handed_out(read, certificate_id, "link")
    return read.answer(_link(read, certificate))


@router.get(
    "/{certificate_id}/qr",
    response_class=Response,
    responses=STATE_PROBLEMS | {200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
async def read_qr(certificate_id: UUID, read: Annotated[Query, Depends(query("certificate.hand-out"))]) -> Response:
    """The QR code with the verification link, as SVG."""
    certificate = await _handed_out(read, certificate_id, "qr")
    drawn = io.BytesIO()
    segno.make(_link(read, certificate).url, error="m").save(drawn, kind="svg", scale=4, border=4)
    return Response(drawn.getvalue(), 200, {"cache-control": "no-store"}, "image/svg+xml")


def wanted_form(accept: str) -> str:
    """The form that an ``Accept`` header likes best: embedded for ``application/vc`` or any JSON, otherwise the JWT."""
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept.lower().split(",")):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        form = JWT if kind == JWT else EMBEDDED if kind in _EMBEDDED_NAMES else None
        if form is not None and weight.replace(".", "", 1).isdigit() and float(weight) > 0:
            liked.append((-float(weight), place, form))
    return min(liked)[2] if liked else JWT


async def _names(do: Do, where: ColumnElement[bool]) -> dict[UUID, HolderName | None]:
    """Names for the certificates under ``where`` that the caller may act on, before any transaction begins."""
    table = CERTIFICATES.table
    relations = do.running.service.policy.relations(do.action, do.actor)
    scope = Scope(do.actor, relations).where(facet_columns(table, do.actor))
    async with do.running.engine.connect() as connection:
        found = await connection.execute(select(table.c.participation).where(where, scope).limit(10_000))
        participations = [row.participation for row in found]
    if not participations:
        return {}
    return await tools_of(do.running).names.names(participations, purpose=PURPOSE)


async def _handed_out(read: Query, certificate_id: UUID, what: str) -> Certificate:
    """A certificate that was issued; handing it out leaves an audit entry."""
    row = await read.one(rows_of(CERTIFICATES, visible(read, CERTIFICATES.table), {"id": certificate_id}))
    certificate = thing_of(CERTIFICATES, row)
    if certificate.state not in HANDED_OUT:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    async with read.running.unit(Circumstances(read.actor)) as unit:
        unit.note("certificate.hand-out", "certificate", str(certificate_id), what=what)
    return certificate


def _link(read: Query, certificate: Certificate) -> LinkOut:
    tools = tools_of(read.running)
    token = tools.mint.token(certificate)
    return LinkOut(url=f"{tools.public_url}/verify/{token}", token=token)
