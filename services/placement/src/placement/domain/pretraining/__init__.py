"""Training before the departure: events, invitations, attendance (M-11)."""

from __future__ import annotations

from placement.domain.pretraining.event import PRE_TRAINING, PreTraining, PreTrainingState
from placement.domain.pretraining.invitation import INVITATION, Invitation, InvitationState

__all__ = ["INVITATION", "PRE_TRAINING", "Invitation", "InvitationState", "PreTraining", "PreTrainingState"]
