"""Wordings of what is refused about study groups."""

from __future__ import annotations

GROUPS: dict[str, str] = {
    "group-mixed": "同一小组的学员须属于同一项目、同一期。",
    "group-name-taken": "该期已有同名小组。",
    "group-not-active": "该小组尚未开展活动或已解散。",
    "group-size": "小组人数应为 {smallest} 至 {largest} 人；现为 {size} 人，请说明理由。",
    "in-a-group": "该学员已在其他小组。",
    "leader-not-a-member": "组长须为本组成员。",
    "leads-already": "该学员已是组长。",
    "meeting-called": "该小组此时已有会议。",
    "meeting-in-past": "小组会议须在开始之前通知。",
    "not-a-member": "该学员不在本组。",
    "unknown-participation": "没有该学员，或您无权查看。",
}
