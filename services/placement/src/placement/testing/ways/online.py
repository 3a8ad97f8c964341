"""The way of online courses: a catalogue, and completions taken in."""

from __future__ import annotations

from typing import Any

COURSE: dict[str, Any] = {
    "code": "zj-101", "provider": "zj-online", "title_zh": "基层卫生信息化", "title_en": "Health records in the field",
    "subject": "professional", "hours": 12,
}  # fmt: skip


async def online_courses(road: Any) -> None:
    """A course is listed and completed."""
    await road.placed(2)
    catalogue = {"items": [COURSE, COURSE | {"code": "gx-7", "subject": "public", "hours": 6}]}
    await road.ok(road.service.call(road.people.region, "PUT", "/v1/placement/online-courses", catalogue))
    done = {"participation": road.pid(1), "course": "zj-101", "completed_on": "2024-02-20", "reference": "Z-1"}
    await road.ok(road.post(road.people.region, "/course-completions", {"items": [done]}))
