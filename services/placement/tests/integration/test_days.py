"""Days in the database: what nobody may write, by whatever way; shares, corrections, and acts that race."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from placement.domain.placements.shares import HostShare
from placement.usecases.term.share_hosts import share_hosts

INSERT = text(
    "INSERT INTO segment (id, placement, account, host, state, starts_on, ends_on, share, share_from) "
    "VALUES (:id, :placement, :account, :host, :state, :first, :last, :share, :start)"
)


def row(placement: int, first: str, last: str, **more: Any) -> dict[str, Any]:
    """A segment as somebody might write it by hand."""
    return {
        "id": uuid4(), "placement": UUID(int=0x018D0000_0000_7000_8000_000000000000 + placement),
        "account": "account-1", "host": "hosts/H002", "state": "planned", "first": date.fromisoformat(first),
        "last": date.fromisoformat(last), "share": 100, "start": 0,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "constraint"),
    [
        ([row(1, "2025-06-30", "2025-08-01")], "ex_segment_days"),
        ([row(2, "2025-06-30", "2025-08-01")], "ex_segment_days"),
        ([row(2, "2025-06-30", "2025-08-01", state="closed")], "ex_segment_days"),
        ([row(1, "2025-07-01", "2025-08-01", share=60), row(1, "2025-07-01", "2025-08-01", share=50, start=50)],
         "ex_segment_days"),
        ([row(1, "2025-07-01", "2025-08-01", share=60), row(1, "2025-07-01", "2025-08-01", share=50, start=60)],
         "ck_segment_share"),
        ([row(1, "2025-07-01", "2025-08-01", share=60), row(1, "2025-07-15", "2025-08-02", share=40, start=60)],
         "ex_segment_shares"),
        ([row(1, "2025-07-01", "2025-08-01", share=60), row(2, "2025-07-01", "2025-08-01", share=40, start=60)],
         "ex_segment_shares"),
        ([row(1, "2025-08-01", "2025-07-01")], "ck_segment_days"),
        ([row(1, "2025-07-01", "2025-07-31", share=60), row(1, "2025-07-01", "2025-07-31", share=40, start=60),
          row(1, "2025-08-01", "2025-08-31"), row(1, "2025-06-30", "2025-09-01", state="void")], None),
    ],
    ids=["same placement", "other placement", "a closed one", "shares over 100", "a share beyond the whole",
         "a second host alone", "a second host of another placement", "backwards", "side by side"],
)  # fmt: skip
async def test_no_way_around_the_days(road: Any, rows: list[dict[str, Any]], constraint: str | None) -> None:
    """M-03: by direct SQL; one account has one placement a day, and hosts at most the whole of a day."""
    await road.placed(1)
    await road.receive(road.selected(2, account="account-1"))

    async def write() -> None:
        async with road.service.running.engine.begin() as connection:
            for each in rows:
                await connection.execute(INSERT, each)

    if constraint is None:
        await write()
        return
    with pytest.raises(IntegrityError, match=constraint):
        await write()


async def test_the_first_host_cannot_leave_the_second_alone(road: Any) -> None:
    """M-04: neither by voiding, nor by shortening, nor by deleting its days."""
    await road.placed(1)
    async with road.service.running.system_unit("share") as work:
        placement = await work.placements.get(UUID(road.pid(1)))
        await share_hosts(work, placement, [HostShare("hosts/H001", 70), HostShare("hosts/H002", 30)], date(2024, 3, 1))
    shown = (await road.placement(1))["segments"]
    assert [(s["host"], s["share"], s["state"]) for s in shown if s["state"] == "planned"] == [
        ("hosts/H001", 70, "planned"), ("hosts/H002", 30, "planned"),
    ]  # fmt: skip

    first = "WHERE share_from = 0 AND state <> 'void'"
    for statement in (
        f"UPDATE segment SET state = 'void' {first}",
        f"UPDATE segment SET ends_on = ends_on - 1 {first}",
        f"DELETE FROM segment {first}",
        "UPDATE segment SET ends_on = ends_on + 1 WHERE share_from > 0",
    ):
        with pytest.raises(IntegrityError, match="ex_segment_shares"):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_shared_days_run_and_end_as_one(road: Any) -> None:
    """M-04, P-03: both hosts' days start with the arrival and close with the end; a day is paid once."""
    numbers = await road.placed(1)
    await road.agreed(numbers)
    async with road.service.running.system_unit("share") as work:
        placement = await work.placements.get(UUID(road.pid(1)))
        await share_hosts(work, placement, [HostShare("hosts/H001", 70), HostShare("hosts/H002", 30)], date(2024, 3, 1))
    road.on(date(2024, 7, 10))
    await road.ok(road.post(road.people.host(), "/arrivals", road.items(numbers, arrived_on="2024-07-02")))
    road.on(date(2024, 10, 1))
    ending = {"ended_on": "2024-09-30", "reason": "health"}
    await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/end", ending))

    closed = [s for s in (await road.placement(1))["segments"] if s["state"] == "closed"]
    assert [(s["starts_on"], s["ends_on"], s["share"]) for s in closed] == [
        ("2024-07-02", "2024-09-30", 70), ("2024-07-02", "2024-09-30", 30),
    ]  # fmt: skip
    assert (await road.heard("placement.ended"))[0]["days_served"] == 91


