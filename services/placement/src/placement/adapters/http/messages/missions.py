"""Wordings of what is refused about expert missions."""

from __future__ import annotations

MISSIONS: dict[str, str] = {
    "activities-wrong": "活动信息有误，详见各项错误。",
    "expert-left": "该专家已不能参加，请重新组团。",
    "expert-taken": "该专家已在其他服务团中。",
    "itinerary-wrong": "行程安排有误，详见各项错误。",
    "mission-not-in-field": "服务团未在实地服务期间。",
    "no-missions": "该项目政策未设专家服务团。",
    "not-in-team": "该专家不在服务团中。",
    "not-the-leader": "总结报告由团长或自治区（省）提交。",
    "one-leader": "服务团须有且只有一名团长。",
    "outside-mission": "该日期不在服务期间内。",
    "outside-region": "该地不属于本地区。",
    "request-wrong": "服务需求有误，详见各项错误。",
    "return-before-departure": "返回日期不能早于出发日期。",
    "team-size": "服务团人数须为 {least} 至 {most} 人。",
}
