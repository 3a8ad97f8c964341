"""One edition of an agreement: what trainee, sending unit and others owe one another, signed by each (M-04, M-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from placement.domain.agreements.parties import Party
from placement.domain.agreements.responsibilities import Terms
from placement.domain.agreements.states import AGREEMENT, BINDING, AgreementState
from placement.domain.facts import AgreementInForce, Share
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle
from shared.kernel.refusals import Conflict, Forbidden, NotFound, RuleViolated


@dataclass(kw_only=True)
class Agreement(Aggregate):
    """One edition of the agreement of one placement; an amendment is a further edition signed by the same parties."""

    lifecycle: ClassVar[Lifecycle[AgreementState]] = AGREEMENT

    participation: UUID
    edition: int = 1
    amends: UUID | None = None
    parties: list[Party]
    duties: dict[str, list[str]]
    responsibilities: dict[str, list[str]] = field(default_factory=dict)
    service_years: int | None = None
    amendment_reason: str | None = None
    state: AgreementState = AgreementState.DRAFT
    offered_on: date | None = None
    in_force_on: date | None = None
    refused_by: str | None = None
    refusal_reason: str | None = None
    filed_on: date | None = None
    filing_number: str | None = None
    ended_on: date | None = None
    termination_reason: str | None = None

    @property
    def binding(self) -> bool:
        """True while the parties are bound by it."""
        return self.state in BINDING

    def offer(self, *, on: date, by: Actor) -> None:
        """Lay it before the parties; from here on the text is fixed."""
        self._advance("offer", by)
        self.offered_on = on

    def party_of(self, by: Actor) -> Party:
        """The party for which the actor signs.

        Raises:
            Forbidden: ``not-a-party``.
        """
        for party in self.parties:
            if party.is_signed_by(by):
                return party
        raise Forbidden("not-a-party", "Only the parties of the agreement can sign or refuse it.", rule="M-04")

    def sign(self, *, on: date, by: Actor) -> None:
        """Put one party's signature under it.

        Raises:
            Conflict: ``signed-already``, ``not-your-turn``.
            Forbidden: ``not-a-party``.
        """
        party = self.party_of(by)
        self._advance("sign", by)
        self._must_be_next(party)
        party.signed_on, party.signed_by, party.means = on, by.subject, "electronic"

    def attest(self, role: str, identity: str | None, document: UUID, *, on: date, today: date, by: Actor) -> None:
        """Record that a party signed on paper; the officer who saw the page belongs to another party or none.

        Raises:
            NotFound: ``no-such-party``.
            Conflict: ``signed-already``, ``not-your-turn``.
            RuleViolated: ``attested-by-party``, ``date-in-future``, ``signed-before-offer`` (M-04).
        """
        found = [party for party in self.parties if party.role == role and identity in (None, party.identity)]
        if len(found) != 1:
            raise NotFound("no-such-party", "Name one party of the agreement, with its organisation if there are more.")
        party = found[0]
        self._advance("attest", by)
        self._must_be_next(party)
        if party.is_of(by):
            raise RuleViolated("attested-by-party", "Nobody attests the signature of their own party.", rule="M-04")
        if on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="M-04")
        if self.offered_on is not None and on < self.offered_on:
            raise RuleViolated("signed-before-offer", f"The text is fixed since {self.offered_on}.", rule="M-04")
        party.signed_on, party.means, party.document, party.attested_by = on, "paper", document, by.subject

    def _must_be_next(self, party: Party) -> None:
        if party.signed:
            raise Conflict("signed-already", "This party has signed already.", rule="M-04", signed_on=party.signed_on)
        if party.order is None:
            return
        first = [p.role for p in self.parties if p.order is not None and p.order < party.order and not p.signed]
        if first:
            raise Conflict("not-your-turn", f"First signs: {', '.join(first)}.", rule="M-04", waiting_for=first)

    @property
    def signed_by_all(self) -> bool:
        """True when no signature is missing."""
        return all(party.signed for party in self.parties)

    def enter_force(self, *, on: date, by: Actor) -> AgreementInForce:
        """It binds from today; the caller makes sure that all have signed."""
        if not self.signed_by_all:
            raise Conflict("signature-missing", "A party has not signed yet.", rule="M-04")
        self._advance("enter-force", by)
        self.in_force_on = on
        return AgreementInForce(self.participation, self.id, self.edition, self.shares)

    @property
    def shares(self) -> tuple[Share, ...]:
        """What each host with a share bears, the leading one first; empty when the agreement divides nothing."""
        shared = [party for party in self.parties if party.role == "host" and party.share is not None]
        return tuple(
            Share(party.identity, party.share or 0, party.leading)
            for party in sorted(shared, key=lambda party: (not party.leading, party.identity))
        )

    def refuse(self, reason: str, *, by: Actor) -> None:
        """A party says no; nobody signs this edition any more, a new agreement may be drafted."""
        party = self.party_of(by)
        self._advance("refuse", by)
        self.refused_by, self.refusal_reason = party.role, reason

    def file(self, number: str, *, on: date, by: Actor) -> None:
        """The regional authority takes it on file under a number."""
        self._advance("file", by)
        self.filed_on, self.filing_number = on, number

    def supersede(self, *, on: date, by: Actor) -> None:
        """The next edition is in force."""
        self._advance("amend", by)
        self.ended_on = on

    def expire(self, *, on: date, by: Actor) -> None:
        """The term it was made for is over."""
        self._advance("expire", by)
        self.ended_on = on

    def terminate(self, reason: str, *, on: date, by: Actor) -> None:
        """It ends before its time, with the reason."""
        self._advance("terminate", by)
        self.ended_on, self.termination_reason = on, reason

    def finish(self, *, completed: bool, reason: str | None, on: date, by: Actor) -> None:
        """The placement is over: expired after the full term, terminated otherwise; a finished one stays as it is."""
        action = "expire" if completed and self.binding else "terminate"
        if action not in self.allowed_actions(by):
            return
        if action == "expire":
            self.expire(on=on, by=by)
        else:
            self.terminate(reason or "placement-ended", on=on, by=by)

    def amended(self, id: UUID, terms: Terms, parties: Sequence[Party], reason: str) -> Agreement:
        """A draft of the next edition; every original signatory signs it again.

        Raises:
            Conflict: ``not-in-force``.
            RuleViolated: ``signatory-dropped`` when somebody who signed this edition is not among ``parties``.
        """
        if not self.binding:
            raise Conflict("not-in-force", "Only an agreement in force can be amended.", rule="M-04", state=self.state)
        kept = {(party.role, party.identity) for party in parties}
        dropped = [party.role for party in self.parties if (party.role, party.identity) not in kept]
        if dropped:
            raise RuleViolated(
                "signatory-dropped", f"Who signed the original signs the amendment: {', '.join(dropped)}.",
                rule="M-04", parties=dropped,
            )  # fmt: skip
        return Agreement(
            id=id,
            participation=self.participation,
            edition=self.edition + 1,
            amends=self.id,
            parties=[party.anew() for party in parties],
            duties=terms.duties,
            responsibilities=terms.responsibilities or self.responsibilities,
            service_years=terms.service_years,
            amendment_reason=reason,
        )
