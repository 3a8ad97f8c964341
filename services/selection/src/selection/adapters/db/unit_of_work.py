"""The unit of work of selection: its stores, its reads, what its constraints mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncEngine

from selection.adapters.db import judging_tables, panel_tables, people_tables, tables
from selection.adapters.db.attested import SqlAttestedFacts
from selection.adapters.db.people_readings import SqlPeople
from selection.adapters.db.quota.counters import SqlQuotas
from selection.adapters.db.readings import SqlReadings
from selection.adapters.events.publishing import publish
from selection.domain.appeals.appeal import Appeal
from selection.domain.applying.application import Application
from selection.domain.applying.attestation import Attestation
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
from selection.domain.policy.registered import RegisteredPolicy
from selection.domain.programmes.call import Call
from selection.domain.programmes.programme import Batch, Session
from selection.domain.quota.seat import Seat
from selection.domain.roster.document import RosterEdition
from selection.domain.roster.roster import Roster
from selection.domain.roster.run import BalancingRun, RunCertificate
from selection.domain.roster.vacancy import Vacancy
from selection.usecases.judging.ports import AttestedFacts
from selection.usecases.people.ports import People
from selection.usecases.ports import Quotas, Readings, Seals
from shared.kernel.clock import Clock
from shared.kernel.job import Job
from shared.kernel.work import Store
from shared.work.unit import Circumstances, UnitOfWork

if TYPE_CHECKING:
    from shared.http.running import Running

_TAKEN = "Somebody did this at the same moment; read again."


class SelectionUnit(UnitOfWork):
    """Implements ``selection.usecases.ports.SelectionWork`` on PostgreSQL."""

    service = "selection"
    translate = staticmethod(publish)
    constraints: ClassVar[Mapping[str, tuple[str, str]]] = {
        "uq_application_call_id_account": ("applied-already", "You have applied in this call already."),
        "uq_application_call_id_person_id": ("applied-already", "You have applied in this call already."),
        "uq_person_account": ("person-known", "This account has a person already."),
        "uq_person_identity_index": (
            "identity-taken",
            "This identity number belongs to a person with another account.",
        ),
        "uq_session_batch_id_session": ("session-open", "This session is open already."),
        "uq_roster_open_session_id": ("roster-open", "The session has a roster already; discard it first."),
        "uq_vacancy_participation": ("place-vacated", "This place was vacated already."),
        "uq_vacancy_promoted": ("promoted-already", "This person was promoted already."),
        "uq_vacancy_offered_to": ("offered-already", "This person is asked for another place already."),
        "uq_seat_live_participation": ("seat-held", "This person holds a seat already."),
        "uq_vault_item_person_id_attribute": ("lost-race", _TAKEN),
        "uq_consent_standing_person_id_attribute": ("lost-race", _TAKEN),
        "uq_composition_statistic_session_id": ("counted-already", "The composition of this session has been counted."),
        "uq_correction_open_person_id": ("correction-open", "Your earlier request is still open."),
        "uq_appeal_standing_application_id_decision": ("appealed-already", "This decision has been appealed already."),
        "uq_organisation_path": ("lost-race", _TAKEN),
        "uq_registered_policy_programme_policy_version": ("lost-race", _TAKEN),
        "uq_batch_programme_batch": ("lost-race", _TAKEN),
        "uq_panel_assignment_panel_id_application_id_expert": ("lost-race", _TAKEN),
        "uq_panel_minutes_panel_id": ("lost-race", _TAKEN),
        "uq_waiver_standing": ("waived-already", "This rule is waived for this application already."),
        "uq_attestation_call_id_account_unit": ("lost-race", _TAKEN),
        "uq_recommendation_call_id_account_unit": ("lost-race", _TAKEN),
        "uq_score_sheet_panel_id_expert_application_id": ("lost-race", _TAKEN),
        "uq_conflict_of_interest_panel_id_expert_application_id": ("lost-race", _TAKEN),
    }
    running: Running[Any]

    def __init__(self, engine: AsyncEngine, clock: Clock, circumstances: Circumstances) -> None:
        super().__init__(engine, clock, circumstances)
        self.organisations: Store[Organisation] = self.store(Organisation, tables.organisation)
        self.policies: Store[RegisteredPolicy] = self.store(RegisteredPolicy, tables.registered_policy)
        self.batches: Store[Batch] = self.store(Batch, tables.batch)
        self.sessions: Store[Session] = self.store(Session, tables.session)
        self.calls: Store[Call] = self.store(Call, tables.call)
        self.persons: Store[Person] = self.store(Person, tables.person)
        self.applications: Store[Application] = self.store(Application, tables.application)
        self.recommendations: Store[Recommendation] = self.store(Recommendation, tables.recommendation)
        self.waivers: Store[RecordedWaiver] = self.store(RecordedWaiver, judging_tables.waiver)
        self.attestations: Store[Attestation] = self.store(Attestation, judging_tables.attestation)
        self.attested: AttestedFacts = SqlAttestedFacts(self)
        self.panels: Store[Panel] = self.store(Panel, tables.panel)
        self.conflicts: Store[ConflictOfInterest] = self.store(ConflictOfInterest, tables.conflict_of_interest)
        self.sheets: Store[ScoreSheet] = self.store(ScoreSheet, tables.score_sheet)
        self.assignments: Store[Assignment] = self.store(Assignment, panel_tables.panel_assignment)
        self.panel_results: Store[PanelResult] = self.store(PanelResult, panel_tables.panel_result)
        self.panel_minutes: Store[PanelMinutes] = self.store(PanelMinutes, panel_tables.panel_minutes)
        self.runs: Store[BalancingRun] = self.store(BalancingRun, tables.balancing_run)
        self.certificates: Store[RunCertificate] = self.store(RunCertificate, tables.balancing_certificate)
        self.rosters: Store[Roster] = self.store(Roster, tables.roster)
        self.editions: Store[RosterEdition] = self.store(RosterEdition, tables.roster_edition)
        self.vacancies: Store[Vacancy] = self.store(Vacancy, tables.vacancy)
        self.seats: Store[Seat] = self.store(Seat, tables.seat)
        self.quotas: Quotas = SqlQuotas(self)
        self.jobs: Store[Job] = self.store(Job, tables.job)
        self.registrations: Store[Registration] = self.store(Registration, tables.registration)
        self.consents: Store[Consent] = self.store(Consent, people_tables.consent)
        self.vault_items: Store[VaultItem] = self.store(VaultItem, people_tables.vault_item)
        self.reads: Store[VaultRead] = self.store(VaultRead, people_tables.vault_read)
        self.statistics: Store[CompositionStatistic] = self.store(
            CompositionStatistic, people_tables.composition_statistic
        )
        self.holds: Store[LegalHold] = self.store(LegalHold, people_tables.legal_hold)
        self.corrections: Store[Correction] = self.store(Correction, people_tables.correction)
        self.appeals: Store[Appeal] = self.store(Appeal, people_tables.appeal)
        self.people: People = SqlPeople(self)
        self.readings: Readings = SqlReadings(self)

    @property
    def vault(self) -> Seals:
        """The vault of the deployment, opened at start-up."""
        vault: Seals = self.running.extras["vault"]
        return vault
