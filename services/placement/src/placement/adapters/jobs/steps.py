"""Which kinds of jobs placement knows."""

from __future__ import annotations

from typing import Final

from shared.jobs.stepping import Step

STEPS: Final[dict[str, Step]] = {}
"""Kind of job → what does its next chunk."""
