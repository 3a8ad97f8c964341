"""Policies over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.policy_schema import SCHEMA, must_fit
from placement.adapters.http.scoping import PREFIX
from placement.domain.policies import Policy
from placement.usecases.policies.apply_policy import apply_policy
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.kernel.actor import Actor

router = APIRouter(prefix=PREFIX, tags=["policies"])
CodePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$")]


class PlacementPolicyOut(Resource):
    """A policy version as handed in and as it is in effect; ``used`` ones are immutable."""

    id: UUID
    version: int
    programme: str
    policy_version: str
    inherits: str | None
    sha256: str
    used: bool
    content: dict[str, Any]
    effective: dict[str, Any]

    @classmethod
    def of(cls, policy: Policy, _: Actor) -> PlacementPolicyOut:
        """The answer to a command."""
        return cls(
            id=policy.id,
            version=policy.version,
            programme=policy.programme,
            policy_version=policy.policy_version,
            inherits=policy.inherits,
            sha256=policy.sha256,
            used=policy.used,
            content=policy.content,
            effective=policy.effective,
        )


@router.get("/policies/schema", responses=READ_PROBLEMS)
async def read_policy_schema(query: Annotated[Query, Depends(query("policy.read"))]) -> dict[str, Any]:
    """The JSON Schema of ``placement.yaml``."""
    del query
    return SCHEMA


@router.put("/policies/{programme}/{version}", response_model=PlacementPolicyOut, responses=PROBLEMS)
async def put_policy(
    programme: CodePath,
    version: CodePath,
    content: Annotated[dict[str, Any], Body(description="placement.yaml as JSON")],
    command: Annotated[Command[SqlPlacementWork], Depends(command("policy.apply"))],
) -> Response:
    """Apply a version; the same content again changes nothing, a used version cannot be changed."""

    async def act(work: SqlPlacementWork) -> Policy:
        must_fit(content)
        policy = await apply_policy(work, programme, version, content)
        must_fit(policy.effective)
        return policy

    return await command.run(act, present=PlacementPolicyOut.of)


@router.get("/policies/{programme}/{version}", response_model=PlacementPolicyOut, responses=READ_PROBLEMS)
async def read_policy(
    programme: CodePath, version: CodePath, query: Annotated[Query, Depends(query("policy.read"))]
) -> Response:
    """A version, with what it inherits worked in."""
    table = tables.policy
    row = await query.one(select(table).where(table.c.programme == programme, table.c.policy_version == version))
    return query.answer(PlacementPolicyOut(**row._mapping))
