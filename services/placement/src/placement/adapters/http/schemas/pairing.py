"""Objects of pairings, links and contributions on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import CodeText, Line, Prose
from placement.domain.pairing.links import ObjectKind
from placement.usecases.pairing.linking import ContributionText, ObjectText
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class PairedObjectIn(Body):
    """A project, fund or technology of a pairing (W-08)."""

    programme: CodeText
    policy_version: CodeText
    scheme: CodeText
    kind: ObjectKind
    code: CodeText
    area: Annotated[str, Field(pattern=r"^\d{2,12}$", description="GB/T 2260")]
    title: Line

    def text(self) -> ObjectText:
        """As the use case takes it."""
        return ObjectText(**{name: getattr(self, name) for name in ObjectText.__dataclass_fields__})


class _PairingOut(Resource):
    id: UUID
    version: int
    updated_at: datetime | None = None

    @classmethod
    def of(cls, thing: Any, _: Actor) -> Any:
        """The answer to a command."""
        return cls.model_validate(thing, from_attributes=True)


class PairedObjectOut(_PairingOut):
    """An object of a pairing."""

    programme: str
    policy_version: str
    scheme: str
    kind: ObjectKind
    code: str
    area: str
    title: str


class SecondmentLinkIn(Body):
    """The object a secondment takes part in."""

    object: UUID


class SecondmentLinkOut(_PairingOut):
    """A link of a secondment."""

    participation: UUID
    object: UUID


class SecondmentContributionIn(Body):
    """What was done at the post; ``kind`` of the policy's list, ``object`` a linked one (W-11)."""

    kind: CodeText
    made_on: date
    summary: Prose
    object: UUID | None = None

    def text(self) -> ContributionText:
        """As the use case takes it."""
        return ContributionText(kind=self.kind, made_on=self.made_on, summary=self.summary, object=self.object)


class SecondmentContributionOut(_PairingOut):
    """A contribution."""

    participation: UUID
    kind: str
    made_on: date
    summary: str
    object: UUID | None
    recorded_by: str
