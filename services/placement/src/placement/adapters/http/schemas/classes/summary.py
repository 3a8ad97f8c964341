"""The report of a class and the comparison of classes on the wire; everything is computed when it is asked for."""

from __future__ import annotations

from uuid import UUID

from placement.domain.classes.questions import CountPrecision
from placement.domain.classes.short_class import ClassState
from shared.http.resources import Resource


class ClassCategoryOut(Resource):
    """A unit category: units asked, on the roll, with a delegate; seats and delegates (K-01)."""

    category: str
    units_asked: int
    units_on_roll: int
    units: int
    seats: int
    delegates: int
    waiting: int


class ClassProvinceOut(Resource):
    """A province: who is seated and who waits (S-14)."""

    province: str
    units: int
    delegates: int
    waiting: int


class ClassQuestionsOut(Resource):
    """The register in figures; ``precision`` is not exact as soon as one entry is not (K-04)."""

    total: int
    precision: CountPrecision
    before: int
    during: int
    by_state: dict[str, int]


class ClassDimensionOut(Resource):
    """A dimension; null while the class is not evaluated or too few answered (domain.md 7.3)."""

    dimension: str
    answers: int | None
    mean: float | None
    counts: list[int] | None


class ClassSummaryOut(Resource):
    """The report of a class (K-07). ``attendance_share`` is whole percent over all calls that count."""

    id: UUID
    version: int
    state: ClassState
    units_asked: int
    units: int
    delegates: int
    waiting: int
    categories: list[ClassCategoryOut]
    provinces: list[ClassProvinceOut]
    sessions: dict[str, int]
    lectures: int
    lecturers: int
    groups: list[int]
    questions: ClassQuestionsOut
    materials: int
    copies: int
    attendance_share: int | None
    evaluation: list[ClassDimensionOut]


class ClassComparedOut(Resource):
    """A class beside the others; ``rank`` 1 had the most delegates (K-08)."""

    id: UUID
    programme: str
    code: str
    title_zh: str
    title_en: str
    units: int
    delegates: int
    lectures: int
    questions: int
    rank: int
    largest: bool


class ClassComparisonOut(Resource):
    """Classes side by side, in order of their first day."""

    items: list[ClassComparedOut]
