"""Which kinds of jobs selection knows."""

from __future__ import annotations

from typing import Final

from selection.adapters.sheets.exporting import export_step
from selection.adapters.sheets.importing import import_step
from selection.usecases.importing.starting import EXPORT, IMPORT
from shared.jobs.stepping import Step

STEPS: Final[dict[str, Step]] = {IMPORT: import_step, EXPORT: export_step}
