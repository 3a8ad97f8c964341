"""Wordings of what is refused about inspections."""

from __future__ import annotations

INSPECTIONS: dict[str, str] = {
    "answered-already": "该答复已提交。",
    "draw-open": "请先确认或放弃现有的抽查方案。",
    "findings-open": "尚有问题未整改答复：{numbers}。",
    "inspection-in-past": "检查日期不得早于今天。",
    "inspection-planned": "该单位已有一次计划中的检查。",
    "nothing-to-inspect": "本年度抽查比例已达到，或没有单位有在培学员。",
    "same-day": "检查已安排在这一天。",
    "unknown-finding": "没有该检查问题：{codes}。",
    "unknown-measure": "政策中没有该整改措施：{codes}。",
}
