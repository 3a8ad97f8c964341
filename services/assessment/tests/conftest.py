"""Builders for the tests of assessment: a scheme from the programme's own data, people with roles, a memory of work."""

from __future__ import annotations

import copy
import functools
import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from assessment.domain.accrediting.accreditation import Accreditation
from assessment.domain.accrediting.card import CardState, TalentCard
from assessment.domain.accrediting.usage import Allowance, CardUse
from assessment.domain.assessing.assessment import Assessment
from assessment.domain.certifying.certificate import Certificate, HolderCard, HolderName, Minted
from assessment.domain.certifying.numbering import NumberSequence
from assessment.domain.certifying.standing import StatusSlot, scattered
from assessment.domain.certifying.waiver import Waiver
from assessment.domain.participation import Participation
from assessment.domain.returning.achievement import Achievement
from assessment.domain.returning.follow_up import FollowUp
from assessment.domain.returning.link import AlumniLink
from assessment.domain.schemes.policy import Policy, effective_content, new_policy
from assessment.domain.schemes.scheme import Scheme, Title
from shared.kernel.actor import Actor, Role, system
from shared.kernel.job import Job
from shared.testing.actors import someone
from shared.work.memory import MemoryWork

PROGRAMME = "tibet-special-training"
ROOT = Path(__file__).parents[3]


def policy_content(version: str) -> dict[str, Any]:
    """The programme's own assessment rules."""
    return copy.deepcopy(_content(version))


@functools.cache
def _content(version: str) -> dict[str, Any]:
    path = ROOT / "programmes" / PROGRAMME / version / "assessment.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def pid(number: int) -> UUID:
    """The participation id of person ``number``."""
    return UUID(int=0x018D0000_0000_7000_8000_000000000000 + number)


class People:
    """Who acts in the tests."""

    system = system("assessment")
    assessor = someone(Role.ASSESSOR, subject="assessor-1", organisation="cn/54")
    second = someone(Role.ASSESSOR, subject="assessor-2", organisation="cn/54")
    third = someone(Role.REGIONAL_OFFICER, subject="regional-3", organisation="cn/54")
    fourth = someone(Role.REGIONAL_OFFICER, subject="regional-4", organisation="cn/54")
    prefecture_assessor = someone(Role.ASSESSOR, subject="assessor-9", organisation="cn/54/5401")
    issuer = someone(Role.ISSUER, subject="issuer-1", organisation="cn")
    host = someone(Role.HOST_OFFICER, subject="host-1", organisation="hosts/H001")
    other_host = someone(Role.HOST_OFFICER, subject="host-2", organisation="hosts/H002")
    mentor = someone(Role.MENTOR, subject="00000000-0000-7000-8000-0000000000aa", organisation="hosts/H001")
    unit = someone(Role.UNIT_OFFICER, subject="unit-1", organisation="cn/54/5401/U0001")
    other_unit = someone(Role.UNIT_OFFICER, subject="unit-2", organisation="cn/54/5402/U0002")
    trainee = someone(Role.APPLICANT, subject="account-1")
    other_trainee = someone(Role.APPLICANT, subject="account-2")
    agency = someone(Role.AGENCY, subject="title-authority")
    auditor = someone(Role.AUDITOR, subject="auditor-1", organisation="cn-audit")
    operator = someone(Role.OPERATOR, subject="operator-1")
    finance = someone(Role.FINANCE_PREPARER, subject="finance-1", organisation="cn/54")
    ministry = someone(Role.MINISTRY_OFFICER, subject="ministry-1", organisation="cn")


class MemoryAssessmentWork(MemoryWork):
    """The unit of work of this service in memory."""

    def __init__(self, actor: Actor, **more: Any) -> None:
        super().__init__(actor, **more)
        self.policies = self.store(Policy)
        self.participations = self.store(Participation)
        self.assessments = self.store(Assessment)
        self.certificates = self.store(Certificate)
        self.sequences = self.store(NumberSequence)
        self.waivers = self.store(Waiver)
        self.achievements = self.store(Achievement)
        self.follow_ups = self.store(FollowUp)
        self.links = self.store(AlumniLink)
        self.jobs = self.store(Job)
        self.accreditations = self.store(Accreditation)
        self.cards = self.store(TalentCard)
        self.allowances = self.store(Allowance)
        self.card_uses = self.store(CardUse)
        self.slots_given = 0

    async def cards_over(self, today: date, most: int) -> list[TalentCard]:
        states = {CardState.ACTIVE, CardState.SUSPENDED}
        return [card for card in await self.cards.list(state=states) if card.valid_until < today][:most]

    async def flush(self) -> None:
        """Memory has nothing to write."""

    async def status_slots(self, count: int) -> list[StatusSlot]:
        self.slots_given += count
        return [scattered(serial, b"k" * 32) for serial in range(self.slots_given - count, self.slots_given)]

    async def follow_ups_to_move(self, day: date, limit: int) -> list[FollowUp]:
        open_ones = await self.follow_ups.list(state={"scheduled", "due"})
        return [each for each in open_ones if (each.due_on if each.state == "scheduled" else each.until) <= day][:limit]

    async def policy(self, programme: str, version: str) -> Policy | None:
        return await self.policies.find(programme=programme, policy_version=version)

    async def certificates_sealed_otherwise(self, head: bytes, most: int) -> list[Certificate]:
        return [one for one in await self.certificates.list() if one.sealing_key not in (None, head)][:most]

    async def seen_certificate(self, **equal: Any) -> Certificate | None:
        return await self.certificates.find(**equal)


