"""Every POST refuses unknown fields, wrong codes, wrong state, wrong role, stale versions and reused keys; nothing stays."""

# ruff: noqa: ARG005  the builders are named like what they build; a case may need nothing of the world
from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from assessment.service import SERVICE

A = "/v1/assessment"
TABLES = ("policy", "participation", "assessment", "certificate", "number_sequence", "waiver", "outbox", "stream")


WRONG = {"reason": "recording-error", "scores": {"panel": "61"}}


@dataclass(frozen=True)
class Case:
    """One POST route.

    ``good`` and ``other`` are two different requests that would succeed; ``unfit`` one in the wrong state;
    ``wrong`` are bodies with what should be refused for them (status and code).
    """

    route: str
    actor: str
    good: Callable[[World], tuple[str, Any]]
    other: Callable[[World], tuple[str, Any]]
    unfit: Callable[[World], tuple[str, Any]]
    wrong: tuple[tuple[Any, int, str], ...] = ()
    stranger: str = "finance"


class World:
    """People in every state: 1 certified, 2 placed, 3 recorded, 4 confirmed, 5+6 conducted, 7+14 deferred, 8+13 appealed,
    9+12 suspended, 10 with a used waiver, 11 recorded, 15 certified, 17+18 failed, 19+20 corrected.
    """

    def __init__(self, road: Any) -> None:
        self.road, self.kit, self.people = road, road.kit, road.people
        self.assessments: dict[int, str] = {}
        self.certificates: dict[int, str] = {}
        self.waivers: dict[int, str] = {}

    def pid(self, number: int) -> str:
        return str(self.kit.pid(number))

    async def make(self) -> World:
        road, people = self.road, self.people
        await road.confirmed(dict.fromkeys((1, 8, 9, 10, 12, 13, 15, 19, 20), "88") | dict.fromkeys((17, 18), "40"))
        await self.done(road.issue())
        await road.term_completed(2, 3, 4, 5, 6, 7, 11, 14, 16)
        await road.evaluated(3, 4, 5, 6, 7, 11, 14)
        await self.done(road.sheet(people.assessor, "panel", dict.fromkeys((3, 4, 5, 6, 7, 11, 14), "88")))
        stated = [(3, "pass"), (4, "pass"), (11, "pass"), (7, "deferred"), (14, "deferred")]
        items = [
            {"participation": self.pid(n), "outcome": outcome}
            | ({"reason": "illness"} if outcome == "deferred" else {})
            for n, outcome in stated
        ]
        await self.done(road.service.post(people.assessor, f"{A}/results", {"items": items}))
        await self.done(road.confirm(people.second, 4))
        everyone = await road.service.get(people.auditor, f"{A}/assessments", params={"limit": 100})
        number = {self.pid(n): n for n in range(1, 30)}
        self.assessments = {number[a["participation"]]: a["id"] for a in everyone.json()["items"]}
        held = await road.service.get(people.auditor, f"{A}/certificates", params={"limit": 100})
        self.certificates = {number[c["participation"]]: c["id"] for c in held.json()["items"]}
        waivers = await road.service.get(people.auditor, f"{A}/waivers", params={"limit": 100})
        self.waivers = {number[w["participation"]]: w["id"] for w in waivers.json()["items"]}
        for n in (8, 13):
            path = f"{A}/assessments/{self.assessments[n]}/appeal"
            await self.done(road.service.post(people.fourth, path, {"ground": "irregularity"}))
        for n in (19, 20):
            path = f"{A}/assessments/{self.assessments[n]}/correct"
            await self.done(road.service.post(people.fourth, path, WRONG))
        for n in (9, 12):
            await self.done(road.service.post(people.issuer, f"{A}/certificates/{self.certificates[n]}/suspend", {}))
        consumed = {"title_level": "associate_senior", "application": "A-10"}
        await self.done(road.service.post(people.agency, f"{A}/waivers/{self.waivers[10]}/consume", consumed))
        return self

    @staticmethod
    async def done(call: Any) -> None:
        answer = await call
        assert answer.status_code == 200, answer.text

    def on_assessment(self, number: int, verb: str, body: Any) -> tuple[str, Any]:
        return f"{A}/assessments/{self.assessments[number]}/{verb}", body

    def on_certificate(self, number: int, verb: str, body: Any) -> tuple[str, Any]:
        return f"{A}/certificates/{self.certificates[number]}/{verb}", body

    def items(self, path: str, number: int, **item: Any) -> tuple[str, Any]:
        return f"{A}/{path}", {"items": [{"participation": self.pid(number)} | item]}

    def sheet(self, number: int, score: Any, component: str = "mentor_evaluation") -> tuple[str, Any]:
        path, body = self.items("sheets", number, score=score)
        return path, {"component": component} | body

    def consume(self, number: int, **more: Any) -> tuple[str, Any]:
        body = {"title_level": "associate_senior", "application": "A-1"} | more
        return f"{A}/waivers/{self.waivers[number]}/consume", body

    def issue(self, **more: Any) -> tuple[str, Any]:
        return f"{A}/certificates/issue", {"programme": self.kit.programme, "session": "2024"} | more

    async def fingerprint(self) -> str:
        """Everything but audit and idempotency."""
        digest = hashlib.sha256()
        async with self.road.service.running.engine.connect() as connection:
            for table in TABLES:
                rows = await connection.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1"))
                digest.update(repr(rows.all()).encode())
        return digest.hexdigest()