async def test_two_placements_of_one_person_race_for_the_same_days(road: Any) -> None:
    """M-03: both are confirmed at the same moment; the database lets one through."""
    await road.offers(5)
    await road.receive(*(road.selected(n, account="account-1", session="2024") for n in (1, 2, 3)))
    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await road.ok(road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm"))
    await road.ok(road.post(road.people.host(), "/decisions", road.items([1, 2, 3], decision="accept")))

    answers = await road.service.race(
        [road.post(road.people.ministry, f"/placements/{road.pid(n)}/confirm") for n in (1, 2, 3)]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"overlapping-placement"}
    assert len(await road.heard("placed")) == 1


async def test_acts_on_one_term_race(road: Any) -> None:
    """P-03: suspended, ended, extended and corrected at once: the days stay sound and are counted once."""
    await road.arrived(1)
    road.on(date(2024, 11, 1))
    path, people = f"/placements/{road.pid(1)}", road.people

    answers = await road.service.race(
        [
            road.post(people.host(), f"{path}/suspend", {"effective_on": "2024-10-01", "reason": "health"}),
            road.post(people.region, f"{path}/extend", {"planned_end": "2025-08-31", "reason": "training_need"}),
            road.post(people.region, f"{path}/correct", {"arrived_on": "2024-07-03", "reason": "clerical_error"}),
            road.post(people.host(), f"{path}/end", {"ended_on": "2024-10-31", "reason": "family"}),
        ]
    )

    assert {a.status_code for a in answers} <= {200, 409, 422}
    assert answers[2].status_code == 200
    shown = await road.placement(1)
    days = [(s["starts_on"], s["ends_on"]) for s in shown["segments"] if s["state"] != "void"]
    assert days == sorted(days)
    assert days[0][0] == "2024-07-03"
    if shown["state"] == "ended":
        assert shown["days_served"] in {121, 90}  # the whole time until 31 October, or suspended on 1 October


async def test_a_correction_is_told_and_kept(road: Any) -> None:
    """M-03: by region or ministry with a coded reason; the audit trail has both dates, money hears the true one."""
    await road.arrived(1)
    road.on(date(2025, 7, 2))
    path, people = f"/placements/{road.pid(1)}", road.people
    await road.ok(road.post(people.host(), f"{path}/end", {"ended_on": "2025-06-30"}))
    body = {"arrived_on": "2024-07-11", "ended_on": "2025-06-29", "reason": "proof_received"}

    assert (await road.post(people.host(), f"{path}/correct", body)).status_code == 403
    refused = await road.post(people.region, f"{path}/correct", body | {"reason": "mood"})
    nothing = await road.post(people.region, f"{path}/correct", {"reason": "other"})
    future = await road.post(people.region, f"{path}/correct", body | {"ended_on": "2025-07-03"})
    home = await road.post(people.region, f"{path}/correct", {"returned_on": "2025-07-01", "reason": "other"})
    corrected = await road.ok(road.post(people.region, f"{path}/correct", body))

    assert [a.json()["code"] for a in (refused, nothing, future, home)] == [
        "unknown-reason", "nothing-to-correct", "date-in-future", "not-recorded",
    ]  # fmt: skip
    assert (corrected["punctuality"], corrected["days_served"], corrected["end_kind"]) == ("late", 354, "normal")
    told = [(e["type"], e.get("arrived_on"), e.get("change"), e.get("days_served")) for e in await road.heard(None)]
    assert told[-3:] == [
        ("placement.arrived", "2024-07-11", None, None),
        ("placement.changed", None, "corrected", None),
        ("placement.ended", None, None, 354),
    ]  # fmt: skip
    kept = await road.service.scalar("SELECT details FROM audit WHERE action = 'placement.corrected'")
    assert kept["changes"]["arrived_on"] == ["2024-07-01", "2024-07-11"]
    assert kept["reason"] == "proof_received"


async def test_days_of_a_suspension_are_put_right(road: Any) -> None:
    """M-03: suspended and resumed on other days than recorded; days, fact and trail follow; nothing crosses."""
    await road.arrived(1)
    road.on(date(2024, 11, 1))
    path, people = f"/placements/{road.pid(1)}", road.people
    await road.ok(road.post(people.host(), f"{path}/suspend", {"effective_on": "2024-09-01", "reason": "health"}))
    await road.ok(road.post(people.host(), f"{path}/resume", {"effective_on": "2024-10-01"}))

    def moved(change: str, recorded_on: str, effective_on: str) -> Any:
        body = {"change": change, "recorded_on": recorded_on, "effective_on": effective_on}
        return road.post(people.region, f"{path}/correct", {"moved": body, "reason": "proof_received"})

    refused = [
        await moved("resumed", "2024-09-01", "2024-09-05"),
        await moved("suspended", "2024-09-02", "2024-09-05"),
        await moved("suspended", "2024-09-01", "2024-10-01"),
        await moved("suspended", "2024-09-01", "2024-07-01"),
        await moved("resumed", "2024-10-01", "2024-09-01"),
        await moved("resumed", "2024-10-01", "2024-11-02"),
        await moved("suspended", "2024-09-01", "2024-09-01"),
    ]
    await road.ok(moved("suspended", "2024-09-01", "2024-09-11"))
    shown = await road.ok(moved("resumed", "2024-10-01", "2024-09-21"))

    assert [each.json()["code"] for each in refused] == [
        "not-recorded", "not-recorded", "outside-segment", "outside-segment", "outside-segment", "date-in-future",
        "nothing-to-correct",
    ]  # fmt: skip
    assert shown["state"] == "active"
    days = [(s["starts_on"], s["ends_on"]) for s in (await road.placement(1))["segments"] if s["state"] != "void"]
    assert days == [("2024-07-01", "2024-09-10"), ("2024-09-21", "2025-06-30")]
    told = [e for e in await road.heard("placement.changed") if e["change"] == "corrected"]
    assert [(e["corrects"], e["recorded_on"], e["effective_on"]) for e in told] == [
        ("suspended", "2024-09-01", "2024-09-11"), ("resumed", "2024-10-01", "2024-09-21"),
    ]  # fmt: skip
    kept = await road.service.scalar("SELECT details FROM audit WHERE action = 'placement.corrected' ORDER BY id DESC")
    assert kept["changes"]["resumed"] == ["2024-10-01", "2024-09-21"]


async def test_the_day_of_a_transfer_is_put_right(road: Any) -> None:
    """M-03: the last day at one host and the first at the other move together."""
    _, other = await road.offers(1, 1)
    await road.receive(road.selected(1))
    await road.ok(road.post(road.people.ministry, f"/placements/{road.pid(1)}/propose", {"host": "hosts/H001"}))
    await road.ok(road.post(road.people.host(), "/decisions", road.items([1], decision="accept")))
    await road.ok(road.post(road.people.ministry, "/confirmations", road.items([1])))
    await road.agreed([1])
    road.on(date(2024, 11, 1))
    path = f"/placements/{road.pid(1)}"
    await road.ok(road.post(road.people.host(), "/arrivals", road.items([1], arrived_on="2024-07-01")))
    body = {"effective_on": "2024-10-01", "offer": other, "reason": "training_need"}
    await road.ok(road.post(road.people.ministry, f"{path}/transfer", body))
    moved = {"change": "transferred", "recorded_on": "2024-10-01", "effective_on": "2024-09-16"}
    await road.ok(road.post(road.people.ministry, f"{path}/correct", {"moved": moved, "reason": "clerical_error"}))

    days = [(s["host"], s["starts_on"], s["ends_on"]) for s in (await road.placement(1))["segments"]]
    assert days == [("hosts/H001", "2024-07-01", "2024-09-15"), ("hosts/H002", "2024-09-16", "2025-06-30")]


async def test_formalities_are_a_tick_and_nothing_more(road: Any) -> None:
    """D-05, domain.md 7.4: yes or no by the host; no member that could say which, in request or in answer."""
    await road.arrived(1)
    path, host = f"/placements/{road.pid(1)}/formalities", road.people.host()
    before = await road.post(host, path, {"done": False})
    done = await road.ok(road.post(host, path, {"done": True}))
    refused = [
        await road.post(host, path, {"done": True}),
        await road.post(host, path, {"done": True, "reason": "transfer"}),
        await road.post(road.people.host(2), path, {"done": False}),
        await road.post(road.people.unit, path, {"done": False}),
    ]
    back = await road.ok(road.post(host, path, {"done": False}))

    assert (before.status_code, done["formalities_on"], back["formalities_on"]) == (409, "2024-07-02", None)
    assert [each.status_code for each in refused] == [409, 400, 404, 403]
    assert "formalit" not in str(await road.service.outbox())


async def test_a_host_with_a_share_sees_the_person(road: Any) -> None:
    """M-04: placement, timeline, plan and what is due, in lists too; another host sees nothing, reports neither sees."""
    numbers = await road.placed(1)
    await road.agreed(numbers)
    await road.drafted_plans(numbers)
    second, third, path = road.people.host(2), road.people.host(3), f"/placements/{road.pid(1)}"
    reads = [path, f"{path}/timeline", f"{path}/responsibilities"]
    assert [(await road.get(second, each)).status_code for each in reads] == [404] * 3
    async with road.service.running.system_unit("share") as work:
        placement = await work.placements.get(UUID(road.pid(1)))
        await share_hosts(work, placement, [HostShare("hosts/H001", 70), HostShare("hosts/H002", 30)], date(2024, 3, 1))

    assert [(await road.get(second, each)).status_code for each in reads] == [200] * 3
    assert [(await road.get(third, each)).status_code for each in reads] == [404] * 3
    for noun in ("placements", "plans"):
        assert len((await road.ok(road.get(second, f"/{noun}")))["items"]) == 1
        assert (await road.ok(road.get(third, f"/{noun}")))["items"] == []
    due = [(await road.ok(road.get(each, "/obligations")))["items"] for each in (road.people.host(), second, third)]
    assert due[0] == due[1]
    assert {each["kind"] for each in due[0]} == {"consult-plan", "record-arrival"}
    assert due[2] == []
    assert (await road.get(second, "/reports")).status_code == 403