class PlainMint:
    """A mint that seals nothing; what it signs begins with ``signed:``."""

    def __init__(self) -> None:
        self.cards: dict[UUID, HolderCard] = {}

    async def mint(
        self, certificate: Certificate, number: str, name: HolderName, scheme: Scheme, *, issued_on: date,
        valid_until: date | None, at: datetime, slot: StatusSlot,
    ) -> Minted:  # fmt: skip
        assert valid_until is None or valid_until > issued_on, number
        assert at.tzinfo is not None
        self.cards[certificate.id] = HolderCard(name, scheme.programme_title)
        digest = self.token_digest(self.token(certificate))
        signed = f"signed:{certificate.id}".encode()
        return Minted(b"card", signed, b"key", digest, b"token", "key-1", slot, b"embedded", f"slip:{number}".encode())

    def token(self, certificate: Certificate) -> str:
        return f"token-{certificate.id}"

    @property
    def sealed_by(self) -> bytes:
        return b"key"

    def seal_anew(self, certificate: Certificate) -> None:
        certificate.sealing_key = self.sealed_by

    def token_digest(self, token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    def open_card(self, certificate: Certificate | None) -> HolderCard:
        decoy = HolderCard(HolderName("无"), Title("无", "-"))
        return decoy if certificate is None else self.cards[certificate.id]

    def open_credential(self, certificate: Certificate) -> str:
        assert certificate.credential is not None
        return certificate.credential.decode()

    def open_embedded(self, certificate: Certificate) -> str | None:
        return None if certificate.embedded is None else certificate.embedded.decode()

    def open_slip(self, certificate: Certificate) -> str | None:
        return None if certificate.slip is None else certificate.slip.decode()

    def slip_number(self, text: str) -> str | None:
        return text.removeprefix("slip:") if text.startswith("slip:") else None

    def credential_id(self, credential: str) -> str | None:
        return credential.removeprefix("signed:") if credential.startswith("signed:") else None


def a_policy(version: str = "batch-4") -> Policy:
    """A policy of the programme, with what it inherits."""
    parent = new_policy(UUID(int=3), PROGRAMME, "batch-3", policy_content("batch-3"), policy_content("batch-3"), "x")
    if version == "batch-3":
        return parent
    content = policy_content(version)
    return new_policy(UUID(int=4), PROGRAMME, version, content, effective_content(content, parent), "y")


def a_participation(number: int = 1, **more: Any) -> Participation:
    """A selected person."""
    described: dict[str, Any] = (
        {
            "id": pid(number), "account": f"account-{number}", "programme": PROGRAMME, "batch": "batch-4",
            "session": "2024", "unit": "cn/54/5401/U0001", "origin_area": "5401", "specialty": "clinical-medicine",
            "title_level": "intermediate", "planned_start": date(2024, 7, 1), "planned_end": date(2025, 6, 30),
            "policy_version": "batch-4",
        } | more
    )  # fmt: skip
    return Participation(**described)


class Kit:
    """What tests are built from; one name instead of ten fixtures."""

    programme = PROGRAMME
    people = People
    Work = MemoryAssessmentWork
    Mint = PlainMint
    content = staticmethod(policy_content)
    pid = staticmethod(pid)
    a_policy = staticmethod(a_policy)
    a_participation = staticmethod(a_participation)

    @staticmethod
    def a_scheme(version: str = "batch-4") -> Scheme:
        """The scheme of a version."""
        return a_policy(version).scheme()

    @staticmethod
    def scores(panel: str = "80", others: str = "80") -> dict[str, Decimal]:
        """A complete set of scores."""
        codes = ("study_reports", "mentor_evaluation", "unit_evaluation")
        return {code: Decimal(others) for code in codes} | {"panel": Decimal(panel)}


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    """What tests are built from."""
    return Kit
