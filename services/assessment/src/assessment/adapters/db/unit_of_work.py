"""The unit of work of this service: its stores, and what it reads without a lock."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from assessment.adapters.db import tables
from assessment.adapters.events.publishing import translate
from assessment.domain.accrediting.accreditation import Accreditation
from assessment.domain.accrediting.card import CardState, TalentCard
from assessment.domain.accrediting.usage import Allowance, CardUse
from assessment.domain.assessing.assessment import Assessment
from assessment.domain.certifying.certificate import Certificate
from assessment.domain.certifying.numbering import NumberSequence
from assessment.domain.certifying.standing import StatusSlot, list_of, scattered
from assessment.domain.certifying.waiver import Waiver
from assessment.domain.participation import Participation
from assessment.domain.returning.achievement import Achievement
from assessment.domain.returning.follow_up import FollowUp, FollowUpState
from assessment.domain.returning.link import AlumniLink
from assessment.domain.schemes.policy import Policy
from shared.kernel.clock import Clock
from shared.kernel.job import Job
from shared.work.mapping import Mapping
from shared.work.unit import Circumstances, UnitOfWork

POLICIES = Mapping(Policy, tables.policy)
ASSESSMENTS = Mapping(Assessment, tables.assessment)
CERTIFICATES = Mapping(Certificate, tables.certificate)
WAIVERS = Mapping(Waiver, tables.waiver)
ACCREDITATIONS = Mapping(Accreditation, tables.accreditation)
CARDS = Mapping(TalentCard, tables.talent_card)
CARD_USES = Mapping(CardUse, tables.card_use)
ACHIEVEMENTS = Mapping(Achievement, tables.achievement)
FOLLOW_UPS = Mapping(FollowUp, tables.follow_up)
LINKS = Mapping(AlumniLink, tables.alumni_link)

_RACE = ("lost-race", "Somebody else changed this at the same moment; read it again.")


class AssessmentWork(UnitOfWork):
    """Implements ``usecases.ports.AssessmentPort`` on PostgreSQL."""

    service = "assessment"
    translate = staticmethod(translate)
    constraints: ClassVar = {
        "uq_policy_programme_version": _RACE,
        "uq_assessment_live": ("assessment-open", "An assessment of this participation is open."),
        "uq_certificate_first": ("certificate-exists", "This participation has a certificate."),
        "uq_certificate_predecessor": ("certificate-exists", "This certificate was replaced before."),
        "uq_certificate_number": ("number-taken", "This number was given to another certificate."),
        "uq_number_sequence_series": _RACE,
        "uq_certificate_status_slot": _RACE,
        "uq_waiver_participation": ("waiver-exists", "This participation has a waiver."),
        "uq_accreditation_open": ("accreditation-open", "An application of this account is in progress."),
        "uq_accreditation_held": _RACE,
        "uq_accreditation_participation": _RACE,
        "uq_talent_card_live": _RACE,
        "uq_talent_card_number": ("number-taken", "This number was given to another card."),
        "uq_card_allowance_card_service_year": _RACE,
        "ck_card_allowance_used": ("allowance-used-up", "The card has used this service as often as allowed."),
        "uq_card_use_provider_receipt": ("receipt-used", "You recorded a use under this receipt before."),
        "uq_achievement_once": ("achievement-exists", "This achievement is recorded already."),
        "uq_follow_up_round": _RACE,
        "uq_alumni_link_live": ("link-exists", "There is a link with this host already."),
        "uq_waiver_application": ("application-served", "A waiver was used for this application before."),
        "ck_assessment_other_decider": ("four-eyes", "Who appealed cannot decide the appeal."),
        "ck_certificate_issuer_is_no_judge": (
            "issuer-is-assessor",
            "You had a hand in the result; another person must issue.",
        ),
        "ck_assessment_four_eyes": ("four-eyes", "The person who recorded a result cannot confirm it."),
    }

    def __init__(self, engine: AsyncEngine, clock: Clock, circumstances: Circumstances) -> None:
        super().__init__(engine, clock, circumstances)
        self.policies = self.store(Policy, tables.policy)
        self.participations = self.store(Participation, tables.participation)
        self.assessments = self.store(Assessment, tables.assessment)
        self.certificates = self.store(Certificate, tables.certificate)
        self.sequences = self.store(NumberSequence, tables.number_sequence)
        self.waivers = self.store(Waiver, tables.waiver)
        self.jobs = self.store(Job, tables.job)
        self.accreditations = self.store(Accreditation, tables.accreditation)
        self.cards = self.store(TalentCard, tables.talent_card)
        self.allowances = self.store(Allowance, tables.allowance)
        self.card_uses = self.store(CardUse, tables.card_use)
        self.achievements = self.store(Achievement, tables.achievement)
        self.follow_ups = self.store(FollowUp, tables.follow_up)
        self.links = self.store(AlumniLink, tables.alumni_link)

    async def policy(self, programme: str, version: str) -> Policy | None:
        """See ``AssessmentPort.policy``."""
        found = select(*POLICIES.columns).where(
            tables.policy.c.programme == programme, tables.policy.c.policy_version == version
        )
        row = (await self.connection.execute(found)).first()
        return None if row is None else POLICIES.thing(row)

    async def cards_over(self, today: date, most: int) -> list[TalentCard]:
        """See ``AssessmentPort.cards_over``; rows somebody else holds are left for the next time."""
        table = tables.talent_card
        ids = (
            await self.connection.execute(
                select(table.c.id)
                .where(table.c.state.in_([CardState.ACTIVE, CardState.SUSPENDED]), table.c.valid_until < today)
                .order_by(table.c.valid_until, table.c.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
        ).scalars()
        return await self.cards.get_many(ids)

    async def status_slots(self, count: int) -> list[StatusSlot]:
        """See ``AssessmentPort.status_slots``."""
        drawn = select(func.nextval(tables.status_serial.name)).select_from(func.generate_series(1, count))
        serials = (await self.connection.execute(drawn)).scalars().all()
        numbers = {list_of(serial) for serial in serials}
        begin = insert(tables.status_list).on_conflict_do_nothing()
        await self.connection.execute(begin, [{"number": n, "key": secrets.token_bytes(32)} for n in sorted(numbers)])
        known = select(tables.status_list.c.number, tables.status_list.c.key).where(
            tables.status_list.c.number.in_(numbers)
        )
        keys = {row.number: row.key for row in await self.connection.execute(known)}
        return [scattered(serial, keys[list_of(serial)]) for serial in serials]

    async def follow_ups_to_move(self, day: date, limit: int) -> list[FollowUp]:
        """See ``AssessmentPort.follow_ups_to_move``."""
        table, state = tables.follow_up, tables.follow_up.c.state
        falls_due = and_(state == FollowUpState.SCHEDULED, table.c.due_on <= day)
        missed = and_(state == FollowUpState.DUE, table.c.until < day)
        wanted = select(table.c.id).where(or_(falls_due, missed)).order_by(table.c.due_on, table.c.id).limit(limit)
        ids = (await self.connection.execute(wanted.with_for_update(skip_locked=True))).scalars()
        return await self.follow_ups.get_many(ids)

    async def certificates_sealed_otherwise(self, head: bytes, most: int) -> list[Certificate]:
        """See ``AssessmentPort.certificates_sealed_otherwise``; rows somebody else holds are left for the next time."""
        table = tables.certificate
        begins = func.substring(table.c.sealing_key, 1, len(head))
        wanted = select(table.c.id).where(table.c.sealing_key.is_not(None), begins != head).order_by(table.c.id)
        ids = (await self.connection.execute(wanted.limit(most).with_for_update(skip_locked=True))).scalars()
        return await self.certificates.get_many(ids)

    async def seen_certificate(self, **equal: Any) -> Certificate | None:
        """See ``AssessmentPort.seen_certificate``."""
        where = and_(*(tables.certificate.c[name] == value for name, value in equal.items()))
        row = (await self.connection.execute(select(*CERTIFICATES.columns).where(where).limit(1))).first()
        return None if row is None else CERTIFICATES.thing(row)
