"""Obligations of agreements, mentors, plans and pre-training beyond what every case has (M-04, M-05, M-07, M-11)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, cast, func

from placement.adapters.db.obligations.cases import SENDING_SIDE
from placement.adapters.db.obligations.source import Source, days_after, said_days, source
from placement.adapters.db.tables import (
    agreement,
    agreement_filing,
    mentor,
    mentorship,
    placement,
    plan,
    pre_training,
    pre_training_invitation,
)
from placement.domain.agreements import AgreementState
from placement.domain.agreements.filings import FilingState
from placement.domain.mentorships import OPEN
from placement.domain.placements.states import PlacementState
from placement.domain.plans import PlanState
from placement.domain.pretraining import InvitationState, PreTrainingState

_last = agreement_filing.c.submissions.op("->")(-1)
"""What was handed in last, with its days by the business clock."""


def _named(kind: str) -> ColumnElement[bool]:
    """The policy names a deadline for this kind; where the sources give none, nothing is due."""
    return said_days(kind).is_not(None)


PREPARING: list[Source] = [
    source(
        "draft-agreement",
        placement,
        owed_by="sending_unit",
        due_on=days_after("draft-agreement", placement.c.planned_start, 0),
        where=placement.c.agreement.is_(None)
        & _named("draft-agreement")
        & placement.c.state.in_([PlacementState.CONFIRMED, PlacementState.ARRIVED, PlacementState.ACTIVE]),
        seen_by=SENDING_SIDE,
    ),
    source(
        "file-agreement",
        agreement,
        owed_by="sending_unit",
        due_on=days_after("file-agreement", agreement.c.in_force_on, 30),
        where=(agreement.c.state == AgreementState.IN_FORCE)
        & _named("file-agreement")
        & agreement.c.in_force_on.is_not(None)
        & ~agreement_filing.select()
        .where(
            agreement_filing.c.agreement == agreement.c.id,
            agreement_filing.c.state.in_([FilingState.SUBMITTED, FilingState.RETURNED]),
        )
        .exists(),
        seen_by=SENDING_SIDE,
    ),
    source(
        "answer-filing",
        agreement_filing,
        owed_by="region",
        due_on=days_after("answer-filing", cast(_last.op("->>")("submitted_on"), Date), 14),
        where=agreement_filing.c.state == FilingState.SUBMITTED,
        seen_by=SENDING_SIDE,
    ),
    source(
        "file-again",
        agreement_filing,
        owed_by="sending_unit",
        due_on=days_after("file-again", cast(_last.op("->>")("answered_on"), Date), 14),
        where=agreement_filing.c.state == FilingState.RETURNED,
        seen_by=SENDING_SIDE,
    ),
    source(
        "replace-mentor",
        mentorship,
        owed_by="host",
        due_on=mentor.c.employed_until,
        rows=mentorship.join(placement, placement.c.id == mentorship.c.participation).join(
            mentor, mentor.c.id == mentorship.c.mentor
        ),
        where=mentorship.c.state.in_(OPEN) & (mentor.c.employed_until < placement.c.planned_end),
    ),
    source(
        "answer-comments",
        plan,
        owed_by="host",
        due_on=func.least(placement.c.planned_start, plan.c.consulted_on + 14),
        where=(plan.c.state == PlanState.TRAINEE_CONSULTED)
        & plan.c.trainee_agrees.is_(False)
        & plan.c.host_answer.is_(None),
    ),
    source(
        "attend-pre-training",
        pre_training_invitation,
        owed_by="trainee",
        due_on=pre_training.c.starts_on,
        rows=pre_training_invitation.join(placement, placement.c.id == pre_training_invitation.c.participation).join(
            pre_training, pre_training.c.id == pre_training_invitation.c.pre_training
        ),
        where=(pre_training_invitation.c.state == InvitationState.INVITED)
        & (pre_training.c.state == PreTrainingState.PLANNED),
        seen_by=SENDING_SIDE,
    ),
    source(
        "record-attendance",
        pre_training,
        owed_by="region",
        due_on=pre_training.c.ends_on,
        where=pre_training.c.state == PreTrainingState.PLANNED,
        of_placement=False,
        unit=pre_training.c.organiser,
        session=pre_training.c.session,
        programme=pre_training.c.programme,
        policy_version=pre_training.c.policy_version,
    ),
]
"""Hosts hear nothing of papers they are no party of. A mentor who leaves before the planned end is to be replaced by the last day the host named."""
