"""What the use cases of selection ask for: stores, reads without locks, the vault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from selection.domain.appeals.appeal import Appeal
from selection.domain.applying.application import Application
from selection.domain.applying.attestation import Attestation
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.recommendation import Recommendation
from selection.domain.eligibility.waiver import RecordedWaiver
from selection.domain.importing.registration import Registration
from selection.domain.organisation import Organisation
from selection.domain.panel.assigned import Assignment
from selection.domain.panel.deliberation import PanelMinutes, PanelResult
from selection.domain.panel.panel import ConflictOfInterest, Panel, ScoreSheet
from selection.domain.people.composition import CompositionStatistic
from selection.domain.people.person import Person
from selection.domain.people.rights import Correction, LegalHold
from selection.domain.people.vault_item import Consent, VaultItem, VaultRead
from selection.domain.policy.policy import Policy
from selection.domain.policy.registered import RegisteredPolicy
from selection.domain.programmes.call import Call
from selection.domain.programmes.programme import Batch, Session
from selection.domain.quota.counting import NodeCounter, SeatMove
from selection.domain.quota.seat import Seat
from selection.domain.roster.document import RosterEdition
from selection.domain.roster.roster import Roster
from selection.domain.roster.run import BalancingRun, RunCertificate
from selection.domain.roster.vacancy import Vacancy
from selection.usecases.judging.ports import AttestedFacts
from selection.usecases.people.ports import People
from shared.kernel.job import Job
from shared.kernel.work import Store, Work


class Seals(Protocol):
    """The vault: seals small values under a person's own wrapped key."""

    @property
    def key_id(self) -> str:
        """Public id of the service key that wraps now."""
        ...

    def rewrap(self, wrapped_key: bytes, owner: str) -> bytes:
        """The same key wrapped by the current service key."""
        ...

    def new_key(self, owner: str) -> bytes:
        """A fresh wrapped key for a person's id."""
        ...

    def seal(self, wrapped_key: bytes, owner: str, place: str, plain: str) -> bytes:
        """Encrypt for one place (``table|column|row id``)."""
        ...

    def open(self, wrapped_key: bytes, owner: str, place: str, sealed: bytes) -> str:
        """Decrypt what was sealed for the same owner and place."""
        ...

    def blind_index(self, domain: str, value: str) -> bytes:
        """A keyed hash for exact lookup."""
        ...

    def blind_indexes(self, domain: str, value: str) -> list[bytes]:
        """The hash under the current and every retired service key."""
        ...


class Readings(Protocol):
    """Reads of things that many commands need and none of these commands changes: no lock is taken."""

    async def policy(self, programme: str, version: str) -> Policy:
        """The typed policy. Raises ``NotFound`` ``policy-not-found``."""
        ...

    async def call(self, id: UUID) -> Call:
        """The call. Raises ``NotFound`` ``call-not-found``."""
        ...

    async def session(self, id: UUID) -> Session:
        """The session. Raises ``NotFound`` ``session-not-found``."""
        ...

    async def organisations(self, paths: Iterable[str]) -> dict[str, Organisation]:
        """The known organisations among ``paths``, by path."""
        ...

    async def applications(self, ids: Iterable[UUID]) -> list[Application]:
        """The applications that exist among ``ids``."""
        ...

    async def session_applications(self, session: UUID, states: Iterable[ApplicationState]) -> list[Application]:
        """The applications of a session in these states, by id."""
        ...

    async def sessions_with_reserve(self) -> list[Session]:
        """Sessions in which somebody still waits in the reserve."""
        ...

    async def held_places(self, session: UUID) -> list[str]:
        """The node of every place that is reserved for nobody in particular, nor for the people of one unit."""
        ...

    async def seats_due(self, at: datetime) -> list[UUID]:
        """Ids of the reservations whose time has passed, without locking them."""
        ...

    async def vacancies_pending(self) -> list[UUID]:
        """Ids of the vacancies that are offered or vacant, oldest first, without locking them."""
        ...

    async def recommendations(self, applications: Iterable[Application]) -> dict[UUID, Recommendation]:
        """Application id → what its unit said about its account for its call."""
        ...

    async def persons(self, participations: Iterable[UUID]) -> dict[UUID, Person]:
        """Participation → the person behind it."""
        ...


class Quotas(Protocol):
    """The counters of the quota tree, moved along whole paths (S-06)."""

    async def lay_out(self, session: Session, seats: Sequence[Seat]) -> None:
        """Write the rows of the session's tree, with the counters that these seats make.

        Raises:
            Conflict: ``quota-below-used`` (P-02).
        """
        ...

    async def hold(self, session: UUID) -> list[NodeCounter]:
        """The counters, parents first; nobody else moves them until this transaction ends."""
        ...

    async def move(self, session: Session, moves: Sequence[SeatMove]) -> None:
        """Move the counters of all paths at once.

        Raises:
            Conflict: ``quota-full`` naming the full nodes; ``lost-race`` when the tree changed meanwhile.
        """
        ...


class SelectionWork(Work, Protocol):
    """One transaction of selection."""

    organisations: Store[Organisation]
    policies: Store[RegisteredPolicy]
    batches: Store[Batch]
    sessions: Store[Session]
    calls: Store[Call]
    persons: Store[Person]
    applications: Store[Application]
    recommendations: Store[Recommendation]
    waivers: Store[RecordedWaiver]
    attestations: Store[Attestation]
    attested: AttestedFacts
    panels: Store[Panel]
    conflicts: Store[ConflictOfInterest]
    sheets: Store[ScoreSheet]
    assignments: Store[Assignment]
    panel_results: Store[PanelResult]
    panel_minutes: Store[PanelMinutes]
    runs: Store[BalancingRun]
    certificates: Store[RunCertificate]
    rosters: Store[Roster]
    editions: Store[RosterEdition]
    vacancies: Store[Vacancy]
    seats: Store[Seat]
    quotas: Quotas
    jobs: Store[Job]
    registrations: Store[Registration]
    consents: Store[Consent]
    vault_items: Store[VaultItem]
    reads: Store[VaultRead]
    statistics: Store[CompositionStatistic]
    holds: Store[LegalHold]
    corrections: Store[Correction]
    appeals: Store[Appeal]
    people: People
    readings: Readings

    @property
    def vault(self) -> Seals:
        """The vault of the deployment."""
        ...
