"""The duty that seals anew after a rotation of the vault's key; while no key is retired it asks nothing."""

from __future__ import annotations

from typing import Any, cast

from assessment.adapters.http.tools import tools_of
from assessment.settings import AssessmentSettings
from assessment.usecases.certifying.seal_anew import seal_anew


async def seal_anew_by(work: Any) -> int:
    """One batch in an open unit of work. Returns how many keys were wrapped anew."""
    if not cast(AssessmentSettings, work.running.settings).retired_vault_keys:
        return 0
    return await seal_anew(work, tools_of(work.running).mint)
