"""Routes of organisations and policies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi import Body as RequestBody
from fastapi import Query as Parameter
from sqlalchemy import or_, true

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.policy_schema import POLICY_SCHEMA, check_policy
from selection.adapters.http.programme_schema import PROGRAMME_SCHEMA, check_programme
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.setup import (
    BatchOut,
    OrganisationOut,
    OrganisationsBody,
    OrganisationsOut,
    PolicyOut,
)
from selection.domain.codes import UnitClass
from selection.domain.organisation import Organisation
from selection.domain.policy.registered import RegisteredPolicy
from selection.domain.programmes.programme import Batch
from selection.usecases.setup.put_batch import put_batch
from selection.usecases.setup.put_policy import put_policy
from selection.usecases.setup.register_organisations import OrganisationEntry, register_organisations
from shared.http.commands import Command
from shared.http.guards import command, public, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/selection", tags=["set-up"])
Do = Command[SelectionUnit]
Content = Annotated[dict[str, Any], RequestBody()]


@router.put("/organisations", response_model=OrganisationsOut, responses=PROBLEMS)
async def put_organisations(
    body: OrganisationsBody, do: Annotated[Do, Depends(command("organisation.register"))]
) -> Response:
    """Register or change organisations by path."""
    entries = [OrganisationEntry(**row.model_dump()) for row in body.items]
    return await do.run(lambda work: register_organisations(work, entries), present=OrganisationsOut.of)


@router.get("/organisations", response_model=PageOf[OrganisationOut], responses=READ_PROBLEMS)
async def list_organisations(
    read: Annotated[Query, Depends(query("organisation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    under: Annotated[str | None, Parameter(max_length=200)] = None,
    unit_class: UnitClass | None = None,
) -> Response:
    """Organisations at or below a path, of a class."""
    table = tables.organisation
    statement = columns_of(Organisation, table).where(true())
    if under is not None:
        statement = statement.where(or_(table.c.path == under, table.c.path.startswith(under + "/", autoescape=True)))
    if unit_class is not None:
        statement = statement.where(table.c.unit_class == unit_class.value)
    return await read.page(
        statement, table, page, lambda row: OrganisationOut.of(thing_of(Organisation, table, row)),
        filters={"under": under, "unit_class": unit_class},
    )  # fmt: skip


@router.get("/policies/schema", response_model=dict[str, Any])
async def policy_schema(_: Annotated[Any, Depends(public("a schema holds no data"))]) -> dict[str, Any]:
    """The JSON Schema of a policy."""
    return POLICY_SCHEMA


@router.put("/policies/{programme}/{version}", response_model=PolicyOut, responses=PROBLEMS)
async def put_policy_version(
    programme: str, version: str, content: Content, do: Annotated[Do, Depends(command("policy.put"))]
) -> Response:
    """Hand in a policy version; the same content again is answered alike."""
    check_policy(content)
    return await do.run(lambda work: put_policy(work, programme, version, content, check_policy), present=PolicyOut.of)


@router.get("/policies/{programme}/{version}", response_model=PolicyOut, responses=READ_PROBLEMS)
async def read_policy_version(
    programme: str, version: str, read: Annotated[Query, Depends(query("policy.read"))]
) -> Response:
    """A policy version with its predecessor's rows filled in."""
    table = tables.registered_policy
    where = (table.c.programme == programme) & (table.c.policy_version == version)
    row = await read.one(columns_of(RegisteredPolicy, table).where(where))
    return read.answer(PolicyOut.of(thing_of(RegisteredPolicy, table, row), read.actor))


@router.get("/programmes/schema", response_model=dict[str, Any])
async def programme_schema(_: Annotated[Any, Depends(public("a schema holds no data"))]) -> dict[str, Any]:
    """The JSON Schema of a programme with a batch."""
    return PROGRAMME_SCHEMA


@router.put("/programmes/{programme}/batches/{batch}", response_model=BatchOut, responses=PROBLEMS)
async def put_programme_batch(
    programme: str, batch: str, content: Content, do: Annotated[Do, Depends(command("batch.put"))]
) -> Response:
    """Hand in a programme with one of its batches."""
    check_programme(content)
    return await do.run(lambda work: put_batch(work, programme, batch, content), present=BatchOut.of)


@router.get("/programmes/{programme}/batches/{batch}", response_model=BatchOut, responses=READ_PROBLEMS)
async def read_programme_batch(
    programme: str, batch: str, read: Annotated[Query, Depends(query("batch.read"))]
) -> Response:
    """A batch."""
    table = tables.batch
    row = await read.one(columns_of(Batch, table).where((table.c.programme == programme) & (table.c.batch == batch)))
    return read.answer(BatchOut.of(thing_of(Batch, table, row), read.actor))


@router.get("/batches", response_model=PageOf[BatchOut], responses=READ_PROBLEMS)
async def list_batches(
    read: Annotated[Query, Depends(query("batch.read"))], page: Annotated[PageParameters, Depends(page_parameters)]
) -> Response:
    """All batches of all programmes."""
    table = tables.batch
    return await read.page(
        columns_of(Batch, table), table, page, lambda row: BatchOut.of(thing_of(Batch, table, row), read.actor)
    )
