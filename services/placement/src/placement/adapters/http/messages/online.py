"""Wordings of what is refused about online courses."""

from __future__ import annotations

ONLINE: dict[str, str] = {
    "completed-already": "该学员已完成此课程。",
    "course-not-offered": "该课程已停止开设。",
    "reference-used": "该完成证明编号已用于另一条记录。",
    "unknown-course": "课程目录中没有该课程。",
    "unknown-participation": "没有该学员，或您无权查看。",
}
