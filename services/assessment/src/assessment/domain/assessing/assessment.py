"""The completion assessment of one participation by the regional authority (C-01).

What it holds is in ``record``, what it does in ``evaluating``, ``judging`` and ``contesting``.
"""

from __future__ import annotations

from assessment.domain.assessing.contesting import ContestedAssessment
from assessment.domain.assessing.record import ITSELF
from assessment.domain.assessing.states import AssessmentState
from shared.kernel.actor import Actor

__all__ = ["ITSELF", "Assessment"]


class Assessment(ContestedAssessment):
    """One completion assessment, with everything that can be done to it."""

    def allowed_actions(self, by: Actor) -> list[str]:
        """What ``by`` may do next; what four eyes or the scheme keep from this very person is left out."""
        barred = {"appeal"} if self.appeal is not None else set[str]()
        if self.resit_until is None:
            barred |= {"resit", "extend"}
        if self.result is not None and by.subject is not None:
            decider = self.appeal.decided_by if self.appeal else None
            if by.subject in {self.result.recorded_by, decider, *self.scorers}:
                barred |= {"confirm"}
            if by.subject == self.result.recorded_by:
                barred |= {"return"}
            if by.subject in {
                self.result.recorded_by, self.confirmed_by, self.appeal and self.appeal.opened_by, *self.scorers,
            }:  # fmt: skip
                barred |= {"decide"}
        if self.state is AssessmentState.CORRECTED and self.correction and by.subject == self.correction.recorded_by:
            barred |= {"reject_correction"}
        return [action for action in super().allowed_actions(by) if action not in barred]
