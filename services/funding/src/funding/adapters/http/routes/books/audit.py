"""The auditor's samples and findings (F-06)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, and_, select, true

from funding.adapters.db.readings import thing
from funding.adapters.db.schema.audit_tables import audit_finding, audit_sample
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.books.audit import AuditSampleOut, DrawSample, FindingOut, FindingStep, OpenFinding
from funding.domain.audit.finding import AuditFinding, FindingState
from funding.domain.audit.sample import AuditSample
from funding.usecases.audit.draw_sample import Asked, draw_sample
from funding.usecases.audit.findings import open_finding, step_finding
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Actor, Relation
from shared.work.mapping import Mapping
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/funding/audit", tags=["audit"])
SAMPLES: Final = Mapping(AuditSample, audit_sample)
FINDINGS: Final = Mapping(AuditFinding, audit_finding)
ANSWERABLE: Final[dict[Relation, ColumnElement[Any]]] = {Relation.OWN_UNIT: audit_finding.c.responsible}
Paged = Annotated[PageParameters, Depends(page_parameters)]
ReadSamples = Annotated[Query, Depends(query("sample.read"))]
ReadFindings = Annotated[Query, Depends(query("finding.read"))]


@router.post("/samples", response_model=AuditSampleOut, status_code=201, responses=PROBLEMS)
async def draw(body: DrawSample, do: Annotated[Command[FundingUnit], Depends(command("sample.draw"))]) -> Response:
    """Draw a sample of entries by a plan and a seed."""
    asked = Asked(body.plan, body.fund, body.from_day, body.to_day, body.size, body.seed)
    return await do.run(
        lambda work: draw_sample(work, asked),
        present=AuditSampleOut.of,
        status=201,
        location=lambda sample: f"/v1/funding/audit/samples/{sample.id}",
    )


@router.get("/samples", response_model=PageOf[AuditSampleOut], responses=READ_PROBLEMS)
async def list_samples(read: ReadSamples, page: Paged, fund: UUID | None = None) -> Response:
    """Samples that were drawn."""
    filters: dict[str, Any] = {"fund": fund}
    statement = select(*SAMPLES.columns).where(read.scope.where({}), matching(audit_sample, filters))
    return await read.page(
        statement, audit_sample, page, lambda row: AuditSampleOut.of(thing(SAMPLES, row)), filters=filters
    )


@router.get("/samples/{sample_id}", response_model=AuditSampleOut, responses=READ_PROBLEMS)
async def read_sample(sample_id: UUID, read: ReadSamples) -> Response:
    """A sample."""
    row = await read.one(select(*SAMPLES.columns).where(read.scope.where({}), audit_sample.c.id == sample_id))
    return read.answer(AuditSampleOut.of(SAMPLES.thing(row)))


@router.post("/findings", response_model=FindingOut, status_code=201, responses=PROBLEMS)
async def open_(body: OpenFinding, do: Annotated[Command[FundingUnit], Depends(command("finding.open"))]) -> Response:
    """Open a finding; the organisation it names answers for it."""
    return await do.run(
        lambda work: open_finding(work, **body.model_dump()),
        present=lambda finding, actor: FindingOut.of(finding, actor, _today(do.running)),
        status=201,
        location=lambda finding: f"/v1/funding/audit/findings/{finding.id}",
    )


@router.get("/findings", response_model=PageOf[FindingOut], responses=READ_PROBLEMS)
async def list_findings(
    read: ReadFindings,
    page: Paged,
    state: CodeFilter = None,
    severity: CodeFilter = None,
    responsible: CodeFilter = None,
    sample: UUID | None = None,
    *,
    overdue: bool = False,
) -> Response:
    """Findings the caller may see; ``overdue=true`` gives those whose correction is late."""
    filters: dict[str, Any] = {"state": state, "severity": severity, "responsible": responsible, "sample": sample}
    today = _today(read.running)
    late = and_(
        audit_finding.c.due_on < today, audit_finding.c.state.in_([FindingState.OPEN.value, FindingState.RESPONDED.value])
    )  # fmt: skip
    statement = select(*FINDINGS.columns).where(
        read.scope.where(ANSWERABLE), matching(audit_finding, filters), late if overdue else true()
    )

    def shown(row: Any) -> FindingOut:
        return FindingOut.of(thing(FINDINGS, row), read.actor, today)

    return await read.page(statement, audit_finding, page, shown, filters=filters | {"overdue": overdue})


@router.get("/findings/{finding_id}", response_model=FindingOut, responses=READ_PROBLEMS)
async def read_finding(finding_id: UUID, read: ReadFindings) -> Response:
    """A finding with every step."""
    statement = select(*FINDINGS.columns)
    row = await read.one(statement.where(read.scope.where(ANSWERABLE), audit_finding.c.id == finding_id))
    return read.answer(FindingOut.of(FINDINGS.thing(row), read.actor, _today(read.running)))


async def _step(finding_id: UUID, action: str, body: FindingStep, do: Command[FundingUnit]) -> Response:
    def shown(finding: AuditFinding, actor: Actor) -> FindingOut:
        return FindingOut.of(finding, actor, _today(do.running))

    return await do.run(lambda work: step_finding(work, finding_id, action, text=body.text), present=shown)


def _route(action: str, said: str) -> None:
    guard = Depends(command(f"finding.{action}"))

    async def step(finding_id: UUID, body: FindingStep, do: Command[FundingUnit] = guard) -> Response:
        return await _step(finding_id, action, body, do)

    step.__doc__ = said
    router.add_api_route(
        f"/findings/{{finding_id}}/{action}",
        step,
        methods=["POST"],
        name=f"{action}_finding",
        response_model=FindingOut,
        responses=PROBLEMS,
    )


for _action, _said in (
    ("respond", "The audited answer."),
    ("dispute", "The audited say that it is not so."),
    ("correct", "The audited record what they corrected."),
    ("uphold", "The auditor stands by a disputed finding."),
    ("withdraw", "The auditor takes a disputed finding back."),
    ("insist", "The auditor is not satisfied with the correction."),
    ("verify", "The auditor has seen that it is corrected."),
    ("close", "The auditor closes a verified finding."),
):
    _route(_action, _said)


def _today(running: Any) -> date:
    today: date = running.clock.now().astimezone(PLACE).date()
    return today
