"""What a panel concludes about each candidate, and the minutes that are signed off with it (S-05)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from selection.domain.policy.registered import canonical


class Opinion(StrEnum):
    """What the panel says of a candidate beside the score; about professional merit, never about views."""

    SUPPORTED = "supported"
    SUPPORTED_WITH_RESERVATION = "supported_with_reservation"
    NOT_SUPPORTED = "not_supported"


@dataclass(frozen=True, slots=True)
class Deliberation:
    """What was said of one candidate; ``note`` is needed where the sheets lie far apart."""

    application: UUID
    opinion: Opinion | None = None
    note: str | None = None


@dataclass(kw_only=True)
class PanelResult:
    """What a concluded panel keeps of one candidate.

    Attributes:
        raw_mean: mean of the sheets; ``calibrated_mean``: after calibration, what balancing compares.
        spread: highest minus lowest sheet; ``flagged``: beyond the policy's limit.
    """

    id: UUID
    version: int = 0
    panel_id: UUID
    application_id: UUID
    sheets: int
    raw_mean: Decimal
    calibrated_mean: Decimal
    spread: Decimal
    flagged: bool
    opinion: Opinion | None
    note: str | None


@dataclass(kw_only=True)
class PanelMinutes:
    """The minutes of a panel, signed off at the conclusion and never changed again.

    Attributes:
        document: canonical JSON; ``sha256``: of its UTF-8 bytes, lower-case hex.
        signed_by: the chair, or the officer who concluded.
    """

    id: UUID
    panel_id: UUID
    document: str
    sha256: str
    signed_by: str
    signed_at: datetime


def minutes_of(id: UUID, panel_id: UUID, content: Mapping[str, Any], by: str, at: datetime) -> PanelMinutes:
    """The minutes of a content that is made of JSON values."""
    document = canonical(dict(content))
    digest = hashlib.sha256(document.encode()).hexdigest()
    return PanelMinutes(id=id, panel_id=panel_id, document=document, sha256=digest, signed_by=by, signed_at=at)


def line_of(result: PanelResult) -> dict[str, Any]:
    """A candidate's line of the minutes."""
    return {
        "application": str(result.application_id),
        "sheets": result.sheets,
        "raw_mean": str(result.raw_mean),
        "calibrated_mean": str(result.calibrated_mean),
        "spread": str(result.spread),
        "flagged": result.flagged,
        "opinion": None if result.opinion is None else result.opinion.value,
        "note": result.note,
        "decision": "forwarded",
    }


def lines_of(results: Sequence[PanelResult]) -> list[dict[str, Any]]:
    """The candidates' lines, by application id."""
    return [line_of(each) for each in sorted(results, key=lambda each: each.application_id)]
