"""Policies: programmes as data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.readings import POLICIES
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.policy_schema import SCHEMA, require_valid
from funding.adapters.http.shapes.funds.funds import FundingPolicyOut
from funding.usecases.policies.apply_policy import apply_policy
from shared.http.commands import Command
from shared.http.documents import SchemaDocument
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import Query

router = APIRouter(prefix="/v1/funding/policies", tags=["funding policies"])
Code = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9._-]{0,59}$")]


@router.get("/schema", response_model=dict[str, Any], response_class=SchemaDocument, responses=READ_PROBLEMS)
async def read_policy_schema(read: Annotated[Query, Depends(query("policy.read"))]) -> Response:
    """The JSON Schema of ``funding.yaml``."""
    del read
    return SchemaDocument(SCHEMA)


@router.put("/{programme}/{version}", response_model=FundingPolicyOut, responses=PROBLEMS)
async def put_policy(
    programme: Code,
    version: Code,
    content: Annotated[dict[str, Any], Body()],
    do: Annotated[Command[FundingUnit], Depends(command("policy.put"))],
) -> Response:
    """Apply a version; the same content again changes nothing, other content only while it is unused."""
    require_valid(content)
    return await do.run(lambda work: apply_policy(work, programme, version, content), present=FundingPolicyOut.of)


@router.get("/{programme}/{version}", response_model=FundingPolicyOut, responses=READ_PROBLEMS)
async def read_policy(
    programme: Code, version: Code, read: Annotated[Query, Depends(query("policy.read"))]
) -> Response:
    """A version, as handed in and as it holds."""
    table = tables.applied_policy
    named = (table.c.programme == programme) & (table.c.policy_version == version)
    row = await read.one(select(*POLICIES.columns).where(named))
    return read.answer(FundingPolicyOut.of(POLICIES.thing(row), read.actor))
