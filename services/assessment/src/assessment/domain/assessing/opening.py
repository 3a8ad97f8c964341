"""Opening an assessment (C-01)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.facts import AssessmentOpened
from assessment.domain.participation import Participation
from assessment.domain.schemes.scheme import Scheme


def open_assessment(
    id: UUID, participation: Participation, scheme: Scheme, *, host: str, planned_end: date, on: date
) -> tuple[Assessment, AssessmentOpened]:
    """Open the assessment of a person who was placed (C-01)."""
    assessment = Assessment(
        id=id,
        participation=participation.id,
        account=participation.account,
        programme=participation.programme,
        batch=participation.batch,
        session=participation.session,
        unit=participation.unit,
        title_level=participation.title_level,
        scheme=scheme.programme,
        scheme_version=scheme.version,
        host=host,
        opened_on=on,
        planned_end=planned_end,
        authority=scheme.authority,
    )
    return assessment, AssessmentOpened(participation.id, id, scheme.programme)
