"""Pairing rules on every way to a host, each broken once with its rule id, and what secondments are linked with."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from placement.domain.placements.shares import HostShare
from placement.testing.secondment import OUTBOUND, SICHUAN, Pair, policy
from placement.usecases.term.share_hosts import share_hosts
from shared.kernel.refusals import RuleViolated


def said(answer: Any) -> tuple[int, str, str | None]:
    """Status, code and rule of a problem."""
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def test_a_policy_that_pairs_wrongly_is_told_everything_at_once(road: Any) -> None:
    """W-02 to W-07: overlaps, unknown classes, impossible terms, in one answer and in both languages."""
    content = policy()
    pairings = content["pairings"]
    pairings["schemes"][1]["targets"].append("513321")
    pairings["receiving"]["county"] = ["moon"]
    pairings["receiving"]["nobody"] = ["school"]
    pairings["positions"]["inland-post"] = ["sea"]
    pairings["directions"]["outbound"]["term"] = "P"
    pairings["cycle"]["launched_on"] = "2012-13-45"

    answer = await road.put(road.people.operator, f"/policies/{SICHUAN}/batch-2", content)

    assert (answer.status_code, answer.json()["code"]) == (400, "policy-invalid")
    assert {(e["code"], e["pointer"], e.get("rule")) for e in answer.json()["errors"]} == {
        ("pairing-overlap", "/pairings/schemes/1/targets/12", "W-03"),
        ("pairing-unknown-class", "/pairings/receiving/county/0", "W-06"),
        ("pairing-unknown-class", "/pairings/receiving/nobody", "W-06"),
        ("pairing-unknown-class", "/pairings/positions/inland-post/0", "W-07"),
        ("pairing-term", "/pairings/directions/outbound/term", "W-04"),
        ("pairing-day", "/pairings/cycle/launched_on", "W-10"),
    }


async def test_a_proposal_by_hand_stays_within_the_pairing(road: Any) -> None:
    """422 with the rule: another scheme's county, the wrong unit for the post, a reverse host outside the pair."""
    pair = Pair(road)
    await pair.set_up()
    out = await pair.select(1)
    back = await pair.reverse(2)

    assert said(await pair.propose(out, "MAO")) == (422, "outside-pairing", "W-02")
    assert said(await pair.propose(out, "KANGHOSP")) == (422, "position-class", "W-07")
    several = await pair.propose(out, "CHENG")
    assert said(several) == (422, "pairing-broken", "W-02")
    assert {error["rule"] for error in several.json()["errors"]} == {"W-02", "W-06", "W-07"}
    assert said(await pair.propose(back, "YI")) == (422, "outside-pairing", "W-05")
    assert said(await pair.propose(back, "LU"))[1:] == ("pairing-broken", "W-05")
    for id, host in ((out, "KANG"), (back, "PROV")):
        assert (await pair.propose(id, host)).json()["state"] == "proposed"
    third, zh = await pair.select(3), {"accept-language": "zh-CN"}
    answer = await road.post(road.people.ministry, f"/placements/{third}/propose", {"host": "hosts/MAO"}, headers=zh)
    assert answer.json()["detail"] == "该单位不在对口支援关系内。"


async def test_matching_gives_only_paired_places_and_says_so(road: Any) -> None:
    """W-02, W-09: a wish outside the pairing is not fulfilled; a term outside the cycle finds no place."""
    pair = Pair(road)
    await pair.set_up()
    wishing = await pair.select(1, host_preferences=("MAO", "LU"))
    late = await pair.select(2, planned_start=date(2015, 7, 1), planned_end=date(2017, 6, 30))
    provincial = await pair.select(3, origin_area="51", position_class="department-deputy")

    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": OUTBOUND}))

    assert {p["participation"]: (p["host"], p["choice"]) for p in run["proposals"]} == {wishing: ("hosts/LU", 2)}
    assert {u["participation"]: u["reason"] for u in run["unmatched"]} == {
        late: "no-paired-place", provincial: "no-paired-place",
    }  # fmt: skip


async def test_the_direction_decides_the_term(road: Any) -> None:
    """W-02 to W-04: two years out and one year back, whatever the selection says."""
    pair = Pair(road)
    await pair.set_up()
    out = await pair.select(1, term="P1Y", planned_end=date(2013, 6, 30))
    back = await pair.reverse(2, term="P2Y", planned_end=date(2014, 6, 30))

    read = [await road.ok(road.get(road.people.ministry, f"/placements/{id}")) for id in (out, back)]

    assert [(p["term"], p["planned_end"]) for p in read] == [("P2Y", "2014-06-30"), ("P1Y", "2013-06-30")]


async def test_the_confirmation_asks_again(road: Any) -> None:
    """A host that moved out of the pairing after its yes is not confirmed; nothing was written."""
    pair = Pair(road)
    await pair.set_up()
    id = await pair.select(1)
    await road.ok(pair.propose(id, "KANG"))
    await road.ok(pair.accept(id, "KANG"))
    moved = [unit.line | {"area": "513223"} for unit in Pair.HOSTS if unit.code == "KANG"]
    await road.ok(road.put(road.people.operator, "/hosts", {"items": moved}))

    one = await road.post(road.people.ministry, f"/placements/{id}/confirm")
    many = await road.post(road.people.ministry, "/confirmations", {"items": [{"participation": id}]})

    assert said(one) == said(many) == (422, "outside-pairing", "W-02")
    assert many.json()["errors"][0]["pointer"] == "/items/0"
    assert (await road.ok(road.get(road.people.ministry, f"/placements/{id}")))["state"] == "host_accepted"


