"""An appeal: a person's objection to a decision about them, with a deadline and an outcome (PIPL 24)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain import facts
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Forbidden


class AppealState(StrEnum):
    """Where an appeal stands; everything from ``upheld`` on is decided."""

    FILED = "filed"
    INADMISSIBLE = "inadmissible"
    ACCEPTED = "accepted"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Remedy(StrEnum):
    """What was done about an appeal that was upheld; the region's own act, never automatic for a place."""

    BACK_TO_REVIEW = "back_to_review"
    EXTRA_PLACE = "extra_place"
    NEW_RUN = "new_run"
    DATA_CORRECTED = "data_corrected"
    NONE_POSSIBLE = "none_possible"
    NONE_NEEDED = "none_needed"


_S = AppealState
_DECIDERS = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER})
OPEN_STATES = (_S.FILED, _S.ACCEPTED, _S.UNDER_REVIEW)

APPEAL = Lifecycle(
    "appeal",
    initial=_S.FILED,
    transitions=[
        Transition("accept", _S.FILED, _S.ACCEPTED, _DECIDERS),
        Transition("declare_inadmissible", _S.FILED, _S.INADMISSIBLE, _DECIDERS),
        Transition("take_up", _S.ACCEPTED, _S.UNDER_REVIEW, _DECIDERS),
        Transition("uphold", _S.UNDER_REVIEW, _S.UPHELD, _DECIDERS),
        Transition("uphold_partly", _S.UNDER_REVIEW, _S.PARTLY_UPHELD, _DECIDERS),
        Transition("dismiss", _S.UNDER_REVIEW, _S.DISMISSED, _DECIDERS),
        *arrows("close", (_S.UPHELD, _S.PARTLY_UPHELD, _S.DISMISSED, _S.INADMISSIBLE), _S.CLOSED, _DECIDERS),
        *arrows("withdraw", OPEN_STATES, _S.WITHDRAWN, frozenset({Role.APPLICANT})),
    ],
)


@dataclass(kw_only=True)
class Appeal(Aggregate):
    """One objection of one person to one decision about one application.

    Attributes:
        decision: kind of the decision (see ``decisions``); ``noticed_at``: when the person could know of it.
        grounds: the person's words; None once the person is erased.
        due_by: last day to decide.
        excluded: accounts that took part in the decision and therefore may not decide the appeal.
        outcome: ``inadmissible``, ``upheld``, ``partly_upheld`` or ``dismissed``; stays when the appeal is closed.
        remedy: what was done, written when the appeal is closed.
    """

    lifecycle: ClassVar[Lifecycle[AppealState]] = APPEAL

    state: AppealState = field(default=AppealState.FILED)
    application_id: UUID
    person_id: UUID
    account: str
    programme: str
    session_id: UUID
    policy_version: str
    decision: str
    grounds: str | None
    noticed_at: datetime
    filed_at: datetime
    due_by: date
    excluded: list[str]
    outcome: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    remedy: Remedy | None = None
    remedy_note: str | None = None
    remedied_by: str | None = None

    @property
    def facets(self) -> Facets:
        """How callers stand to this appeal."""
        return Facets(account=self.account)

    def file(self) -> facts.AppealFiled:
        """The fact that it was filed."""
        return facts.AppealFiled(self.application_id, self.id, self.decision, self.due_by)

    def accept(self, by: Actor) -> None:
        """Be admitted."""
        self._apart(by)
        self._advance("accept", by)

    def take_up(self, by: Actor) -> None:
        """Be taken under review."""
        self._apart(by)
        self._advance("take_up", by)

    def decide(self, action: str, reason: str, by: Actor, at: datetime) -> facts.AppealDecided:
        """Be decided: ``declare_inadmissible``, ``uphold``, ``uphold_partly`` or ``dismiss``, with a reason.

        Raises:
            Forbidden: ``own-decision`` to whoever took part in the decision.
        """
        self._apart(by)
        self._advance(action, by)
        self.outcome, self.reason, self.decided_by, self.decided_at = str(self.state), reason, by.subject, at
        return facts.AppealDecided(self.application_id, self.id, self.decision, self.outcome)

    def close(self, remedy: Remedy, note: str | None, by: Actor) -> None:
        """Be closed with what was done about it."""
        self._advance("close", by)
        self.remedy, self.remedy_note, self.remedied_by = remedy, note, by.subject

    def withdraw(self, by: Actor) -> None:
        """Be taken back by the person."""
        self._advance("withdraw", by)

    def _apart(self, by: Actor) -> None:
        if by.subject in self.excluded:
            raise Forbidden("own-decision", "Who took part in the decision may not decide the appeal against it.")
