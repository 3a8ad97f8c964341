"""An entry of the audit trail as bytes: what its leaf is the hash of, here and at whoever checks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

MEMBERS: Final = (
    "id", "at", "business_at", "subject", "organisation", "roles", "action", "object_type", "object_id", "outcome",
    "purpose", "trace", "details",
)  # fmt: skip
"""Columns of an entry, all of which count."""


def entry_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a row of ``audit`` as JSON values; moments are in UTC with microseconds."""
    return {name: _moment(row[name]) if isinstance(row[name], datetime) else row[name] for name in MEMBERS}


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The one spelling of an entry: JSON with sorted names, no blanks, UTF-8 (as RFC 8785 for what entries hold)."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