CASES = [
    Case("/sheets", "host", lambda w: w.sheet(2, "85"), lambda w: w.sheet(2, "86"), lambda w: w.sheet(1, "85"),
         ((lambda w: w.sheet(2, 85), 400, "bad-request"), (lambda w: w.sheet(2, "1e2"), 400, "bad-request"),
          (lambda w: w.sheet(2, "100.5"), 422, "off-scale"), (lambda w: w.sheet(2, "80.25"), 422, "off-scale"),
          (lambda w: w.sheet(2, "80", "beauty"), 400, "unknown-component"),
          (lambda w: w.sheet(2, "80", "unit_evaluation"), 403, "not-your-component"),
          (lambda w: w.sheet(99, "80"), 404, "not-found"),
          (lambda w: (f"{A}/sheets", {"component": "mentor_evaluation", "items": []}), 400, "bad-request"))),
    Case("/results", "assessor", lambda w: w.items("results", 5, outcome="pass"),
         lambda w: w.items("results", 6, outcome="pass"), lambda w: w.items("results", 2, outcome="pass"),
         ((lambda w: w.items("results", 5, outcome="PASS"), 400, "bad-request"),
          (lambda w: w.items("results", 5, outcome="fail"), 422, "outcome-contradicts-scores"),
          (lambda w: w.items("results", 5, outcome="deferred"), 400, "reason-missing"),
          (lambda w: w.items("results", 5, outcome="deferred", reason="weather"), 422, "unknown-reason"),
          (lambda w: w.items("results", 5, outcome="pass", reason="illness"), 400, "reason-not-wanted"),
          (lambda w: w.items("results", 5, outcome="pass", version=1000), 412, "stale-version"),
          (lambda w: w.items("results", 99, outcome="pass"), 404, "not-found"))),
    Case("/confirmations", "second", lambda w: w.items("confirmations", 3), lambda w: w.items("confirmations", 11),
         lambda w: w.items("confirmations", 2),
         ((lambda w: w.items("confirmations", 3, version=1000), 412, "stale-version"),
          (lambda w: w.items("confirmations", 99), 404, "not-found"),
          (lambda w: (f"{A}/confirmations", {"items": [{"participation": "one"}]}), 400, "bad-request"))),
    Case("/assessments/{assessment_id}/result", "assessor", lambda w: w.on_assessment(5, "result", {"outcome": "pass"}),
         lambda w: w.on_assessment(6, "result", {"outcome": "pass"}),
         lambda w: w.on_assessment(2, "result", {"outcome": "pass"}),
         ((lambda w: w.on_assessment(5, "result", {"outcome": "maybe"}), 400, "bad-request"),
          (lambda w: w.on_assessment(5, "result", {"outcome": "fail"}), 422, "outcome-contradicts-scores"))),
    Case("/assessments/{assessment_id}/confirm", "second", lambda w: w.on_assessment(3, "confirm", {}),
         lambda w: w.on_assessment(11, "confirm", {}), lambda w: w.on_assessment(2, "confirm", {})),
    Case("/assessments/{assessment_id}/return", "second", lambda w: w.on_assessment(3, "return", {}),
         lambda w: w.on_assessment(11, "return", {}), lambda w: w.on_assessment(2, "return", {})),
    Case("/assessments/{assessment_id}/reopen", "assessor", lambda w: w.on_assessment(7, "reopen", {}),
         lambda w: w.on_assessment(14, "reopen", {}), lambda w: w.on_assessment(2, "reopen", {})),
    Case("/assessments/{assessment_id}/appeal", "fourth",
         lambda w: w.on_assessment(4, "appeal", {"ground": "new-evidence"}),
         lambda w: w.on_assessment(1, "appeal", {"ground": "new-evidence"}),
         lambda w: w.on_assessment(2, "appeal", {"ground": "new-evidence"}),
         ((lambda w: w.on_assessment(4, "appeal", {"ground": "bad-luck"}), 422, "unknown-ground"),
          (lambda w: w.on_assessment(4, "appeal", {"ground": "scores"}), 403, "not-your-ground"))),
    Case("/assessments/{assessment_id}/decide", "third", lambda w: w.on_assessment(8, "decide", {"upheld": False}),
         lambda w: w.on_assessment(13, "decide", {"upheld": False}),
         lambda w: w.on_assessment(2, "decide", {"upheld": False}),
         ((lambda w: w.on_assessment(8, "decide", {"upheld": "no"}), 400, "bad-request"),
          (lambda w: w.on_assessment(8, "decide", {"upheld": True}), 422, "nothing-corrected"),
          (lambda w: w.on_assessment(8, "decide", {"upheld": True, "scores": {"panel": "101"}}), 422, "off-scale"),
          (lambda w: w.on_assessment(8, "decide", {"upheld": False, "scores": {"panel": "1"}}), 400, "scores-not-wanted"))),
    Case("/assessments/{assessment_id}/resit", "assessor", lambda w: w.on_assessment(17, "resit", {}),
         lambda w: w.on_assessment(18, "resit", {}), lambda w: w.on_assessment(2, "resit", {}),
         ((lambda w: w.on_assessment(4, "resit", {}), 422, "no-resit"),)),
    Case("/assessments/{assessment_id}/extend", "third", lambda w: w.on_assessment(17, "extend", {"reason": "illness"}),
         lambda w: w.on_assessment(18, "extend", {"reason": "illness"}),
         lambda w: w.on_assessment(2, "extend", {"reason": "illness"}),
         ((lambda w: w.on_assessment(17, "extend", {"reason": "weather"}), 422, "unknown-reason"),
          (lambda w: w.on_assessment(4, "extend", {"reason": "illness"}), 422, "no-resit"))),
    Case("/assessments/{assessment_id}/correct", "third", lambda w: w.on_assessment(4, "correct", WRONG),
         lambda w: w.on_assessment(1, "correct", WRONG), lambda w: w.on_assessment(2, "correct", WRONG),
         ((lambda w: w.on_assessment(4, "correct", WRONG | {"reason": "dislike"}), 422, "unknown-reason"),
          (lambda w: w.on_assessment(4, "correct", WRONG | {"scores": {}}), 400, "bad-request"),
          (lambda w: w.on_assessment(4, "correct", WRONG | {"scores": {"panel": "101"}}), 422, "off-scale"),
          (lambda w: w.on_assessment(4, "correct", WRONG | {"scores": {"charm": "1"}}), 422, "unknown-component"))),
    Case("/assessments/{assessment_id}/reject-correction", "third",
         lambda w: w.on_assessment(19, "reject-correction", {}),
         lambda w: w.on_assessment(20, "reject-correction", {}),
         lambda w: w.on_assessment(2, "reject-correction", {})),
    Case("/certificates/issue", "issuer", lambda w: w.issue(), lambda w: w.issue(participations=[w.pid(4)]),
         lambda w: w.issue(session="1999"),
         ((lambda w: w.issue(participations=[w.pid(1)]), 404, "not-requested"),
          (lambda w: w.issue(participations=[]), 400, "bad-request"))),
    Case("/certificates/{certificate_id}/suspend", "issuer", lambda w: w.on_certificate(1, "suspend", {}),
         lambda w: w.on_certificate(15, "suspend", {}), lambda w: w.on_certificate(4, "suspend", {})),
    Case("/certificates/{certificate_id}/reinstate", "issuer", lambda w: w.on_certificate(9, "reinstate", {}),
         lambda w: w.on_certificate(12, "reinstate", {}), lambda w: w.on_certificate(1, "reinstate", {})),
    Case("/certificates/{certificate_id}/revoke", "issuer", lambda w: w.on_certificate(1, "revoke", {"reason": "fraud"}),
         lambda w: w.on_certificate(15, "revoke", {"reason": "fraud"}),
         lambda w: w.on_certificate(4, "revoke", {"reason": "fraud"}),
         ((lambda w: w.on_certificate(1, "revoke", {"reason": "dislike"}), 422, "unknown-reason"),
          (lambda w: w.on_certificate(1, "revoke", {"reason": "result-overturned"}), 422, "unknown-reason"),
          (lambda w: w.on_certificate(1, "revoke", {"reason": "he lied to us"}), 400, "bad-request"))),
    Case("/certificates/{certificate_id}/reissue", "issuer", lambda w: w.on_certificate(1, "reissue", {"reason": "lost"}),
         lambda w: w.on_certificate(15, "reissue", {"reason": "lost"}),
         lambda w: w.on_certificate(4, "reissue", {"reason": "lost"}),
         ((lambda w: w.on_certificate(1, "reissue", {"reason": "fraud"}), 422, "unknown-reason"),)),
    Case("/waivers/{waiver_id}/consume", "agency", lambda w: w.consume(1), lambda w: w.consume(15),
         lambda w: w.consume(10, application="A-11"),
         ((lambda w: w.consume(1, title_level="senior"), 422, "wrong-title-level"),
          (lambda w: w.consume(1, application="次仁"), 400, "bad-request"),
          (lambda w: w.consume(9), 409, "certificate-not-in-force"))),
]  # fmt: skip
PUBLIC = {"/verifications"}


