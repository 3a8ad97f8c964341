"""Every kind of obligation; a part of placement adds its own by a module here and one line below."""

from __future__ import annotations

from placement.adapters.db.obligations.cases import CASES
from placement.adapters.db.obligations.classes import CLASSES
from placement.adapters.db.obligations.groups import GROUPS
from placement.adapters.db.obligations.inspections import INSPECTIONS
from placement.adapters.db.obligations.preparing import PREPARING
from placement.adapters.db.obligations.sectors import SECTORS
from placement.adapters.db.obligations.source import Source

SOURCES: list[Source] = [
    *CASES,
    *PREPARING,
    *CLASSES,
    *GROUPS,
    *INSPECTIONS,
    *SECTORS,
]
"""All kinds; each kind has one source."""
