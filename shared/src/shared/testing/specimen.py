"""A tiny service for the tests of the plumbing: parcels that are packed and sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Response
from pydantic_settings import SettingsConfigDict
from sqlalchemy import Column, Table, Text, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.audit.routes import audit_router
from shared.contracts.event import Event
from shared.contracts.selection import StoryClosed
from shared.http.app import build_app
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import Body, CodeText, Resource
from shared.http.running import Service
from shared.kernel.actor import Actor, Facets, Relation, Role
from shared.kernel.clock import Clock
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.settings import ServiceSettings
from shared.work.policy import PolicyTable, Rule
from shared.work.tables import aggregate_columns, service_metadata
from shared.work.unit import Circumstances, UnitOfWork

metadata = service_metadata()
parcel = Table(
    "parcel", metadata, *aggregate_columns(), Column("state", Text, nullable=False), Column("label", Text, nullable=False),
    Column("account", Text, nullable=False), Column("stamps", JSONB, nullable=False),
    UniqueConstraint("label", name="uq_parcel_label"),
)  # fmt: skip


class S(StrEnum):
    PACKED = "packed"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Sent:
    parcel: UUID


@dataclass(frozen=True, slots=True)
class Unheard:
    parcel: UUID


@dataclass(kw_only=True)
class Parcel(Aggregate):
    lifecycle: ClassVar[Lifecycle[Any]] = Lifecycle(
        "parcel", initial=S.PACKED, transitions=[Transition("send", S.PACKED, S.SENT, frozenset({Role.APPLICANT}))]
    )
    label: str
    account: str
    state: S = S.PACKED
    stamps: list[str] = field(default_factory=list)

    def send(self, *, by: Actor) -> Sent:
        self._advance("send", by)
        return Sent(self.id)


def translate(fact: Any) -> Event | None:
    return StoryClosed(participation=fact.parcel, outcome="certified") if isinstance(fact, Sent) else None


class ParcelWork(UnitOfWork):
    service = "selection"
    translate = staticmethod(translate)
    constraints: ClassVar = {"uq_parcel_label": ("label-taken", "This label is in use.")}

    def __init__(self, engine: AsyncEngine, clock: Clock, circumstances: Circumstances) -> None:
        super().__init__(engine, clock, circumstances)
        self.parcels = self.store(Parcel, parcel)


class PackBody(Body):
    label: CodeText


class ParcelOut(Resource):
    id: UUID
    version: int
    state: str
    label: str
    allowed_actions: list[str]

    @classmethod
    def of(cls, thing: Parcel, actor: Actor) -> ParcelOut:
        return cls(id=thing.id, version=thing.version, state=thing.state, label=thing.label,
                   allowed_actions=thing.allowed_actions(actor))  # fmt: skip


POLICY = PolicyTable("selection", [
    Rule("parcel.pack", {Role.APPLICANT}),
    Rule("parcel.send", {Role.APPLICANT}, Relation.SELF),
    Rule("parcel.read", {Role.APPLICANT}, Relation.SELF),
    Rule("parcel.read", {Role.AUDITOR}, Relation.ANY),
    Rule("audit.read", {Role.AUDITOR}),
])  # fmt: skip
router = APIRouter(prefix="/v1/selection", responses=PROBLEMS)


@router.post("/parcels", response_model=ParcelOut, status_code=201)
async def pack(body: PackBody, do: Annotated[Command[ParcelWork], Depends(command("parcel.pack"))]) -> Response:
    async def act(work: ParcelWork) -> Parcel:
        thing = Parcel(id=work.new_id(), label=body.label, account=work.actor.subject)
        work.parcels.add(thing)
        return thing

    return await do.run(act, present=ParcelOut.of, status=201, location=lambda p: f"/v1/selection/parcels/{p.id}")


@router.post("/parcels/{parcel_id}/send", response_model=ParcelOut)
async def send(parcel_id: UUID, do: Annotated[Command[ParcelWork], Depends(command("parcel.send"))]) -> Response:
    async def act(work: ParcelWork) -> Parcel:
        thing = await work.parcels.get(parcel_id, target=True)
        work.authorise(Facets(account=thing.account))
        work.announce(thing.send(by=work.actor), Unheard(thing.id))
        thing.stamps.append("sent")
        return thing

    return await do.run(act, present=ParcelOut.of)


@router.get("/parcels", response_model=None)
async def parcels(
    read: Annotated[Query, Depends(query("parcel.read"))], page: Annotated[PageParameters, Depends(page_parameters)]
) -> Response:
    where = read.scope.where({Relation.SELF: parcel.c.account})
    return await read.page(
        select(parcel).where(where), parcel, page,
        lambda r: ParcelOut(id=r.id, version=r.version, state=r.state, label=r.label, allowed_actions=[]),
    )  # fmt: skip


class ParcelSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SELECTION_")


SERVICE = Service(
    name="selection", title="Parcels", routers=[router, audit_router("selection")], policy=POLICY, work=ParcelWork
)


def create_app(settings: ParcelSettings) -> FastAPI:
    return build_app(SERVICE, settings)


def statements() -> Iterator[str]:
    yield (
        "CREATE TABLE parcel (id uuid PRIMARY KEY, version int NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT "
        "now(), updated_at timestamptz NOT NULL DEFAULT now(), state text NOT NULL, label text NOT NULL CONSTRAINT "
        "uq_parcel_label UNIQUE, account text NOT NULL, stamps jsonb NOT NULL)"
    )
