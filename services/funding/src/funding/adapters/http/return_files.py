"""Files exchanged with the treasury: lines of a batch as CSV, return files as JSON or CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from funding.adapters.http.shapes.disbursements import ReturnFile
from funding.domain.payments.disbursement import Disbursement
from shared.kernel.money import yuan
from shared.kernel.refusals import Malformed

COLUMNS = ("reference", "outcome", "on", "reason")


async def read_return_file(request: Request) -> ReturnFile:
    """The return file in the body, by its content type.

    Raises:
        RequestValidationError: with every member that does not fit.
        Malformed: ``bad-csv`` when the columns are not ``reference,outcome,on,reason``.
    """
    content = await request.body()
    try:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/csv":
            return ReturnFile.model_validate({"lines": _rows(content)})
        return ReturnFile.model_validate_json(content)
    except ValidationError as error:
        problems = [problem | {"loc": ("body", *problem["loc"])} for problem in error.errors(include_url=False)]
        raise RequestValidationError(problems) from error


def _rows(content: bytes) -> list[dict[str, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        names = [name.strip() for name in reader.fieldnames or ()]
        if not {"reference", "outcome", "on"} <= set(names) <= set(COLUMNS):
            raise Malformed("bad-csv", f"The first line must name the columns {','.join(COLUMNS)}.")
        reader.fieldnames = names
        rows = [{name: value for name, value in row.items() if value not in ("", None)} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Malformed("bad-csv", "The file is not CSV in UTF-8.") from error
    if any(None in row for row in rows):
        raise Malformed("bad-csv", "A line has more fields than the first line names.")
    return rows


def payment_file(batch: Disbursement) -> str:
    """The lines of a batch as CSV for the treasury."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("reference", "payee_kind", "payee", "amount", "currency"))
    for line in batch.lines:
        writer.writerow((line.reference, line.payee_kind, line.payee, yuan(line.amount), "CNY"))
    return out.getvalue()
