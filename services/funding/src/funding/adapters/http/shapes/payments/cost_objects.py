"""Shapes of the classes and missions that may be claimed for."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import Category, SessionCode
from funding.domain.claims.cost_object import CostObject, CostObjectKind
from funding.usecases.claims.cost_objects import Registration
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor

Province = Annotated[str, Field(pattern=r"^\d{2}$")]


class RegisterCostObject(Body):
    """A class or mission: who runs and claims for it, which session's allocation pays, its days, persons and place."""

    kind: Literal["session", "mission"]
    code: CodeText
    session: SessionCode
    organisation: CodeText
    starts_on: date
    ends_on: date
    persons: int = Field(ge=1, le=100_000)
    province: Province | None = None
    tier: Category | None = None

    def registration(self) -> Registration:
        """For the use case."""
        return Registration(**(self.model_dump() | {"kind": CostObjectKind(self.kind)}))


class CostObjectOut(Resource):
    """A class or mission that may be claimed for."""

    id: UUID
    version: int
    kind: str
    code: str
    session: str
    organisation: str
    starts_on: date
    ends_on: date
    persons: int
    province: str | None
    tier: str | None
    registered_by: str

    @classmethod
    def of(cls, each: CostObject, actor: Actor) -> CostObjectOut:
        """The representation."""
        del actor
        return cls(
            id=each.id,
            version=each.version,
            kind=each.kind.value,
            code=each.code,
            session=each.session,
            organisation=each.organisation,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            persons=each.persons,
            province=each.province,
            tier=each.tier,
            registered_by=each.registered_by,
        )
