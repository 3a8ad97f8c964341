"""Wordings of what is refused about check-ins."""

from __future__ import annotations

CHECKINS: dict[str, str] = {
    "asked-already": "您已提出该需求，正在处理中。",
    "contact-already": "该人员已是关怀联系人。",
    "unknown-need": "请使用规定的需求代码。",
}
