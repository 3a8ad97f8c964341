"""Quota nodes between their written and their typed form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from selection.domain.balancing.tree import QuotaNode


def parse_nodes(rows: Iterable[dict[str, Any]]) -> tuple[QuotaNode, ...]:
    """Typed nodes of policy or request rows; the tree they form is checked by ``QuotaTree``."""
    return tuple(
        QuotaNode(
            row["code"],
            row.get("parent"),
            row["min"],
            row["max"],
            {dimension: tuple(values) for dimension, values in row["match"].items()},
            row.get("name_zh", row["code"]),
            row.get("name_en", row["code"]),
        )
        for row in rows
    )
