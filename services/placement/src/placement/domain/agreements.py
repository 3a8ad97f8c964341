"""Agreements: what trainee, sending unit and others owe one another, signed by each and filed (M-04, M-10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import AgreementInForce
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, Forbidden


class AgreementState(StrEnum):
    """From the draft over the signatures to the file of the regional authority."""

    DRAFT = "draft"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    FILED = "filed"
    REFUSED = "refused"
    AMENDED = "amended"
    EXPIRED = "expired"
    TERMINATED = "terminated"


S = AgreementState

_OFFICERS = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})
_PARTIES = frozenset({Role.APPLICANT, Role.UNIT_OFFICER, Role.HOST_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})
_BINDING = (S.IN_FORCE, S.FILED)

AGREEMENT = Lifecycle(
    "agreement",
    initial=S.DRAFT,
    transitions=[
        Transition("offer", S.DRAFT, S.OFFERED, _OFFICERS),
        Transition("sign", S.OFFERED, S.OFFERED, _PARTIES),
        Transition("enter-force", S.OFFERED, S.IN_FORCE, _ITSELF),
        Transition("refuse", S.OFFERED, S.REFUSED, _PARTIES),
        Transition("file", S.IN_FORCE, S.FILED, frozenset({Role.REGIONAL_OFFICER})),
        *arrows("amend", _BINDING, S.AMENDED, _ITSELF),
        *arrows("expire", _BINDING, S.EXPIRED, _ITSELF),
        *arrows("terminate", (S.DRAFT, S.OFFERED, *_BINDING), S.TERMINATED, _ITSELF),
    ],
)


@dataclass(kw_only=True, slots=True)
class Party:
    """A party in its role; ``identity`` is the trainee's account or an organisation path."""

    role: str
    identity: str
    signed_on: date | None = None
    signed_by: str | None = None


@dataclass(kw_only=True)
class Agreement(Aggregate):
    """One edition of the agreement of one placement; an amendment is a further edition signed by the same parties."""

    lifecycle: ClassVar[Lifecycle[AgreementState]] = AGREEMENT

    participation: UUID
    edition: int = 1
    amends: UUID | None = None
    parties: list[Party]
    duties: dict[str, list[str]]
    service_years: int | None = None
    amendment_reason: str | None = None
    state: AgreementState = AgreementState.DRAFT
    in_force_on: date | None = None
    refused_by: str | None = None
    refusal_reason: str | None = None
    filed_on: date | None = None
    filing_number: str | None = None

    @property
    def binding(self) -> bool:
        """True while the parties are bound by it."""
        return self.state in _BINDING

    def offer(self, *, by: Actor) -> None:
        """Lay it before the parties; from here on the text is fixed."""
        self._advance("offer", by)

    def party_of(self, by: Actor) -> Party:
        """The party for which the actor signs.

        Raises:
            Forbidden: ``not-a-party``.
        """
        for party in self.parties:
            mine = by.subject if party.role == "trainee" else by.organisation
            role = {"trainee": Role.APPLICANT, "sending_unit": Role.UNIT_OFFICER, "host": Role.HOST_OFFICER}[party.role]
            if by.has(role) and mine and party.identity == mine:
                return party
        raise Forbidden("not-a-party", "Only the parties of the agreement can sign or refuse it.", rule="M-04")

    def sign(self, *, on: date, by: Actor) -> None:
        """Put one party's signature under it.

        Raises:
            Conflict: ``signed-already``.
            Forbidden: ``not-a-party``.
        """
        party = self.party_of(by)
        self._advance("sign", by)
        if party.signed_on is not None:
            raise Conflict("signed-already", "This party has signed already.", rule="M-04", signed_on=party.signed_on)
        party.signed_on, party.signed_by = on, by.subject

    @property
    def signed_by_all(self) -> bool:
        """True when no signature is missing."""
        return all(party.signed_on is not None for party in self.parties)

    def enter_force(self, *, on: date, by: Actor) -> AgreementInForce:
        """It binds from today; the caller makes sure that all have signed."""
        if not self.signed_by_all:
            raise Conflict("signature-missing", "A party has not signed yet.", rule="M-04")
        self._advance("enter-force", by)
        self.in_force_on = on
        return AgreementInForce(self.participation, self.id, self.edition)

    def refuse(self, reason: str, *, by: Actor) -> None:
        """A party says no; a new agreement may be drafted."""
        party = self.party_of(by)
        self._advance("refuse", by)
        self.refused_by, self.refusal_reason = party.role, reason

    def file(self, number: str, *, on: date, by: Actor) -> None:
        """The regional authority takes it on file under a number."""
        self._advance("file", by)
        self.filed_on, self.filing_number = on, number

    def supersede(self, *, by: Actor) -> None:
        """The next edition is in force."""
        self._advance("amend", by)

    def finish(self, *, completed: bool, by: Actor) -> None:
        """The placement is over: expired after the full term, terminated otherwise; a finished one stays as it is."""
        action = "expire" if completed and self.binding else "terminate"
        if action in self.allowed_actions(by):
            self._advance(action, by)

    def amended(self, id: UUID, duties: dict[str, list[str]], service_years: int | None, reason: str) -> Agreement:
        """A draft of the next edition with the original parties.

        Raises:
            Conflict: ``not-in-force``.
        """
        if not self.binding:
            raise Conflict("not-in-force", "Only an agreement in force can be amended.", rule="M-04", state=self.state)
        return Agreement(
            id=id,
            participation=self.participation,
            edition=self.edition + 1,
            amends=self.id,
            parties=[Party(role=party.role, identity=party.identity) for party in self.parties],
            duties=duties,
            service_years=service_years,
            amendment_reason=reason,
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says: duties by role of the party, and years of service promised after the return."""

    duties: dict[str, list[str]] = field(default_factory=dict)
    service_years: int | None = None
