"""When what happens: the 2024 session from the call to the last payment, in the business calendar (Beijing time)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

PROGRAMME: Final = "tibet-special-training"
BATCH: Final = "batch-4"
SESSION: Final = "2024"

SET_UP: Final = "2024-01-08"
CALL_OPENS: Final = "2024-01-10T00:00:00+08:00"
CALL_CLOSES: Final = "2024-03-01T00:00:00+08:00"
APPLYING: Final = "2024-01-25"
REVIEWING: Final = "2024-02-20"
DELIBERATING: Final = "2024-03-18"
BALANCING: Final = "2024-04-08"
MATCHING: Final = "2024-05-13"
PREPARING: Final = "2024-06-17"
REPLACING: Final = "2024-07-08"
ARRIVING: Final = "2024-09-18"
ENDING_EARLY: Final = "2024-10-21"
REPORTING: Final = ("2024-12-05", "2025-02-26", "2025-06-05", "2025-08-25")
MID_TERM: Final = "2025-03-17"
ENDING: Final = "2025-09-01"
ASSESSING: Final = "2025-09-15"
CERTIFYING: Final = "2025-10-13"
SETTLING: Final = "2025-10-27"
REVOKING: Final = "2025-11-17"

PLANNED_START: Final = date(2024, 9, 1)
PLANNED_END: Final = date(2025, 8, 31)
LATE: Final = 41
"""One trainee in so many comes late."""


def arrival(number: int) -> date:
    """The day on which an applicant comes, if selected: around the planned start, or ten days late."""
    if number % LATE == 0:
        return PLANNED_START + timedelta(days=10)
    return PLANNED_START + timedelta(days=number % 8 - 4)