async def test_a_transfer_stays_within_the_pairing(road: Any) -> None:
    """A transfer to another scheme's county is 422; within the scheme it goes through."""
    pair = Pair(road)
    await pair.set_up()
    id = await pair.at_the_post(1)
    offers = {
        offer["host"]: offer["id"]
        for offer in (await road.ok(road.get(road.people.ministry, f"/offers?session={OUTBOUND}")))["items"]
    }
    body = {"effective_on": "2012-08-20", "reason": "unit_need"}
    transfer = f"/placements/{id}/transfer"

    refused = await road.post(road.people.ministry, transfer, body | {"offer": offers["hosts/MAO"]})
    done = await road.post(road.people.ministry, transfer, body | {"offer": offers["hosts/LU"]})

    assert said(refused) == (422, "outside-pairing", "W-02")
    assert (done.status_code, done.json()["host"]) == (200, "hosts/LU")


async def test_a_secondment_works_with_objects_of_its_own_pairing(road: Any) -> None:
    """W-08, W-11: link and contribution; another pairing's object, unknown words, wrong days and doubles are refused."""
    pair = Pair(road)
    await pair.set_up()
    id = await pair.at_the_post(1)
    waiting = await pair.select(2)
    region, post = pair.region, road.post
    mine = (await road.ok(post(region, "/paired-objects", pair.object())))["id"]
    other = pair.object(code="clinic-1", scheme="scheme-9-12", area="513223", kind="technology")
    theirs = (await road.ok(post(region, "/paired-objects", other)))["id"]
    made = {"kind": "planning", "made_on": "2012-08-01", "summary": "A plan."}

    async def give(**more: Any) -> tuple[int, str, str | None]:
        return said(await post(region, f"/placements/{id}/contributions", made | more))

    assert said(await post(region, "/paired-objects", pair.object()))[:2] == (409, "object-code-taken")
    assert said(await post(region, "/paired-objects", pair.object(scheme="x"))) == (400, "unknown-scheme", "W-08")
    far = pair.object(code="y", area="513223")
    assert said(await post(region, "/paired-objects", far)) == (422, "outside-pairing", "W-08")
    assert said(await post(region, f"/placements/{id}/links", {"object": theirs})) == (
        422, "object-of-other-pairing", "W-08",
    )  # fmt: skip
    assert said(await post(region, f"/placements/{id}/links", {"object": str(uuid4())}))[:2] == (400, "unknown-object")
    assert said(await post(region, f"/placements/{waiting}/links", {"object": mine})) == (409, "not-placed", "W-08")
    assert await give(object=mine) == (400, "object-not-linked", "W-08")
    await road.ok(post(region, f"/placements/{id}/links", {"object": mine}))
    assert said(await post(region, f"/placements/{id}/links", {"object": mine}))[:2] == (409, "linked-already")
    assert await give(kind="singing") == (400, "unknown-contribution", "W-11")
    assert await give(made_on="2012-10-01") == (422, "date-in-future", "W-11")
    assert await give(made_on="2012-06-01") == (422, "outside-term", "W-11")
    await road.ok(post(region, f"/placements/{id}/contributions", made | {"object": mine}))
    assert (await give())[:2] == (409, "contribution-exists")
    foreign = await post(road.people.region, f"/placements/{id}/contributions", made)
    seen = await road.ok(road.get(region, "/contributions?kind=planning"))
    assert foreign.status_code == 404
    assert [(item["participation"], item["object"]) for item in seen["items"]] == [(id, mine)]
    assert (await road.ok(road.get(road.people.region, "/contributions")))["items"] == []
    assert len((await road.ok(road.get(region, "/secondment-links")))["items"]) == 1
    assert len((await road.ok(road.get(region, "/paired-objects?scheme=scheme-9-12")))["items"]) == 1


async def test_shared_days_stay_within_the_pairing(road: Any) -> None:
    """A second host outside the pairing is refused like the first."""
    pair = Pair(road)
    await pair.set_up()
    id = await pair.at_the_post(1)
    shares = [HostShare("hosts/KANG", 50), HostShare("hosts/MAO", 50)]

    async with road.service.running.system_unit("test") as work:
        placement = await work.placements.get(UUID(id))
        with pytest.raises(RuleViolated) as refused:
            await share_hosts(work, placement, shares, date(2012, 8, 1))

    assert (refused.value.code, refused.value.rule) == ("outside-pairing", "W-02")


@pytest.mark.parametrize("table", ["secondment_link", "contribution", "paired_object"])
async def test_the_database_is_the_last_line(road: Any, table: str) -> None:
    """What is once only is unique in the database."""
    async with road.service.running.engine.connect() as connection:
        found = await connection.execute(
            text("SELECT count(*) FROM pg_constraint WHERE contype = 'u' AND conrelid = CAST(:table AS regclass)"),
            {"table": table},
        )
    assert found.scalar_one() == 1
