"""Events in any order, two hands for one thing, errors in the middle: one outcome, nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from placement.usecases.reports.handle_reports import mark_overdue
from shared.kernel.refusals import TooEarly


async def test_leaving_and_selection_commute(road: Any) -> None:
    """Withdrawal or deselection may come before the selection; a later roster version selects again."""
    await road.policies()
    stories: dict[str, Callable[[int], list[Any]]] = {
        "closed": lambda n: [road.selected(n), road.withdrawn(n)],
        "closed too": lambda n: [road.selected(n), road.deselected(n, 2)],
        "awaiting_match": lambda n: [
            road.selected(n),
            road.deselected(n, 2),
            road.selected(n, roster_version=3, rank=9),
        ],
        "closed for good": lambda n: [road.selected(n), road.withdrawn(n), road.selected(n, roster_version=3)],
    }
    number = 0
    for outcome, story in stories.items():
        for order in permutations(range(len(story(0)))):
            number += 1
            events = story(number)
            await road.receive(*(events[place] for place in order))
            await road.receive(*events)
            shown = await road.placement(number)
            assert shown["state"] == outcome.split(" ", maxsplit=1)[0], (outcome, order)
            assert shown["rank"] == (9 if outcome == "awaiting_match" else number), (outcome, order)

    assert await road.heard("placement.ended") == []


async def test_a_selection_before_the_policy_waits(road: Any) -> None:
    """The event is kept pending until the policy of the batch is applied."""
    with pytest.raises(TooEarly, match="batch-4"):
        await road.receive(road.selected(1))

    await road.policies()
    await road.receive(road.selected(1))
    assert (await road.placement(1))["state"] == "awaiting_match"


async def test_a_withdrawal_at_every_stage_leaves_no_trace_open(road: Any) -> None:
    """Proposed, accepted, confirmed and active: closed or ended, the place free unless it was used, once told."""
    await road.proposed(4, 4)
    host, ministry = road.people.host(), road.people.ministry
    await road.ok(road.post(host, "/decisions", road.items([2, 3, 4], decision="accept")))
    await road.ok(road.post(ministry, "/confirmations", road.items([3, 4])))
    await road.agreed([4])
    await road.mentored([4])
    await road.planned([4])
    road.on(date(2024, 7, 10))
    await road.ok(road.post(host, "/arrivals", road.items([4], arrived_on="2024-07-01")))

    for number in (1, 2, 3, 4):
        await road.receive(road.withdrawn(number), road.withdrawn(number))

    states = [(await road.placement(n))["state"] for n in (1, 2, 3, 4)]
    assert states == ["closed", "closed", "ended", "ended"]
    told = {
        e["participation"]: (e["kind"], e["started"], e["days_served"]) for e in await road.heard("placement.ended")
    }
    assert told == {road.pid(3): ("before_start", False, 0), road.pid(4): ("early", True, 10)}
    assert await road.service.scalar("SELECT accepted FROM offer") == 1
    assert await road.service.scalar("SELECT sum(load) FROM mentor") == 0
    assert await road.service.scalar("SELECT string_agg(DISTINCT state, ',') FROM report") == "lapsed"
    assert await road.service.scalar("SELECT string_agg(state, ',') FROM agreement") == "terminated"
    assert await road.service.scalar("SELECT string_agg(state, ',') FROM plan") == "closed"


async def test_two_hands_for_the_last_place(road: Any) -> None:
    """One of two acceptances of the last place wins, the other is told; likewise one of two confirmations."""
    await road.offers(1)
    await road.receive(road.selected(1), road.selected(2))
    host, ministry = road.people.host(), road.people.ministry
    for number in (1, 2):
        await road.ok(road.post(ministry, f"/placements/{road.pid(number)}/propose", {"host": "hosts/H001"}))

    accepted = await road.service.race([road.post(host, f"/placements/{road.pid(n)}/accept") for n in (1, 2)])

    assert sorted(a.status_code for a in accepted) == [200, 409]
    assert next(a.json()["code"] for a in accepted if a.status_code == 409) == "no-place-left"
    winner = next(n for n, a in zip((1, 2), accepted, strict=True) if a.status_code == 200)
    confirmed = await road.service.race(
        [road.post(ministry, f"/placements/{road.pid(winner)}/confirm") for _ in range(3)]
    )
    assert sorted(c.status_code for c in confirmed) == [200, 409, 409]
    assert len(await road.heard("placed")) == 1
    assert await road.service.scalar("SELECT accepted FROM offer") == 1


async def test_the_last_place_withdrawn_is_free_for_another(road: Any) -> None:
    """A withdrawal gives the host's place back; the next run uses it."""
    await road.proposed(2, 1)
    await road.ok(road.post(road.people.host(), "/decisions", road.items([1], decision="accept")))
    await road.ok(road.post(road.people.ministry, "/confirmations", road.items([1])))
    await road.receive(road.withdrawn(1))

    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))

    assert [(p["participation"], p["host"]) for p in run["proposals"]] == [(road.pid(2), "hosts/H001")]