ELSEWHERE = {
    "test_vc_api": {"/vc-api/credentials/issue", "/vc-api/credentials/verify", "/vc-api/presentations/verify"},
    "test_returning": {
        "/achievements", "/achievements/verify", "/follow-ups/{follow_up_id}/record", "/alumni-links",
        *(f"/achievements/{{achievement_id}}/{verb}" for verb in ("correct", "return", "withdraw")),
        *(f"/alumni-links/{{link_id}}/{verb}" for verb in ("accept", "end")),
    },
    "test_printing": {"/printings"},
    "test_issuing": {"/issuings", "/jobs/{job_id}/confirm", "/jobs/{job_id}/cancel", "/jobs/{job_id}/restart"},
    "test_accrediting": {
        "/accreditations", "/card-checks", "/card-uses",
        *(f"/accreditations/{{accreditation_id}}/{verb}"
          for verb in ("review", "return", "assign", "refuse", "withdraw", "revoke")),
        *(f"/cards/{{card_id}}/{verb}" for verb in ("suspend", "reinstate", "renew")),
    },
}  # fmt: skip
"""Routes whose bad input is in a module of their own, by module."""


def test_every_post_has_a_case() -> None:
    routes = {
        route.path.removeprefix(A)
        for router in SERVICE.routers for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    }  # fmt: skip

    assert all((Path(__file__).parent / f"{module}.py").exists() for module in ELSEWHERE)
    assert routes == {case.route for case in CASES} | PUBLIC | set().union(*ELSEWHERE.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.route)
