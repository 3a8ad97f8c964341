"""The tables of placement; every member of an aggregate is a column of the same name."""

from __future__ import annotations

from placement.adapters.db.tables import classes
from placement.adapters.db.tables.cases import (
    agreement,
    host,
    leaving,
    mentor,
    mentorship,
    offer,
    placement,
    plan,
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
from placement.adapters.db.tables.term import calendar, escalation, sector_task

__all__ = [
    "agreement",
    "calendar",
    "classes",
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
    "offer",
    "placement",
    "plan",
    "policy",
    "report",
    "run",
    "run_input",
    "sector_task",
    "segment",
    "study_group",
]
