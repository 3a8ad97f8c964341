"""Waivers, attestations, attested rules and targets: requests and representations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selection.adapters.http.shapes.applications import RuleResultOut
from selection.domain.applying.attestation import Attestation
from selection.domain.eligibility.targets import TargetAnswer
from selection.domain.eligibility.waiver import RecordedWaiver
from selection.usecases.judging.attest import Attested
from selection.usecases.judging.attested_rules import AttestedCheck
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class AttestationBody(Body):
    """What a unit attests about one of its people: by application, or by call and account before they apply."""

    application: UUID | None = None
    call: UUID | None = None
    account: CodeText | None = None
    reserve_listed: bool

    def row(self) -> Attested:
        """The row of the use case."""
        return Attested(self.application, self.call, self.account, self.reserve_listed)


class AttestationsBody(Body):
    """Attestations of the caller's unit; all or none."""

    items: Annotated[list[AttestationBody], Field(min_length=1, max_length=2000)]


class AttestedOut(Resource):
    """That something was attested; what, only the selecting authority reads."""

    id: UUID
    call: UUID
    account: str
    attested_at: datetime


class AttestationsOut(Resource):
    """The kept attestations in the order of the request."""

    items: list[AttestedOut]
    count: int

    @classmethod
    def of(cls, things: list[Attestation], _: Actor) -> AttestationsOut:
        """The representation of kept attestations, without what they say."""
        items = [
            AttestedOut(id=each.id, call=each.call_id, account=each.account, attested_at=each.attested_at)
            for each in things
        ]
        return cls(items=items, count=len(items))


class AttestedChecksBody(Body):
    """Applications about which the attested rules are asked."""

    applications: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class AttestedCheckOut(Resource):
    """What the attested rules say about one application; ``attested`` is False while its unit said nothing."""

    application: UUID
    attested: bool
    eligible: bool
    results: list[RuleResultOut]


class AttestedChecksOut(Resource):
    """The answers in the order of the request; empty when no rule of the call looks at attested facts."""

    items: list[AttestedCheckOut]
    count: int

    @classmethod
    def of(cls, things: list[AttestedCheck], _: Actor) -> AttestedChecksOut:
        """The representation of the answers."""
        items = [
            AttestedCheckOut(
                application=each.application.id, attested=each.attested, eligible=each.answers.eligible,
                results=[RuleResultOut.of(result) for result in each.answers.results],
            )
            for each in things
        ]  # fmt: skip
        return cls(items=items, count=len(items))


class ExclusionBody(Body):
    """An application to exclude and the attested rule that it does not meet."""

    application: UUID
    rule: CodeText


class ExclusionsBody(Body):
    """Exclusions; all or none."""

    items: Annotated[list[ExclusionBody], Field(min_length=1, max_length=2000)]


class RuleWaiverOut(Resource):
    """A recorded waiver."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    application: UUID
    rule: str
    role: str
    reason: str
    policy_version: str
    attested: bool
    given_by: str
    given_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, thing: RecordedWaiver, actor: Actor) -> RuleWaiverOut:
        """The representation of a waiver."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            application=thing.application_id, rule=thing.rule, role=thing.role, reason=thing.reason,
            policy_version=thing.policy_version, attested=thing.attested, given_by=thing.given_by,
            given_at=thing.given_at, withdrawn_by=thing.withdrawn_by, withdrawn_at=thing.withdrawn_at,
            withdrawal_reason=thing.withdrawal_reason,
        )  # fmt: skip


class TargetOut(Resource):
    """A TARGET over a roster: percent reached and wanted, with the sentence it rests on; never about a person."""

    rule: str
    share: str | None
    wanted: str | None
    document: str
    clause: str
    message_zh: str
    message_en: str


class TargetsOut(Resource):
    """Every TARGET in force, over everybody selected in a roster."""

    roster: UUID
    roster_version: int
    selected: int
    items: list[TargetOut]


def shown_target(answer: TargetAnswer, rule: object) -> TargetOut:
    """The representation of one target with its rule's citation."""
    cited = {name: getattr(rule, name) for name in ("document", "clause", "message_zh", "message_en")}
    share, wanted = (None if each is None else str(each) for each in (answer.share, answer.wanted))
    return TargetOut(rule=answer.rule, share=share, wanted=wanted, **cited)
