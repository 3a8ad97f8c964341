"""Wordings of what is refused about pre-training."""

from __future__ import annotations

PRE_TRAINING: dict[str, str] = {
    "after-departure": "有学员于 {departure} 出发，训前培训须在此之前结束。",
    "excuse-without-absence": "已到场者无需请假。",
    "invited-already": "名单中有人已被邀请。",
    "nobody-to-invite": "有关人员均已被邀请。",
    "not-held-yet": "训前培训尚未开始。",
    "not-invited": "该学员未被邀请参加此次训前培训。",
    "not-of-this-event": "该学员不属于此次训前培训的期次、地区或单位范围。",
    "pre-training-exists": "该地点当日已安排训前培训。",
    "pre-training-cancelled": "此次训前培训已取消。",
}