async def test_bad_input_is_refused_without_a_trace(road: Any, case: Case) -> None:
    world = await World(road).make()
    actor = getattr(world.people, case.actor)
    post = world.road.service.post
    before = await world.fingerprint()
    path, body = case.good(world)
    by_id = "{" in case.route

    async def refused(status: int, code: str, who: Any, path: str, body: Any, **more: Any) -> dict[str, Any]:
        answer = await post(who, path, body, **more)
        found: dict[str, Any] = answer.json()
        assert (answer.status_code, found["code"]) == (status, code), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return found

    unknown = await refused(400, "bad-request", actor, path, body | {"colour": "red"})
    assert unknown["errors"][0]["pointer"] == "/colour"
    await refused(400, "bad-request", actor, path, [])
    await refused(401, "unauthenticated", None, path, body)
    await refused(403, "wrong-role", getattr(world.people, case.stranger), path, body)
    if by_id:
        await refused(412, "stale-version", actor, path, body, if_match=1000)
        away = path.replace(path.split("/")[4], str(world.kit.pid(404)))
        await refused(404, "not-found", actor, away, body)
    for make, status, code in case.wrong:
        await refused(status, code, actor, *make(world))
    unfit = await post(actor, *case.unfit(world))
    assert unfit.status_code == 409, unfit.text
    assert await world.fingerprint() == before

    first = await post(actor, path, body, key="k-1")
    assert first.status_code in {200, 201}, first.text
    after = await world.fingerprint()
    again = await post(actor, path, body, key="k-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    await refused(422, "key-reused", actor, *case.other(world), key="k-1")
    assert await world.fingerprint() == after


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"colour": "red"}, 400, "bad-policy"),
        ({"authority": ""}, 400, "bad-policy"),
        ({"pass_mark": 60}, 400, "bad-policy"),
        ({"programme": "another"}, 400, "bad-policy"),
        ({"issuer": "cn/54"}, 422, "unsound-scheme"),
        ({"inherits": "batch-1"}, 404, "no-predecessor"),
        ({"inherits": "batch-9"}, 422, "inherits-itself"),
    ],
)
async def test_a_bad_policy_is_refused(road: Any, kit: Any, change: dict[str, Any], status: int, code: str) -> None:
    content = kit.content("batch-3") | {"version": "batch-9"} | change
    path = f"{A}/policies/{kit.programme}/batch-9"

    answer = await road.service.call(kit.people.operator, "PUT", path, content)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await road.service.get(kit.people.operator, path)).status_code == 404


