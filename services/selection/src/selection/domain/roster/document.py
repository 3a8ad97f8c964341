"""The document of a roster version: canonical JSON, its SHA-256, kept for good; what is filed is exactly this (S-07)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from selection.domain.roster.canonical import canonical_json
from selection.domain.roster.roster import Entry, Roster


@dataclass(kw_only=True)
class RosterEdition:
    """One version of a roster as a document; never changed.

    Attributes:
        number: the roster version.
        document: canonical JSON, ids and codes only.
        cause: why this version was made (``fixed``, or the code of what changed).
    """

    id: UUID
    version: int = 0
    roster_id: UUID
    number: int
    document: str
    sha256: str
    cause: str
    made_at: datetime
    made_by: str


def edition_of(id: UUID, roster: Roster, cause: str, at: datetime, by: str) -> RosterEdition:
    """The document of the roster's current version, in canonical JSON (RFC 8785)."""
    document = canonical_json(
        {
            "roster": str(roster.id),
            "programme": roster.programme,
            "batch": roster.batch,
            "session": roster.session,
            "version": roster.roster_version,
            "policy_version": roster.policy_version,
            "made_at": at.isoformat(),
            "cause": cause,
            "selected": [_line(entry) for entry in sorted(roster.selected, key=lambda each: each.position)],
            "reserve": [_line(entry) for entry in roster.reserve],
        }
    )
    return RosterEdition(
        id=id, roster_id=roster.id, number=roster.roster_version, document=document,
        sha256=hashlib.sha256(document.encode()).hexdigest(), cause=cause, made_at=at, made_by=by,
    )  # fmt: skip


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "participation": str(entry.application),
        "position": entry.position,
        "score": str(entry.score),
        "study_direction": entry.study_direction,
        "specialty": entry.traits["specialty"],
        "origin_area": entry.traits["area"],
        "unit": entry.unit,
        "title_level": entry.title_level,
    }
