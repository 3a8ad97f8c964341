"""Materials of a class, and who was given which (K-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.kernel.lifecycle import Aggregate


@dataclass(kw_only=True)
class ClassMaterial(Aggregate):
    """A compilation, a hand-out: ``reference`` says where the document is kept."""

    class_id: UUID
    code: str
    title_zh: str
    title_en: str
    reference: str


@dataclass(kw_only=True)
class ClassCopy(Aggregate):
    """One delegate was given one material; once."""

    class_id: UUID
    material_id: UUID
    seat_id: UUID
    handed_on: date
