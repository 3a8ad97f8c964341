"""The classes and missions that may be claimed for."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, select

from funding.adapters.db.readings import COST_OBJECTS, thing
from funding.adapters.db.schema.claim_tables import cost_object
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.payments.cost_objects import CostObjectOut, RegisterCostObject
from funding.usecases.claims.cost_objects import register_cost_object
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/funding", tags=["claims"])
ReadObjects = Annotated[Query, Depends(query("cost-object.read"))]
OWN_OBJECT: Final[dict[Relation, ColumnElement[Any]]] = {
    Relation.OWN_UNIT: cost_object.c.organisation,
    Relation.HOST: cost_object.c.organisation,
}


@router.post("/cost-objects", response_model=CostObjectOut, status_code=201, responses=PROBLEMS)
async def register(
    body: RegisterCostObject, do: Annotated[Command[FundingUnit], Depends(command("cost-object.register"))]
) -> Response:
    """Register a class or an expert mission, so that whoever runs it can claim for it."""
    return await do.run(
        lambda work: register_cost_object(work, body.registration()),
        present=CostObjectOut.of,
        status=201,
        location=lambda made: f"/v1/funding/cost-objects/{made.id}",
    )


@router.get("/cost-objects", response_model=PageOf[CostObjectOut], responses=READ_PROBLEMS)
async def list_cost_objects(
    read: ReadObjects,
    page: Annotated[PageParameters, Depends(page_parameters)],
    kind: CodeFilter = None,
    code: CodeFilter = None,
    session: CodeFilter = None,
) -> Response:
    """The classes and missions the caller may see."""
    filters: dict[str, Any] = {"kind": kind, "code": code, "session": session}
    statement = select(*COST_OBJECTS.columns).where(read.scope.where(OWN_OBJECT), matching(cost_object, filters))
    return await read.page(
        statement, cost_object, page, lambda row: CostObjectOut.of(thing(COST_OBJECTS, row), read.actor),
        filters=filters,
    )  # fmt: skip


@router.get("/cost-objects/{object_id}", response_model=CostObjectOut, responses=READ_PROBLEMS)
async def read_cost_object(object_id: UUID, read: ReadObjects) -> Response:
    """A class or mission."""
    named = (read.scope.where(OWN_OBJECT), cost_object.c.id == object_id)
    row = await read.one(select(*COST_OBJECTS.columns).where(*named))
    return read.answer(CostObjectOut.of(COST_OBJECTS.thing(row), read.actor))