async def test_a_policy_is_immutable_once_used(road: Any, kit: Any) -> None:
    """The same again is fine for ever; another content only while nothing was decided under it."""
    put, changed = road.service.call, kit.content("batch-4") | {"pass_mark": "60"}
    path = f"{A}/policies/{kit.programme}/batch-4"

    assert (await put(kit.people.operator, "PUT", path, changed)).status_code == 200
    assert (await put(kit.people.operator, "PUT", path, kit.content("batch-4"))).status_code == 200
    await road.receive(road.selected(1), road.placed(1))
    assert (await put(kit.people.operator, "PUT", path, kit.content("batch-4"))).status_code == 200
    refused = await put(kit.people.operator, "PUT", path, changed)
    assert (refused.status_code, refused.json()["code"]) == (409, "policy-in-use")
    parent = await put(
        kit.people.operator,
        "PUT",
        f"{A}/policies/{kit.programme}/batch-3",
        kit.content("batch-3") | {"pass_mark": "61"},
    )
    assert parent.status_code in {409, 422}
    assert (await put(kit.people.host, "PUT", path, changed)).status_code == 403


async def test_problems_speak_chinese(road: Any, kit: Any) -> None:
    body = {"component": "panel", "items": [{"participation": str(kit.pid(1)), "score": "80"}]}
    await road.receive(road.selected(1), road.placed(1))

    answer = await road.service.post(kit.people.assessor, f"{A}/sheets", body, headers={"accept-language": "zh-CN"})

    assert answer.status_code == 422
    assert answer.json()["rule"] == "C-01"
    assert answer.json()["detail"] == "培养期满后方可考核（计划结束日期 2025-06-30）。"
