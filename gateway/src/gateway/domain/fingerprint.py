"""Fingerprints of what was folded: the same cohort, or the same events, give the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from gateway.domain.journey import Journey


def canonical(value: Any) -> bytes:
    """Sorted, space-free JSON in UTF-8; two equal values have equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(journey: Journey) -> str:
    """SHA-256 of what happened to the person, without the times at which it was recorded.

    Two runs of the same cohort agree on it although their clocks read differently.
    """
    content = {
        "participation": journey.participation,
        "facts": journey.facts,
        "sections": journey.sections,
        "stage": journey.stage,
        "events": sorted((entry["service"], entry["seq"], entry["event"]) for entry in journey.timeline),
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def document_hash(journey: Journey) -> str:
    """SHA-256 of everything that is kept of a journey, recorded times included; it serves as entity tag."""
    return hashlib.sha256(canonical(document(journey))).hexdigest()


def document(journey: Journey) -> dict[str, Any]:
    """A journey as JSON values; ``restore`` is the way back."""
    return {
        "participation": journey.participation,
        "facts": journey.facts,
        "sections": journey.sections,
        "as_of": journey.as_of,
        "milestones": journey.milestones,
        "timeline": journey.timeline,
        "sequences": journey.sequences,
    }


def restore(content: dict[str, Any]) -> Journey:
    """The journey that ``document`` described."""
    return Journey(**content)


def cohort_hash(hashes: Iterable[tuple[str, str]]) -> str:
    """One SHA-256 over (participation, content hash) pairs in any order."""
    total = hashlib.sha256()
    for participation, single in sorted(hashes):
        total.update(f"{participation} {single}\n".encode())
    return total.hexdigest()
