"""The paper of a certificate: a sealed PDF/A-3u with the signed credential inside, and who was handed what (C-02)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from assessment.adapters.certificates.mint import LocalMint
from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import CERTIFICATES, POLICIES
from assessment.adapters.http.lists import rows_of, thing_of, visible
from assessment.adapters.http.shapes.papers import HandOutListOut, HandOutOut
from assessment.adapters.http.tools import tools_of
from assessment.adapters.papers.coverage import missing
from assessment.adapters.papers.sheet import Attachment, Code, Sheet, sheet_of
from assessment.domain.certifying.certificate import Certificate, CertificateState
from assessment.domain.certifying.paper import paper_text, printed, read_paper
from shared.credentials.slip import slip_address
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS, locale_of
from shared.http.queries import Query
from shared.kernel.refusals import Conflict, NotFound, RuleViolated
from shared.work.unit import Circumstances

router = APIRouter(prefix="/v1/assessment/certificates", tags=["certificates"])

_AUDIT = tables.metadata.tables["audit"]
FILE_NAME = "certificate.pdf"
"""The same for everybody: the name of a file travels further than the file."""


@router.get(
    "/{certificate_id}/paper",
    response_class=Response,
    responses=READ_PROBLEMS
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
    """What is set: the words of the programme's own template, the link behind the QR code, the credential inside."""
    mint = tools_of(read.running).mint
    card = mint.open_card(certificate)
    where = (POLICIES.table.c.programme == certificate.programme) & (
        POLICIES.table.c.policy_version == certificate.scheme_version
    )
    policy = POLICIES.thing(await read.one(select(*POLICIES.columns).where(where)))
    scheme = policy.scheme()
    rule = read_paper(
        policy.effective["certificate"].get("paper"), title=scheme.certificate.title, programme=card.programme,
        seal=scheme.issuer_title,
    )  # fmt: skip
    text = paper_text(rule, certificate, card)
    if absent := missing(printed(text)):
        raise RuleViolated(
            "glyph-missing", "The fonts here cannot print every character of this certificate; it is not printed wrongly.",
            characters=absent,
        )  # fmt: skip
    public_url = tools_of(read.running).public_url
    link = f"{public_url}/verify/{mint.token(certificate)}"
    codes = [Code(link, "QR code: the address where anybody can check this certificate", "在线查验 · Check online")]
    if (slip := mint.open_slip(certificate)) is not None:
        offline = "QR code: the signed certificate itself, to be checked without a network"
        codes.append(Code(slip_address(public_url, slip), offline, "离线查验 · Check offline", "l"))
    return sheet_of(text, codes, _attachments(mint, certificate))


def _attachments(mint: LocalMint, certificate: Certificate) -> list[Attachment]:
    """The same credential in each form that it was signed in."""
    said = "The signed credential (Open Badges 3.0) of this certificate"
    found = [
        Attachment(
            "credential.jwt", mint.open_credential(certificate), "application/vc+jwt", "alternative", f"{said}, JWT"
        )
    ]
    if (embedded := mint.open_embedded(certificate)) is not None:
        found.append(
            Attachment("credential.json", embedded, "application/vc+ld+json", "alternative", f"{said}, embedded proof")
        )
    return found
