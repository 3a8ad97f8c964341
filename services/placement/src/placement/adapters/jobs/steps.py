"""Which kinds of jobs placement knows."""

from __future__ import annotations

from typing import Final

from placement.adapters.jobs.matching import matching_step
from placement.adapters.jobs.sheets import completions_step, hosts_step
from placement.usecases.imports.start_import import COMPLETIONS, HOSTS
from placement.usecases.matching.run_matching import MATCH
from shared.jobs.stepping import Step

STEPS: Final[dict[str, Step]] = {MATCH: matching_step, HOSTS: hosts_step, COMPLETIONS: completions_step}
"""Kind of job → what does its next chunk."""
