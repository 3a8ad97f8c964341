"""A job: work too long for one request, done in chunks of one transaction each, that a crash only interrupts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Refusal, RuleViolated
from shared.kernel.work import Work


class JobState(StrEnum):
    """Where a job stands; ``checked`` waits for a person, ``done``, ``failed`` and ``cancelled`` for nothing."""

    QUEUED = "queued"
    CHECKING = "checking"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = JobState
_SYSTEM = frozenset({Role.SYSTEM})
_PEOPLE = frozenset(Role) - {Role.SYSTEM, Role.SERVICE}
RUNNABLE = (_S.QUEUED, _S.CHECKING, _S.CONFIRMED, _S.APPLYING)
"""States in which the worker has something to do."""

JOB = Lifecycle(
    "job",
    initial=_S.QUEUED,
    transitions=[
        Transition("check", _S.QUEUED, _S.CHECKING, _SYSTEM),
        Transition("report", _S.CHECKING, _S.CHECKED, _SYSTEM),
        Transition("confirm", _S.CHECKED, _S.CONFIRMED, _PEOPLE),
        Transition("apply", _S.CONFIRMED, _S.APPLYING, _SYSTEM),
        *arrows("finish", (_S.CHECKING, _S.APPLYING), _S.DONE, _SYSTEM),
        *arrows("fail", RUNNABLE, _S.FAILED, _SYSTEM),
        *arrows("cancel", (*RUNNABLE, _S.CHECKED), _S.CANCELLED, _PEOPLE),
        *arrows("restart", (_S.FAILED, _S.CANCELLED), _S.QUEUED, _PEOPLE),
    ],
)


@dataclass(kw_only=True)
class Job(Aggregate):
    """One piece of long work.

    Attributes:
        kind: what is done, kebab-case; each service knows its kinds.
        owner: account that asked; ``organisation`` and ``roles`` are those it had then and acts under.
        subject: what it is about (a call, a session).
        params: what else it needs, codes and ids only.
        counts: progress in numbers (``total``, ``ok``, ``wrong``, …).
        position: the checkpoint, counted from 0 anew in each phase: everything before it is committed.
        attempts: failures in a row at the present position.
        problem: code and words of what made it fail.
        wrapped_key: key of its files; gone once they are deleted.
        finished_at: when it came to an end; its files are deleted a policy's days later.
    """

    lifecycle: ClassVar[Lifecycle[JobState]] = JOB

    state: JobState = field(default=JobState.QUEUED)
    kind: str
    owner: str
    organisation: str
    roles: list[str]
    language: str
    subject: UUID
    params: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    position: int = 0
    attempts: int = 0
    problem: dict[str, Any] | None = None
    wrapped_key: bytes | None
    sha256: str | None = None
    asked_at: datetime
    finished_at: datetime | None = None

    @property
    def facets(self) -> Facets:
        """How callers stand to this job."""
        return Facets(account=self.owner, unit=self.organisation)

    @property
    def actor(self) -> Actor:
        """Who acts in its chunks: the one who asked, moved by the service."""
        roles = frozenset(Role(role) for role in self.roles) | {Role.SYSTEM}
        return Actor(self.owner, self.organisation, roles, locale="zh-CN" if self.language == "zh" else "en")

    def begin(self, by: Actor) -> None:
        """Begin a phase: checking when queued, applying when confirmed."""
        if self.state in {JobState.QUEUED, JobState.CONFIRMED}:
            self._advance("check" if self.state is JobState.QUEUED else "apply", by)
            self.position = 0

    def advance(self, to: int, **counted: int) -> None:
        """Move the checkpoint and add to the counts."""
        self.position, self.attempts = to, 0
        self.counts = self.counts | {name: self.counts.get(name, 0) + count for name, count in counted.items()}

    def report(self, by: Actor) -> None:
        """Everything is checked; a person looks at it and confirms."""
        self._advance("report", by)

    def confirm(self, by: Actor, *, leave_out_wrong: bool) -> None:
        """Apply what was checked.

        Raises:
            RuleViolated: ``rows-wrong`` when rows are wrong and nobody said to leave them out.
        """
        if self.state is JobState.CHECKED and self.counts.get("wrong") and not leave_out_wrong:
            raise RuleViolated(
                "rows-wrong", "Some rows are wrong: send the corrected file, or say that they are to be left out.",
                wrong=self.counts["wrong"],
            )  # fmt: skip
        self._advance("confirm", by)

    def finish(self, by: Actor, at: datetime) -> None:
        """Come to the end."""
        self._advance("finish", by)
        self.finished_at = at

    def fail(self, refusal: Refusal, by: Actor, at: datetime) -> None:
        """Stop at what cannot be done; the message is kept in both languages."""
        self._advance("fail", by)
        self.finished_at = at
        self.problem = {
            "code": refusal.code, "en": refusal.detail, "zh": refusal.zh, "values": refusal.values,
            "findings": [
                {"code": each.code, "en": each.detail, "zh": each.zh, "pointer": each.pointer, "rule": each.rule}
                for each in refusal.findings
            ],
        }  # fmt: skip

    def cancel(self, by: Actor, at: datetime) -> None:
        """Stop; what earlier chunks committed stays."""
        self._advance("cancel", by)
        self.finished_at = at

    def restart(self, by: Actor) -> None:
        """Begin again from the first row; rows that were applied are found by their key and stay as they are."""
        self._advance("restart", by)
        self.position, self.attempts, self.counts = 0, 0, {}
        self.problem = self.finished_at = None


def new_job(work: Work, kind: str, subject: UUID, params: dict[str, Any], *, wrapped_key: bytes | None = None) -> Job:
    """A queued job of the caller of ``work``, which the caller adds to its store.

    Args:
        work: the transaction.
        kind: of job.
        subject: what it is about.
        params: codes and ids that its chunks need.
        wrapped_key: key of its files, when it has some.
    """
    return Job(
        id=work.new_id(), kind=kind, owner=work.actor.subject, organisation=work.actor.organisation,
        roles=sorted(role.value for role in work.actor.roles),
        language="zh" if work.actor.locale.startswith("zh") else "en", subject=subject, params=params,
        wrapped_key=wrapped_key, asked_at=work.now,
    )  # fmt: skip
