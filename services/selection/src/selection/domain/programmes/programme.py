"""Batch and session: a multi-year phase of a programme and its yearly intakes (P-01, P-02, P-07, P-12)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from selection.domain.balancing.tree import QuotaNode, QuotaTree
from shared.kernel.refusals import Conflict, Malformed, RuleViolated

_TERM = re.compile(r"P(?:(\d{1,2})Y)?(?:(\d{1,2})M)?")


@dataclass(frozen=True, slots=True)
class SessionQuota:
    """Places of one session of a batch."""

    session: str
    quota: int


@dataclass(kw_only=True)
class Batch:
    """A phase of a programme; the quotas of its sessions always sum to its target (P-02).

    Attributes:
        content: the programme as handed in: names, kind, policy documents, issuers, addressees (P-13).
        sha256: of the canonical JSON of ``content``.
    """

    id: UUID
    version: int = 0
    programme: str
    batch: str
    kind: str
    target: int
    sessions: list[SessionQuota]
    content: dict[str, Any]
    sha256: str
    used: bool = field(default=False)

    def quota_of(self, session: str) -> int:
        """Places of one session. Raises ``RuleViolated`` (P-02) when the batch has no such session."""
        for each in self.sessions:
            if each.session == session:
                return each.quota
        raise RuleViolated(
            "session-not-planned",
            "The batch has no such session; its quotas are part of its target.",
            rule="P-02",
            sessions=[each.session for each in self.sessions],
        )

    def replace(self, other: Batch) -> None:
        """Take over a changed content while no session is open. Raises ``Conflict`` ``batch-in-use``."""
        if other.sha256 == self.sha256:
            return
        if self.used:
            raise Conflict(
                "batch-in-use", "A session of this batch is open; its plan can no longer change.", rule="P-02"
            )
        self.kind, self.target, self.sessions = other.kind, other.target, other.sessions
        self.content, self.sha256 = other.content, other.sha256


def planned_sessions(target: int, sessions: Sequence[SessionQuota]) -> list[SessionQuota]:
    """The sessions of a batch. Raises ``RuleViolated`` (P-02) unless the quotas sum to the target."""
    total = sum(each.quota for each in sessions)
    if total != target:
        raise RuleViolated(
            "batch-target",
            "The session quotas must sum to the target of the batch.",
            rule="P-02",
            target=target,
            total=total,
        )
    if len({each.session for each in sessions}) != len(sessions):
        raise Malformed("session-twice", "A session is named twice.")
    return list(sessions)


@dataclass(kw_only=True)
class Session:
    """One intake of a batch.

    Attributes:
        quota: places; equals the batch's plan for this session.
        planned_end: last day of the term, inclusive.
        seed: published with every balancing run; breaks exact ties.
        policy_version: selection method of every decision in this session.
    """

    id: UUID
    version: int = 0
    batch_id: UUID
    programme: str
    batch: str
    session: str
    quota: int
    planned_start: date
    planned_end: date
    term: str
    policy_version: str
    seed: str
    quota_nodes: list[QuotaNode]

    @property
    def tree(self) -> QuotaTree:
        """The quota tree, checked."""
        return QuotaTree(self.quota, self.quota_nodes)

    def requota(self, nodes: Sequence[QuotaNode]) -> QuotaTree:
        """Take another quota tree; what is taken already is held against it by ``counters_of``.

        Raises:
            RuleViolated: ``quota-tree`` (S-06) when the nodes do not form a tree.
        """
        tree = QuotaTree(self.quota, nodes)
        self.quota_nodes = list(nodes)
        return tree


def end_of_term(start: date, term: str) -> date:
    """Last day, inclusive, of an ISO 8601 term of years and months (``2024-09-01`` + ``P1Y`` → ``2025-08-31``).

    Raises:
        Malformed: ``bad-term``.
    """
    match = _TERM.fullmatch(term)
    if match is None or not any(match.groups()):
        raise Malformed("bad-term", "Give the term as ISO 8601 years and months, like P1Y or P6M.")
    months = int(match[1] or 0) * 12 + int(match[2] or 0) + start.month - 1
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1])) - timedelta(days=1)
