"""Files exchanged with the treasury: a batch as CSV or XLSX, return files as JSON, CSV or XLSX."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from funding.adapters.http.shapes.payments.disbursements import ReturnFileBody
from funding.domain.payments.disbursement import Disbursement
from funding.domain.payments.returns import FileMark, ReturnLine
from shared.kernel.refusals import Finding, RuleViolated
from shared.sheets.columns import Code, Column, Kind, Sheet
from shared.sheets.reading import read_rows
from shared.sheets.rows import ReadRow
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

TOTAL: Final = "TOTAL"
"""The reference of the line that holds the control totals: number of payments and their sum."""
PAYMENT_COLUMNS: Final = (
    Column(code="reference", zh="支付流水号", en="reference", width=24, required=True),
    Column(code="sequence", zh="序号", en="sequence", kind=Kind.INTEGER, width=8),
    Column(code="payee_kind", zh="收款方类型", en="payee_kind", width=14),
    Column(code="payee", zh="收款方", en="payee", width=32),
    Column(code="amount", zh="金额（元）", en="amount", kind=Kind.MONEY),
    Column(code="currency", zh="币种", en="currency", width=8),
    Column(code="batch", zh="批次号", en="batch", width=20),
)
_OUTCOMES: Final = (Code("paid", "已支付", "paid"), Code("rejected", "退回", "rejected"))
RETURN_COLUMNS: Final = (
    Column(code="reference", zh="支付流水号", en="reference", required=True, max_length=120),
    Column(code="outcome", zh="结果", en="outcome", kind=Kind.CODE, codes=_OUTCOMES, required=True),
    Column(code="on", zh="日期", en="on", kind=Kind.DATE, required=True),
    Column(code="reason", zh="退回原因代码", en="reason", kind=Kind.CODE, max_length=120),
    Column(code="amount", zh="金额（元）", en="amount", kind=Kind.MONEY),
    Column(code="batch", zh="批次号", en="batch", max_length=120),
)


@dataclass(frozen=True, slots=True)
class Returned:
    """A return file: its lines, and by what it is recognised."""

    lines: list[ReturnLine]
    mark: FileMark


async def read_return_file(request: Request) -> Returned:
    """The return file in the body, by its content type.

    Raises:
        RequestValidationError: with every member that does not fit.
        RuleViolated: ``return-file-wrong`` with every cell that does not fit.
        Malformed, TooLarge, UnsupportedFile: of a sheet that cannot be read.
    """
    content = await request.body()
    sha256 = hashlib.sha256(content).hexdigest()
    if _media_type(request) in {"text/csv", XLSX_TYPE}:
        return _from_sheet(content, sha256)
    try:
        body = ReturnFileBody.model_validate_json(content)
    except ValidationError as error:
        problems = [problem | {"loc": ("body", *problem["loc"])} for problem in error.errors(include_url=False)]
        raise RequestValidationError(problems) from error
    return Returned(body.returned(), FileMark(sha256, body.total.fen if body.total else None, body.batch))


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A file for the treasury, its media type and the SHA-256 of its content."""

    content: bytes
    media_type: str
    digest: bytes

    @property
    def headers(self) -> dict[str, str]:
        """``content-digest`` (RFC 9530) and the hash in hex, as it is read over the telephone."""
        encoded = b64encode(self.digest).decode()
        return {"content-digest": f"sha-256=:{encoded}:", "x-content-sha256": self.digest.hex()}


def payment_file(batch: Disbursement, kind: Literal["csv", "xlsx"]) -> PaymentFile:
    """The lines of a batch for the treasury, with a last line of control totals; the same bytes every time as CSV."""
    if kind == "csv":
        content, media_type = write_csv(PAYMENT_COLUMNS, _payments(batch), "en"), CSV_TYPE
    else:
        sheet = Sheet(name="payments", columns=PAYMENT_COLUMNS, rows=_payments(batch))
        content, media_type = write_xlsx([sheet], "en"), XLSX_TYPE
    return PaymentFile(content, media_type, hashlib.sha256(content).digest())


def _payments(batch: Disbursement) -> Iterator[list[Any]]:
    for nth, line in enumerate(batch.lines, start=1):
        yield [line.reference, nth, line.payee_kind, line.payee, line.amount, "CNY", batch.number]
    yield [TOTAL, len(batch.lines), None, None, batch.amount, "CNY", batch.number]


def _from_sheet(content: bytes, sha256: str) -> Returned:
    lines: list[ReturnLine] = []
    findings: list[Finding] = []
    total: int | None = None
    for row in read_rows(content, RETURN_COLUMNS):
        if row.values["reference"] == TOTAL:
            total = row.values["amount"]
            findings += _findings(row, {"amount"})
            continue
        wrong = _findings(row, set(row.values))
        findings += wrong
        if not wrong:
            lines.append(ReturnLine(**row.values, row=row.number))
    if not lines and not findings:
        findings = [Finding("empty-file", "The file names no payment.", "/lines", "F-04")]
    if findings:
        raise RuleViolated("return-file-wrong", "The return file cannot be read whole.", findings=findings)
    return Returned(lines, FileMark(sha256, total))


def _findings(row: ReadRow, columns: set[str]) -> list[Finding]:
    return [
        Finding(
            each.code, each.en, f"/{each.sheet}/{each.cell}", "F-04", zh=each.zh,
            values={"row": each.row, "column": each.column},
        )
        for each in row.problems
        if each.severity == "error" and (each.column in columns or not each.column)
    ]  # fmt: skip


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
