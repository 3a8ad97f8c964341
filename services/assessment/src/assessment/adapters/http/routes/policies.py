"""Routes of policies: programmes as data (P-08)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Response
from sqlalchemy import select

from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import POLICIES, AssessmentWork
from assessment.adapters.http.shapes.assessments import AssessmentPolicyOut
from assessment.adapters.policies.checker import PUBLISHED, PolicyChecker
from assessment.domain.schemes.policy import Policy
from assessment.usecases.put_policy import put_policy
from shared.http.commands import Command
from shared.http.documents import SchemaDocument
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import Query

router = APIRouter(prefix="/v1/assessment/policies", tags=["assessment policies"])
CHECKER = PolicyChecker()
Code = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9._-]{0,59}$")]


@router.get("/schema", response_model=dict[str, Any], response_class=SchemaDocument, responses=READ_PROBLEMS)
async def read_policy_schema(read: Annotated[Query, Depends(query("policy.read"))]) -> Response:
    """The JSON Schema of policies."""
    del read
    return SchemaDocument(PUBLISHED)


@router.put("/{programme}/{version}", response_model=AssessmentPolicyOut, responses=PROBLEMS)
async def replace_policy(
    programme: Code,
    version: Code,
    content: Annotated[dict[str, Any], Body()],
    do: Annotated[Command[AssessmentWork], Depends(command("policy.put"))],
) -> Response:
    """Publish a version; the same content again changes nothing, another content only while it is unused."""

    async def act(work: AssessmentWork) -> Policy:
        policy, _ = await put_policy(work, programme, version, content, CHECKER)
        return policy

    return await do.run(act, present=AssessmentPolicyOut.of)


@router.get("/{programme}/{version}", response_model=AssessmentPolicyOut, responses=READ_PROBLEMS)
async def read_policy(
    programme: Code, version: Code, read: Annotated[Query, Depends(query("policy.read"))]
) -> Response:
    """A version, as handed in and as effective."""
    table = tables.policy
    row = await read.one(
        select(*POLICIES.columns).where(table.c.programme == programme, table.c.policy_version == version)
    )
    return read.answer(AssessmentPolicyOut.of(POLICIES.thing(row), read.actor))
