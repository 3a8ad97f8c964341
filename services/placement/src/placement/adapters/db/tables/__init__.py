"""The tables of placement; every member of an aggregate is a column of the same name."""

from __future__ import annotations

from placement.adapters.db.tables import checkins as checkins
from placement.adapters.db.tables import classes, missions
from placement.adapters.db.tables.cases import (
    host,
    leaving,
    mentor,
    offer,
    placement,
    policy,
    report,
    run,
    segment,
)
from placement.adapters.db.tables.columns import metadata
from placement.adapters.db.tables.groups import group_log, group_membership, group_report, meeting, study_group
from placement.adapters.db.tables.inspections import inspection, inspection_draw
from placement.adapters.db.tables.jobs import job, job_file
from placement.adapters.db.tables.matching import run_input
from placement.adapters.db.tables.online import course_completion, online_course
from placement.adapters.db.tables.pairing import contribution, paired_object, secondment_link
from placement.adapters.db.tables.preparing import agreement, agreement_filing, agreement_page, mentorship, plan
from placement.adapters.db.tables.pretraining import pre_training, pre_training_invitation
from placement.adapters.db.tables.term import calendar, escalation, sector_task

__all__ = [
    "agreement",
    "agreement_filing",
    "agreement_page",
    "calendar",
    "classes",
    "contribution",
    "course_completion",
    "escalation",
    "group_log",
    "group_membership",
    "group_report",
    "host",
    "inspection",
    "inspection_draw",
    "job",
    "job_file",
    "leaving",
    "meeting",
    "mentor",
    "mentorship",
    "metadata",
    "missions",
    "offer",
    "online_course",
    "paired_object",
    "placement",
    "plan",
    "policy",
    "pre_training",
    "pre_training_invitation",
    "report",
    "run",
    "run_input",
    "secondment_link",
    "sector_task",
    "segment",
    "study_group",
]
