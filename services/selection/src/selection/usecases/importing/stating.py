"""From a row of a sheet to what an applicant would state."""

from __future__ import annotations

from selection.domain.importing.row import SheetRow
from selection.usecases.applying.forms import Statement


def statement_of(row: SheetRow) -> Statement:
    """The statement, codes not yet checked."""
    return Statement(
        row.title_level, row.specialty, row.years_of_service, row.grassroots_years, row.county_experience,
        row.township_experience, row.focus_area, row.study_direction_wish, row.host_preferences, row.staff_category,
        row.position_class, row.competences, row.destination,
    )  # fmt: skip
