"""Organisations, policies, batches, sessions, calls: requests and representations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from selection.domain.balancing.tree import QuotaNode
from selection.domain.codes import Step, UnitClass
from selection.domain.organisation import Organisation
from selection.domain.policy.registered import RegisteredPolicy
from selection.domain.programmes.call import Call
from selection.domain.programmes.programme import Batch, Session
from shared.http.resources import Body, CodeText, Line, Resource
from shared.kernel.actor import Actor


class OrganisationBody(Body):
    """One row of the registry; ``area`` defaults to the third segment of the path."""

    path: CodeText
    name_zh: Line
    name_bo: Line | None = None
    name_en: Line
    unit_class: UnitClass
    area: CodeText | None = None
    category: CodeText | None = None


class OrganisationsBody(Body):
    """Organisations to register or change, by path."""

    items: Annotated[list[OrganisationBody], Field(min_length=1, max_length=5000)]


class OrganisationOut(Resource):
    """A registered organisation."""

    id: UUID
    version: int
    path: str
    name_zh: str
    name_bo: str | None
    name_en: str
    unit_class: UnitClass
    area: str | None
    category: str | None

    @classmethod
    def of(cls, thing: Organisation) -> OrganisationOut:
        """The representation of an organisation."""
        return cls(
            id=thing.id, version=thing.version, path=thing.path, name_zh=thing.name_zh, name_bo=thing.name_bo,
            name_en=thing.name_en, unit_class=thing.unit_class, area=thing.area, category=thing.category,
        )  # fmt: skip


class OrganisationsOut(Resource):
    """The registered rows in the order of the request."""

    items: list[OrganisationOut]
    count: int

    @classmethod
    def of(cls, things: list[Organisation], _: Actor) -> OrganisationsOut:
        """The representation of a bulk registration."""
        return cls(items=[OrganisationOut.of(each) for each in things], count=len(things))


class PolicyOut(Resource):
    """A registered policy version; ``resolved`` has the predecessor's rows filled in."""

    id: UUID
    version: int
    programme: str
    policy_version: str
    inherits: str | None
    sha256: str
    used: bool
    content: dict[str, Any]
    resolved: dict[str, Any]

    @classmethod
    def of(cls, thing: RegisteredPolicy, _: Actor) -> PolicyOut:
        """The representation of a policy."""
        return cls(
            id=thing.id, version=thing.version, programme=thing.programme, policy_version=thing.policy_version,
            inherits=thing.inherits, sha256=thing.sha256, used=thing.used, content=thing.content, resolved=thing.resolved,
        )  # fmt: skip


class PlannedSessionOut(Resource):
    """Places planned for one session."""

    session: str
    quota: int


class BatchOut(Resource):
    """A batch; the quotas of its sessions sum to its target (P-02)."""

    id: UUID
    version: int
    programme: str
    batch: str
    kind: str
    target: int
    sessions: list[PlannedSessionOut]
    content: dict[str, Any]

    @classmethod
    def of(cls, thing: Batch, _: Actor) -> BatchOut:
        """The representation of a batch."""
        return cls(
            id=thing.id, version=thing.version, programme=thing.programme, batch=thing.batch, kind=thing.kind,
            target=thing.target, content=thing.content,
            sessions=[PlannedSessionOut(session=each.session, quota=each.quota) for each in thing.sessions],
        )  # fmt: skip


class QuotaNodeBody(Body):
    """One node of the quota tree (S-06)."""

    code: CodeText
    parent: CodeText | None = None
    min: Annotated[int, Field(ge=0, le=1_000_000)]
    max: Annotated[int, Field(ge=0, le=1_000_000)]
    match: dict[str, Annotated[list[CodeText], Field(min_length=1, max_length=500)]]
    name_zh: Line
    name_en: Line

    def node(self) -> QuotaNode:
        """The node of the domain."""
        match = {dimension: tuple(values) for dimension, values in self.match.items()}
        return QuotaNode(self.code, self.parent, self.min, self.max, match, self.name_zh, self.name_en)


class SessionBody(Body):
    """A session to open; what is left out comes from the policy's plan for it."""

    programme: CodeText
    batch: CodeText
    session: CodeText
    planned_start: date | None = None
    quota_nodes: Annotated[list[QuotaNodeBody], Field(max_length=2000)] | None = None


class QuotaTreeBody(Body):
    """Another quota tree for a session."""

    nodes: Annotated[list[QuotaNodeBody], Field(max_length=2000)]


class QuotaNodeOut(Resource):
    """One node of the quota tree."""

    code: str
    parent: str | None
    min: int
    max: int
    match: dict[str, list[str]]
    name_zh: str
    name_en: str


class SessionOut(Resource):
    """A session; ``planned_end`` is inclusive, ``seed`` breaks exact ties in balancing."""

    id: UUID
    version: int
    programme: str
    batch: str
    session: str
    quota: int
    planned_start: date
    planned_end: date
    term: str
    policy_version: str
    seed: str
    quota_nodes: list[QuotaNodeOut]

    @classmethod
    def of(cls, thing: Session, _: Actor | None = None) -> SessionOut:
        """The representation of a session."""
        nodes = [
            QuotaNodeOut(
                code=node.code, parent=node.parent, min=node.min, max=node.max, name_zh=node.name_zh, name_en=node.name_en,
                match={dimension: list(values) for dimension, values in node.match.items()},
            )
            for node in thing.quota_nodes
        ]  # fmt: skip
        return cls(
            id=thing.id, version=thing.version, programme=thing.programme, batch=thing.batch, session=thing.session,
            quota=thing.quota, planned_start=thing.planned_start, planned_end=thing.planned_end, term=thing.term,
            policy_version=thing.policy_version, seed=thing.seed, quota_nodes=nodes,
        )  # fmt: skip


class CallBody(Body):
    """A call to publish; steps default to the policy's, and so does the profile where there is only one (S-02)."""

    session: UUID
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    scope: CodeText
    required_steps: Annotated[list[Step], Field(max_length=4)] | None = None
    profile: CodeText | None = None


class CallOut(Resource):
    """A call."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    session: UUID
    programme: str
    batch: str
    session_code: str
    opens_at: datetime
    closes_at: datetime
    scope: str
    required_steps: list[Step]
    profile: str
    policy_version: str

    @classmethod
    def of(cls, thing: Call, actor: Actor) -> CallOut:
        """The representation of a call."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            session=thing.session_id, programme=thing.programme, batch=thing.batch, session_code=thing.session,
            opens_at=thing.opens_at, closes_at=thing.closes_at, scope=thing.scope, required_steps=thing.required_steps,
            profile=thing.profile, policy_version=thing.policy_version,
        )  # fmt: skip
