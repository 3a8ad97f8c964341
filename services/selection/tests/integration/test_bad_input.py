"""What bad input gets: every changing route refuses the stranger, the wrong role, unknown fields; nothing is written."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from selection.service import SERVICE
from shared.kernel.actor import Role
from shared.testing.actors import someone

CHANGING = [
    (method, route.path)
    for router in SERVICE.routers
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted({"POST", "PUT"}.intersection(route.methods or ()))
]
READING = [
    route.path
    for router in SERVICE.routers
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and not route.path.endswith("/schema")
]
ANYBODY = someone(*(set(Role) - {Role.SYSTEM, Role.SERVICE}), subject="anybody", organisation="cn/54/5401/U0001")


def concrete(path: str) -> str:
    """The path with ids that name nothing."""
    filled = path.replace("{programme}", "p").replace("{version}", "v").replace("{batch}", "b").replace("{number}", "1")
    while "{" in filled:
        head, _, rest = filled.partition("{")
        filled = f"{head}{uuid4()}{rest.partition('}')[2]}"
    return filled


async def empty(road: Any) -> bool:
    """True when nothing was told and nothing but denials was audited."""
    told = await road.service.scalar("SELECT count(*) FROM outbox")
    done = await road.service.scalar("SELECT count(*) FROM audit WHERE outcome <> 'denied'")
    return (told, done) == (0, 0)


@pytest.mark.parametrize(("method", "path"), CHANGING)
async def test_every_changing_route_refuses_strangers_and_wrong_roles(road: Any, method: str, path: str) -> None:
    """401 without a token, 403 for a role that no row of the policy table admits."""
    nobody = await road.service.call(None, method, concrete(path), {})
    wrong = await road.service.call(someone(Role.GROUP_LEADER), method, concrete(path), {})

    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    assert (wrong.status_code, wrong.json()["code"]) in ((403, "wrong-role"), (400, "bad-request"))
    assert wrong.status_code == 403 or any("missing" in error["code"] for error in wrong.json()["errors"])
    assert await empty(road)


@pytest.mark.parametrize(("method", "path"), CHANGING)
async def test_every_changing_route_refuses_unknown_members(road: Any, method: str, path: str) -> None:
    """400 with a pointer, in the caller's language."""
    if path.endswith("/imports"):
        pytest.skip("the body is a file")
    issuer = "assessment" if path.endswith("lookup") else "gateway"
    answer = await road.service.call(
        ANYBODY, method, concrete(path), {"surprise": 1}, issuer=issuer, headers={"accept-language": "zh-CN"}
    )

    assert answer.status_code == 400, answer.text
    assert answer.headers["content-language"] == "zh-CN"
    assert "surprise" in answer.text
    assert await empty(road)


@pytest.mark.parametrize("path", READING)
async def test_every_reading_route_refuses_strangers(road: Any, path: str) -> None:
    assert (await road.service.get(None, concrete(path))).status_code == 401


async def test_the_wrong_roles_are_refused_where_a_body_is_sound(road: Any) -> None:
    """Each act belongs to its role."""
    await road.opened(1)
    ids = await road.ready(1)
    roster = await road.proposed()
    r, unit = road.people, road.kit.unit_of(0)
    rows = {"items": [{"application": ids[0], "decision": "approve"}]}
    tries = [
        (r.applicant(1), f"/rosters/{roster['id']}/fix", {}),
        (r.ministry, f"/rosters/{roster['id']}/fix", {}),
        (r.region, f"/rosters/{roster['id']}/acknowledge", {"receipt": "R-1"}),
        (r.unit(unit), "/reviews", rows),
        (r.region, "/reviews", rows),
        (r.reviewer("cn/54/5401"), f"/sessions/{road.session}/balancing-runs", {}),
        (r.region, "/persons/lookup", {"participations": ids}),
        (r.auditor, f"/panels/{road.panel}/conclude", {}),
    ]

    answers = [await road.post(actor, path, body) for actor, path, body in tries]

    assert [answer.status_code for answer in answers] == [403] * len(tries)
