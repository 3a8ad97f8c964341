"""Disbursements: batches for the treasury and its return files."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.readings import DISBURSEMENTS, thing
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.return_files import payment_file, read_return_file
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.payments.disbursements import DisbursementOut, Instruct, PaymentLineOut
from funding.adapters.http.shapes.payments.returns import ReturnOut
from funding.usecases.payments.book_return import book_return
from funding.usecases.payments.instruct_disbursement import instruct_disbursement
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, UPLOAD_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.sheets.writing import XLSX_TYPE

router = APIRouter(prefix="/v1/funding/disbursements", tags=["disbursements"])
Read = Annotated[Query, Depends(query("disbursement.read"))]
_LINE: dict[str, Any] = {
    "type": "object",
    "required": ["reference", "outcome", "on"],
    "additionalProperties": False,
    "properties": {
        "reference": {"type": "string"},
        "outcome": {"enum": ["paid", "rejected"]},
        "on": {"type": "string", "format": "date"},
        "reason": {"type": ["string", "null"]},
        "amount": {"type": ["object", "null"]},
        "batch": {"type": ["string", "null"]},
    },
}
_LINES: dict[str, Any] = {
    "type": "object",
    "required": ["lines"],
    "additionalProperties": False,
    "properties": {
        "lines": {"type": "array", "minItems": 1, "maxItems": 20_000, "items": _LINE},
        "batch": {"type": ["string", "null"]},
        "total": {"type": ["object", "null"]},
    },
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
_RETURN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _LINES},
            "text/csv": {
                "schema": {"type": "string", "description": "columns reference,outcome,on,reason,amount,batch"}
            },
            XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post("", response_model=DisbursementOut, status_code=201, responses=PROBLEMS)
async def instruct(
    body: Instruct, do: Annotated[Command[FundingUnit], Depends(command("disbursement.instruct"))]
) -> Response:
    """Hand everything approved of a session to the treasury."""
    return await do.run(
        lambda work: instruct_disbursement(work, body.session, body.milestone, body.what),
        present=DisbursementOut.of,
        status=201,
        location=lambda batch: f"/v1/funding/disbursements/{batch.id}",
    )


@router.post(
    "/{disbursement_id}/returns", response_model=ReturnOut, responses=UPLOAD_PROBLEMS, openapi_extra=_RETURN_BODY
)
async def take_return(
    disbursement_id: UUID,
    request: Request,
    do: Annotated[Command[FundingUnit], Depends(command("disbursement.return"))],
) -> Response:
    """Book a return file (JSON, CSV or XLSX); the same file again changes nothing, a wrong one posts nothing."""
    said = await read_return_file(request)
    return await do.run(lambda work: book_return(work, disbursement_id, said.lines, said.mark), present=ReturnOut.of)


@router.get("", response_model=PageOf[DisbursementOut], responses=READ_PROBLEMS)
async def list_disbursements(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: CodeFilter = None,
    state: CodeFilter = None,
) -> Response:
    """All batches."""
    filters: dict[str, Any] = {"session": session, "state": state}
    statement = select(*DISBURSEMENTS.columns).where(read.scope.where({}), matching(tables.disbursement, filters))

    def shown(row: Any) -> DisbursementOut:
        return DisbursementOut.of(thing(DISBURSEMENTS, row), read.actor)

    return await read.page(statement, tables.disbursement, page, shown, filters=filters)


@router.get("/{disbursement_id}", response_model=DisbursementOut, responses=READ_PROBLEMS)
async def read_disbursement(disbursement_id: UUID, read: Read) -> Response:
    """A batch with its lines."""
    named = tables.disbursement.c.id == disbursement_id
    row = await read.one(select(*DISBURSEMENTS.columns).where(read.scope.where({}), named))
    return read.answer(DisbursementOut.of(DISBURSEMENTS.thing(row), read.actor))


@router.get("/{disbursement_id}/file", response_model=list[PaymentLineOut], responses={**READ_PROBLEMS, **_FILE})
async def read_file(
    disbursement_id: UUID,
    read: Annotated[Query, Depends(query("disbursement.file"))],
    format: Literal["json", "csv", "xlsx"] = "csv",
) -> Response:
    """The lines for the treasury with control totals, as CSV, XLSX or JSON; ``content-digest`` has its SHA-256."""
    named = tables.disbursement.c.id == disbursement_id
    row = await read.one(select(*DISBURSEMENTS.columns).where(read.scope.where({}), named))
    batch = DISBURSEMENTS.thing(row)
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{batch.number}.{format}"'}
    if format != "json":
        file = payment_file(batch, format)
        return Response(file.content, 200, headers | file.headers, file.media_type)
    lines = ",".join(PaymentLineOut.of(line).model_dump_json() for line in batch.lines)
    return Response(f"[{lines}]", 200, headers, "application/json")
