"""When what happens: the 2024 session from the call to the last payment, in the business calendar (Beijing time)."""

from __future__ import annotations

from typing import Final

SESSION: Final = "2024"
PROGRAMME: Final = "tibet-special-training"
BATCH: Final = "batch-4"
BATCHES: Final = ("batch-3", "batch-4")

SET_UP: Final = "2024-01-08"
CALL_OPENS: Final = "2024-01-10T00:00:00+08:00"
CALL_CLOSES: Final = "2024-03-01T00:00:00+08:00"
APPLYING: Final = "2024-01-25"
REVIEWING: Final = "2024-02-20"
DELIBERATING: Final = "2024-03-18"
BALANCING: Final = "2024-04-08"
MATCHING: Final = "2024-05-13"
PREPARING: Final = "2024-06-17"
CHANGING: Final = "2024-07-15"
