"""Wordings of what is refused about training plans."""

from __future__ import annotations

PLANS: dict[str, str] = {
    "aim-missing": "请按政策要求写明该目标的预期成果。",
    "answer-missing": "学员不同意该方案，请先书面答复其意见。",
    "answered-already": "学员意见已有答复。",
    "too-many-hours": "学时超过该部分的天数所能容纳的时数。",
}
