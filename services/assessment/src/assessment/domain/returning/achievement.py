"""Achievements: a paper, a patent, an award, a project, a method, during or after the term (D-06, C-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from assessment.domain.participation import Participation
from assessment.domain.returning.facts import AchievementChanged
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Finding, Forbidden, RuleViolated


class AchievementState(StrEnum):
    """Where an achievement stands; only a verified one is counted."""

    RECORDED = "recorded"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


A = AchievementState
HOLDER = frozenset({Role.APPLICANT})
VERIFIERS = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})

ACHIEVEMENT = Lifecycle(
    "achievement",
    initial=A.RECORDED,
    transitions=[
        *arrows("correct", (A.RECORDED, A.RETURNED), A.RECORDED, HOLDER),
        Transition("verify", A.RECORDED, A.VERIFIED, VERIFIERS),
        Transition("return", A.RECORDED, A.RETURNED, VERIFIERS),
        *arrows("withdraw", (A.RECORDED, A.RETURNED, A.VERIFIED), A.WITHDRAWN, HOLDER),
    ],
)

Owner = Literal["trainee", "sending_unit", "host", "shared", "none"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document that shows it: where it is kept and its SHA-256, hex, so that it cannot change unseen."""

    reference: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of an achievement.

    Attributes:
        kind: code of the scheme: ``paper``.
        standing: how far it has come, a code of the scheme: ``written``, ``published``.
        title: as on the document.
        achieved_on: the day it came so far.
        owner: whose the intellectual property is; ``note`` says more.
    """

    kind: str
    standing: str
    title: str
    achieved_on: date
    evidence: tuple[Evidence, ...]
    owner: Owner
    note: str = ""


@dataclass(kw_only=True)
class Achievement(Aggregate):
    """One achievement of one participation.

    Attributes:
        phase: ``during`` the term or ``after`` it, from the day it was achieved.
        recorded_by: account; never verifies.
        return_reason: why the verifier gave it back, a code, or None.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = ACHIEVEMENT

    participation: UUID
    account: str
    programme: str
    batch: str
    session: str
    unit: str
    kind: str
    standing: str
    title: str
    achieved_on: date
    phase: Literal["during", "after"]
    evidence: list[Evidence]
    owner: Owner
    note: str
    recorded_by: str
    recorded_on: date
    verified_by: str | None = None
    verified_on: date | None = None
    return_reason: str | None = None
    state: AchievementState = A.RECORDED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def correct(self, said: Statement, scheme: Scheme, ended_on: date, *, by: Actor, today: date) -> None:
        """Say it anew, before it was verified. Raises as ``record_achievement``."""
        check(said, scheme, today)
        self._advance("correct", by)
        self.kind, self.standing, self.title, self.achieved_on = said.kind, said.standing, said.title, said.achieved_on
        self.evidence, self.owner, self.note = list(said.evidence), said.owner, said.note
        self.phase, self.return_reason = phase_of(said.achieved_on, ended_on), None

    def verify(self, *, by: Actor, on: date) -> AchievementChanged:
        """The unit or the region has seen the evidence; from here on it is counted.

        Raises:
            Forbidden: ``four-eyes`` for whoever recorded it.
        """
        self._advance("verify", by)
        self._by_another(by)
        self.verified_by, self.verified_on = by.subject, on
        return self._changed("verified", on)

    def give_back(self, reason: str, *, by: Actor) -> None:
        """The evidence does not show it; the trainee says it anew or withdraws it."""
        self._advance("return", by)
        self._by_another(by)
        self.return_reason = reason

    def withdraw(self, *, by: Actor, on: date) -> AchievementChanged | None:
        """The trainee takes it back; it is no longer counted. None when it never was."""
        counted = self.state is A.VERIFIED
        self._advance("withdraw", by)
        return self._changed("withdrawn", on) if counted else None

    def forget(self, erased: str) -> None:
        """Let go of the account and of every wording that could name the person; it stays counted."""
        self.account = self.recorded_by = erased
        self.title, self.note = f"{erased}:{self.id}", ""
        self.evidence = [Evidence(erased, each.sha256) for each in self.evidence]

    def _changed(self, change: Literal["verified", "withdrawn"], on: date) -> AchievementChanged:
        return AchievementChanged(self.participation, self.id, change, self.kind, self.standing, self.phase, on)

    def _by_another(self, by: Actor) -> None:
        if by.subject == self.recorded_by:
            raise Forbidden("four-eyes", "You recorded this; another person must look at it.", rule="D-06")


def phase_of(achieved_on: date, ended_on: date) -> Literal["during", "after"]:
    """During the term up to its last day, after it from then on."""
    return "during" if achieved_on <= ended_on else "after"


def check(said: Statement, scheme: Scheme, today: date) -> None:
    """Raises ``RuleViolated`` with everything that is wrong with a statement."""
    found, kinds = [], scheme.achievement_kinds
    if said.kind not in kinds:
        found.append(Finding("unknown-kind", "The programme has no such kind of achievement.", "/kind", "D-06"))
    elif said.standing not in kinds[said.kind]:
        found.append(Finding("unknown-standing", "An achievement of this kind cannot stand so.", "/standing", "D-06"))
    if said.achieved_on > today:
        found.append(Finding("in-the-future", "It is recorded once it was achieved.", "/achieved_on", "D-06"))
    if len({each.sha256 for each in said.evidence}) < len(said.evidence):
        found.append(Finding("evidence-twice", "The same document is named twice.", "/evidence", "D-06"))
    if found:
        raise RuleViolated(found[0].code, found[0].detail, rule="D-06", findings=found)


def record_achievement(
    id: UUID, said: Statement, holder: Participation, scheme: Scheme, ended_on: date, *, by: Actor, today: date
) -> Achievement:
    """Record what a trainee achieved.

    Args:
        id: of the achievement.
        said: the statement.
        holder: the participation it belongs to.
        scheme: names the kinds.
        ended_on: last day of the term, the planned one while it runs.
        by: the trainee.
        today: business date.

    Raises:
        RuleViolated: ``unknown-kind``, ``unknown-standing``, ``in-the-future``, ``evidence-twice``.
    """
    check(said, scheme, today)
    return Achievement(
        id=id, participation=holder.id, account=holder.account, programme=holder.programme, batch=holder.batch,
        session=holder.session, unit=holder.unit, kind=said.kind, standing=said.standing, title=said.title,
        achieved_on=said.achieved_on, phase=phase_of(said.achieved_on, ended_on), evidence=list(said.evidence),
        owner=said.owner, note=said.note, recorded_by=by.subject, recorded_on=today,
    )  # fmt: skip