async def test_the_database_refuses_overlapping_days_of_one_person(road: Any) -> None:
    """One account, two participations, days that overlap: 409, and the confirmation is as if it had not been tried."""
    await road.offers(3)
    later = {"planned_start": date(2025, 7, 1), "planned_end": date(2026, 6, 30)}
    await road.receive(
        road.selected(1), road.selected(2, account="account-1"), road.selected(3, account="account-1", **later)
    )
    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await road.ok(road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm"))
    await road.ok(road.post(road.people.host(), "/decisions", road.items([1, 2, 3], decision="accept")))
    await road.ok(road.post(road.people.ministry, "/confirmations", road.items([1])))

    overlap = await road.post(road.people.ministry, "/confirmations", road.items([2, 3]))
    apart = await road.post(road.people.ministry, "/confirmations", road.items([3]))
    race = [road.post(road.people.ministry, f"/placements/{road.pid(2)}/confirm")]
    again = (await road.service.race(race))[0]

    assert (overlap.status_code, overlap.json()["code"]) == (409, "overlapping-placement")
    assert apart.status_code == 200
    assert (again.status_code, again.json()["code"]) == (409, "overlapping-placement")
    assert [e["participation"] for e in await road.heard("placed")] == [road.pid(1), road.pid(3)]
    assert (await road.placement(2))["state"] == "host_accepted"
    assert await road.service.scalar("SELECT count(*) FROM segment") == 2


async def test_a_broken_transaction_leaves_nothing(road: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """State, outbox, audit and idempotency record are written together or not at all."""
    await road.proposed(1, 1)
    before = await road.service.scalar("SELECT count(*) FROM audit")

    def broken(_: object) -> None:
        raise RuntimeError("the publishing table is broken")

    with monkeypatch.context() as patched:
        patched.setattr("placement.adapters.db.unit_of_work.SqlPlacementWork.translate", staticmethod(broken))
        answer = await road.post(
            road.people.host(), f"/placements/{road.pid(1)}/decline", {"reason": "other"}, key="k-1"
        )

    assert answer.status_code == 500
    assert (await road.placement(1))["state"] == "proposed"
    assert await road.service.scalar("SELECT count(*) FROM audit") == before
    retried = await road.post(road.people.host(), f"/placements/{road.pid(1)}/decline", {"reason": "other"}, key="k-1")
    assert retried.status_code == 200
    assert "idempotent-replayed" not in retried.headers


async def test_the_due_clock_marks_overdue_reports_once(road: Any) -> None:
    """D-02: due until its day has passed, overdue after it, still to be handed in, told once."""
    await road.arrived(2)
    for day, late in ((date(2024, 10, 15), 0), (date(2024, 10, 16), 2), (date(2024, 10, 17), 0)):
        road.on(day)
        async with road.service.running.system_unit(f"duty:{day}") as work:
            assert await mark_overdue(work) == late

    told = await road.heard("report.overdue")
    assert {(t["period"], t["due_on"]) for t in told} == {("1", "2024-10-15")}
    assert len(told) == 2
    overdue = (await road.reports(road.people.trainee(1), state="overdue"))[0]
    await road.ok(road.post(road.people.trainee(1), f"/reports/{overdue['id']}/submit", {"text": "Late."}))


async def test_everybody_sees_what_concerns_them(road: Any) -> None:
    """Lists are scoped: own case, own unit, below one's office, own host; the rest is 404."""
    await road.offers(1, 1)
    await road.receive(road.selected(1), road.selected(2, sending_unit="cn/54/5402/U0007"), road.selected(3))
    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await road.ok(road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm"))

    async def seen(actor: Any, what: str = "/placements") -> int:
        return len((await road.ok(road.get(actor, what)))["items"])

    people = road.people
    assert [await seen(people.trainee(1)), await seen(people.unit), await seen(people.other_unit)] == [1, 2, 0]
    assert [await seen(people.region), await seen(people.ministry), await seen(people.auditor)] == [3, 3, 3]
    assert [await seen(people.host(1)), await seen(people.host(2)), await seen(people.mentor())] == [1, 1, 0]
    foreign = await road.get(people.trainee(2), f"/placements/{road.pid(1)}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not-found")
    assert [await seen(people.host(n), "/offers") for n in (1, 2, 3)] == [1, 1, 0]
    page = await road.ok(road.get(people.region, "/placements?limit=2"))
    rest = await road.ok(road.get(people.region, f"/placements?limit=2&cursor={page['next_cursor']}"))
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    since = await road.ok(road.get(people.region, f"/placements?updated_since={page['watermark'].replace('+', '%2B')}"))
    assert since["items"] == []


async def test_obligations_say_what_is_due_from_whom(road: Any) -> None:
    """3.1 no. 14: proposals, signatures, contacts, consultations, arrivals and reports, each until it is done."""
    people = road.people

    async def due(actor: Any, query: str = "") -> dict[str, int]:
        found: dict[str, int] = {}
        for item in (await road.ok(road.get(actor, f"/obligations?{query}")))["items"]:
            found[item["kind"]] = found.get(item["kind"], 0) + 1
        return found

    await road.proposed(2, 2)
    assert await due(people.host()) == {"decide-proposal": 2}
    await road.ok(road.post(people.host(), "/decisions", road.items([1, 2], decision="accept")))
    await road.ok(road.post(people.ministry, "/confirmations", road.items([1, 2])))
    agreements = await road.offered_agreements([1, 2])
    assert await due(people.trainee(1), "mine=true") == {"sign-agreement": 1}
    assert await due(people.region) == {"record-arrival": 2, "sign-agreement": 4}
    for number, agreement in zip((1, 2), agreements, strict=True):
        await road.ok(road.post(people.trainee(number), f"/agreements/{agreement}/sign"))
    signatures = {"items": [{"agreement": a} for a in agreements]}
    await road.ok(road.post(people.unit, "/agreements/signatures", signatures))
    plans = await road.drafted_plans([1, 2])
    assert await due(people.trainee(2), "kind=consult-plan") == {"consult-plan": 1}
    assert await due(people.trainee(2), f"participation={UUID(int=5)}") == {}
    await road.mentored([1, 2])
    road.on(date(2024, 7, 2))
    await road.ok(road.post(people.host(), "/arrivals", road.items([1, 2], arrived_on="2024-07-02")))
    assert await due(people.trainee(1), "mine=true") == {"consult-plan": 1, "submit-report": 4}
    assert await due(people.host()) == {"consult-plan": 2}
    report = (await road.reports(people.trainee(1), period="1"))[0]["id"]
    await road.ok(road.post(people.trainee(1), f"/reports/{report}/submit", {"text": "Work."}))
    assert await due(people.unit, "mine=true") == {"acknowledge-report": 1}
    await road.ok(road.post(people.unit, f"/reports/{report}/acknowledge"))
    assert await due(people.unit, "mine=true") == {}
    assert await due(people.region, "mine=true") == {"acknowledge-report": 1}
    assert plans
