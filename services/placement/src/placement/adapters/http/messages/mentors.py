"""Wordings of what is refused about mentors."""

from __future__ import annotations

MENTORS: dict[str, str] = {
    "mentors-overlap": "同一学员的两位导师的指导日期不得重叠。",
    "outside-employment": "导师在这些日期不在培养单位任职。",
}
