"""The tables of this service; the migrations make the same."""

from __future__ import annotations

from assessment.adapters.db.tables.accrediting import accreditation, allowance, card_use, talent_card
from assessment.adapters.db.tables.columns import metadata
from assessment.adapters.db.tables.jobs import issue_left, job, job_file
from assessment.adapters.db.tables.results import (
    assessment,
    certificate,
    number_sequence,
    participation,
    policy,
    waiver,
)
from assessment.adapters.db.tables.returning import achievement, alumni_link, follow_up
from assessment.adapters.db.tables.standing import status_list, status_serial

__all__ = [
    "accreditation",
    "achievement",
    "allowance",
    "alumni_link",
    "assessment",
    "card_use",
    "certificate",
    "follow_up",
    "issue_left",
    "job",
    "job_file",
    "metadata",
    "number_sequence",
    "participation",
    "policy",
    "status_list",
    "status_serial",
    "talent_card",
    "waiver",
]
