"""Wordings of what is refused about achievements, follow-ups and alumni links."""

from __future__ import annotations

RETURNING: dict[str, str] = {
    "achievement-exists": "该成果已登记。",
    "evidence-twice": "同一证明材料重复列出。",
    "in-the-future": "成果取得后方可登记。",
    "link-exists": "与该培养单位已建立联系。",
    "no-host": "该学员没有培养单位。",
    "own-proposal": "须由对方同意。",
    "term-running": "培养期满后方可建立长期联系。",
    "unknown-kind": "该项目没有此类成果。",
    "unknown-standing": "此类成果没有该进展状态。",
}
