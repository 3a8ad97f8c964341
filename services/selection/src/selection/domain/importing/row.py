"""One row of a sheet of applications, read but not yet believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from selection.domain.applying.form import Form
from selection.domain.codes import StaffCategory, TitleLevel


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What one row states; every cell already has its type.

    Attributes:
        number: of the row in the sheet.
        consent: whether the person agreed to be registered, as the one who sends the sheet states it.
    """

    number: int
    name_zh: str
    name_bo: str | None
    name_latin: str | None
    birth_date: date
    identity_number: str
    phone: str | None
    unit: str
    title_level: TitleLevel
    specialty: str
    years_of_service: int
    grassroots_years: int
    county_experience: bool
    township_experience: bool
    focus_area: str | None
    study_direction_wish: str | None
    host_preferences: tuple[str, ...]
    consent: bool
    staff_category: StaffCategory | None = None
    position_class: str | None = None
    competences: tuple[str, ...] | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with a row, in both languages; a ``warning`` does not keep the row out.

    Attributes:
        column: code of the column; empty for the row as a whole.
    """

    column: str
    code: str
    en: str
    zh: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row and everything that is wrong with it.

    Attributes:
        form: the checked form; None when a code is unknown.
        identity_index: keyed hash of the identity number: the row's key.
        likeness: keyed hash of name, birth date and unit, for possible duplicates.
        digest: keyed hash of all the row says, so that the same row again is known.
    """

    row: SheetRow
    form: Form | None
    problems: tuple[RowProblem, ...]
    identity_index: bytes
    likeness: bytes
    digest: bytes
