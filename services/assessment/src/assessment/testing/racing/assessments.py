"""Races on assessments, participations and policies."""

from __future__ import annotations

from typing import Any

from assessment.domain.assessing.states import ASSESSMENT
from assessment.domain.participation import PARTICIPATION
from assessment.domain.schemes.policy import POLICY
from assessment.testing.racing.recipes import A, done, hear, on_assessment, one_effect, recipe
from shared.contracts.selection import ApplicationWithdrawn

CORRECTION = {"reason": "recording-error", "scores": {"panel": "70"}}


async def _reach(road: Any, state: str, panel: str = "88") -> None:
    """Person 1's assessment in ``state``."""
    people = road.people
    if state == "open":
        await road.receive(road.selected(1), road.placed(1), road.report(1))
        return
    await road.term_completed(1)
    await road.evaluated(1)
    if state == "evidence_complete":
        return
    await done(road.sheet(people.assessor, "panel", {1: panel}))
    if state == "conducted":
        return
    outcome: dict[str, Any] = {"outcome": "pass" if float(panel) >= 60 else "fail"}
    if state == "deferred":
        outcome = {"outcome": "deferred", "reason": "illness"}
    await _act(road, people.assessor, "result", outcome)
    if state in ("deferred", "result_recorded"):
        return
    await _act(road, people.second, "confirm", {})
    if state in ("appealed", "decided"):
        await _act(road, people.fourth, "appeal", {"ground": "irregularity"})
    if state == "decided":
        await _act(road, people.third, "decide", {"upheld": True, "scores": {"panel": "70"}})
    if state == "corrected":
        await _act(road, people.fourth, "correct", CORRECTION)


async def _act(road: Any, actor: Any, verb: str, body: Any) -> None:
    (call,) = await on_assessment(road, 1, verb, body, actor)
    await done(call)


async def _id(road: Any) -> str:
    return str((await road.assessment(1))["id"])


@recipe(ASSESSMENT, "evaluate", "conduct", "complete_conduct")
async def of_sheets(road: Any, source: str, action: str, target: str) -> None:
    """The last line of a panel completes the conduct in the same act."""
    await _reach(road, source)
    seen = await road.assessment(1)
    conducts = action != "evaluate"
    actor, component = (road.people.assessor, "panel") if conducts else (road.people.host, "mentor_evaluation")
    items = [{"participation": seen["participation"], "score": "77", "version": seen["version"]}]
    body = {"component": component, "items": items}
    calls = [road.service.post(actor, f"{A}/sheets", body) for _ in (1, 2)]
    await one_effect(road, "assessment", seen["id"], "conducted" if conducts else target, calls)


@recipe(ASSESSMENT, "complete_evidence")
async def of_evidence(road: Any, _: str, __: str, target: str) -> None:
    await _reach(road, "open")
    await road.evaluated(1)
    ended = road.ended(1)
    await one_effect(road, "assessment", await _id(road), target, [hear(road, ended), hear(road, ended)], again=True)


@recipe(ASSESSMENT, "record_result", "defer", "return", "appeal", "decide", "confirm")
async def of_results(road: Any, source: str, action: str, target: str) -> None:
    await _reach(road, source)
    people = road.people
    by, verb, body = {
        "record_result": (people.assessor, "result", {"outcome": "pass"}),
        "defer": (people.assessor, "result", {"outcome": "deferred", "reason": "illness"}),
        "return": (people.second, "return", {}),
        "appeal": (people.fourth, "appeal", {"ground": "irregularity"}),
        "decide": (people.third, "decide", {"upheld": False}),
        "confirm": (people.second, "confirm", {}),
    }[action]
    calls = await on_assessment(road, 1, verb, body, by, by)
    await one_effect(road, "assessment", await _id(road), target, calls)


@recipe(ASSESSMENT, "correct", "reject_correction", "extend", "resit", "reopen")
async def of_contests(road: Any, source: str, action: str, target: str) -> None:
    """Evidence stays complete, so that a re-sit and a reopening go on to it by themselves."""
    await _reach(road, source, "40" if action in ("extend", "resit") else "88")
    people = road.people
    by, verb, body = {
        "correct": (people.fourth, "correct", CORRECTION),
        "reject_correction": (people.third, "reject-correction", {}),
        "extend": (people.third, "extend", {"reason": "illness"}),
        "resit": (people.assessor, "resit", {}),
        "reopen": (people.assessor, "reopen", {}),
    }[action]
    calls = await on_assessment(road, 1, verb, body, by, by)
    ends = "evidence_complete" if target == "open" else target
    await one_effect(road, "assessment", await _id(road), ends, calls)


def _left(road: Any) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        participation=road.kit.pid(1), programme=road.kit.programme, session="2024", stage="selected", reason="family"
    )


@recipe(ASSESSMENT, "void")
async def of_leaving(road: Any, source: str, _: str, target: str) -> None:
    """Voiding follows from events of a running placement; here two units of work void what stands in each state."""
    await _reach(road, source)
    id = await _id(road)

    async def act(number: int) -> int:
        try:
            async with road.service.running.system_unit(f"race:void:{number}") as unit:
                (assessment,) = await unit.assessments.list(participation=road.kit.pid(1))
                unit.announce(assessment.void("family", road.people.system))
        except Exception:  # noqa: BLE001  the loser, whatever it is told
            return 0
        return 1

    await one_effect(road, "assessment", id, target, [act(1), act(2)])


@recipe(PARTICIPATION, "place", "await_host", "end_term", "leave", "rejoin")
async def of_participations(road: Any, source: str, action: str, target: str) -> None:
    await road.receive(road.selected(1))
    if source in ("placed", "left"):
        await road.receive(road.placed(1))
    if source == "left":
        await road.receive(_left(road))
    event = {
        "place": road.placed(1, host="hosts/H002"),
        "await_host": road.ended(1, "before_start"),
        "end_term": road.ended(1),
        "leave": _left(road),
        "rejoin": road.selected(1),
    }[action]
    rises = int(source != target)
    calls = [hear(road, event), hear(road, event)]
    await one_effect(road, "participation", str(road.kit.pid(1)), target, calls, again=True, rises=rises)


@recipe(POLICY, "use", "replace")
async def of_policies(road: Any, source: str, action: str, target: str) -> None:
    path = f"{A}/policies/{road.kit.programme}/batch-4"
    seen = (await road.service.get(road.people.operator, path)).json()
    if action == "replace":
        body = road.kit.content("batch-4") | {"pass_mark": "60"}
        calls = [road.service.call(road.people.operator, "PUT", path, body, if_match=seen["version"]) for _ in (1, 2)]
        await one_effect(road, "policy", seen["id"], target, calls, again=True)
        return
    await road.receive(road.selected(1), road.selected(2))
    if source == "in_use":
        await road.receive(road.placed(1))
        version = (await road.service.get(road.people.operator, path)).json()["version"]
        await road.receive(road.placed(2))
        assert (await road.service.get(road.people.operator, path)).json()["version"] == version
        return
    calls = [hear(road, road.placed(1)), hear(road, road.placed(1))]
    await one_effect(road, "policy", seen["id"], target, calls, again=True)
