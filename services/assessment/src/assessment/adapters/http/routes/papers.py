"""The paper of a certificate: a sealed PDF/A-3u with the signed credential inside, and who was handed what (C-02)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import CERTIFICATES, POLICIES
from assessment.adapters.http.lists import rows_of, thing_of, visible
from assessment.adapters.http.shapes.papers import HandOutListOut, HandOutOut
from assessment.adapters.http.tools import tools_of
from assessment.adapters.papers.sheet import Sheet
from assessment.adapters.papers.wording import sheet_for
from assessment.domain.certifying.certificate import Certificate, CertificateState
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS, STATE_PROBLEMS, locale_of
from shared.http.queries import Query
from shared.kernel.refusals import Conflict, NotFound
from shared.work.unit import Circumstances

router = APIRouter(prefix="/v1/assessment/certificates", tags=["certificates"])

_AUDIT = tables.metadata.tables["audit"]
FILE_NAME = "certificate.pdf"
"""The same for everybody: the name of a file travels further than the file."""


@router.get(
    "/{certificate_id}/paper",
    response_class=Response,
    responses=STATE_PROBLEMS
    | {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def read_paper_of(
    certificate_id: UUID, read: Annotated[Query, Depends(query("certificate.hand-out"))]
) -> Response:
    """The certificate as a sealed PDF/A-3u; only one that counts is printed, and printing it is written down."""
    row = await read.one(rows_of(CERTIFICATES, visible(read, CERTIFICATES.table), {"id": certificate_id}))
    certificate: Certificate = thing_of(CERTIFICATES, row)
    if certificate.state in {CertificateState.REQUESTED, CertificateState.CANCELLED}:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    if certificate.state is not CertificateState.ISSUED:
        raise Conflict(
            "paper-of-invalid-certificate",
            "This certificate does not count now; no paper of it is printed.",
            rule="C-02",
        )
    sheet = await _sheet(read, certificate)
    [paper] = await tools_of(read.running).press.print([sheet])
    async with read.running.unit(Circumstances(read.actor)) as unit:
        unit.note("certificate.hand-out", "certificate", str(certificate_id), what="paper")
    headers = {"cache-control": "no-store", "content-disposition": f'inline; filename="{FILE_NAME}"'}
    return Response(paper, 200, headers, "application/pdf")


@router.get("/{certificate_id}/hand-outs", response_model=HandOutListOut, responses=READ_PROBLEMS)
async def read_hand_outs(
    certificate_id: UUID, request: Request, read: Annotated[Query, Depends(query("certificate.hand-outs"))]
) -> Response:
    """What was printed or handed out of a certificate, when and to whom, in words; the latest first, a hundred at most."""
    await read.one(rows_of(CERTIFICATES, visible(read, CERTIFICATES.table), {"id": certificate_id}))
    found = await read.all(
        select(_AUDIT.c.business_at, _AUDIT.c.roles, _AUDIT.c.purpose, _AUDIT.c.details["what"].astext.label("what"))
        .where(
            _AUDIT.c.object_type == "certificate", _AUDIT.c.object_id == str(certificate_id),
            _AUDIT.c.action == "certificate.hand-out", _AUDIT.c.outcome == "done",
        )
        .order_by(_AUDIT.c.id.desc())
        .limit(100)
    )  # fmt: skip
    locale = locale_of(request)
    return read.answer(HandOutListOut(items=[HandOutOut.of(row, locale) for row in found]))


async def _sheet(read: Query, certificate: Certificate) -> Sheet:
    """What is set, under the policy that it was issued under."""
    where = (POLICIES.table.c.programme == certificate.programme) & (
        POLICIES.table.c.policy_version == certificate.scheme_version
    )
    policy = POLICIES.thing(await read.one(select(*POLICIES.columns).where(where)))
    tools = tools_of(read.running)
    return sheet_for(certificate, policy, tools.mint, tools.public_url)
