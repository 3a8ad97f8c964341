"""Which kinds of jobs assessment knows."""

from __future__ import annotations

from typing import Final

from assessment.adapters.jobs.issuing import IssuingStep
from assessment.adapters.jobs.printing import PrintingStep
from assessment.usecases.certifying.issue_in_bulk import ISSUE
from assessment.usecases.certifying.start_printing import PRINT
from shared.jobs.stepping import FetchingStep, Step

STEPS: Final[dict[str, Step | FetchingStep]] = {ISSUE: IssuingStep(), PRINT: PrintingStep()}
