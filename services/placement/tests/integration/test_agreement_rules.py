"""The rules of agreements, mentors and plans, each broken once over the real routes."""

from __future__ import annotations

from datetime import date
from typing import Any


def said(answer: Any) -> tuple[int, str, str | None]:
    """Status, code and rule of a problem."""
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def test_only_parties_sign_and_only_once(road: Any) -> None:
    """M-04: a stranger is 404, the host 404 while it is no party, a party twice 409, in force with the last."""
    numbers = await road.placed(2)
    ids = await road.offered_agreements(numbers)
    path = f"/agreements/{ids[0]}"

    assert said(await road.post(road.people.trainee(2), f"{path}/sign"))[0] == 404
    assert said(await road.post(road.people.other_unit, f"{path}/sign"))[0] == 404
    assert said(await road.post(road.people.host(), f"{path}/sign"))[0] == 404
    await road.ok(road.post(road.people.trainee(1), f"{path}/sign"))
    assert said(await road.post(road.people.trainee(1), f"{path}/sign")) == (409, "signed-already", "M-04")
    early = await road.post(
        road.people.region, "/agreements/filings", {"items": [{"agreement": ids[0], "number": "1"}]}
    )
    assert said(early)[:2] == (409, "wrong-state")
    signed = await road.ok(road.post(road.people.unit, f"{path}/sign"))
    assert signed["state"] == "in_force"
    refused = await road.ok(road.post(road.people.trainee(2), f"/agreements/{ids[1]}/refuse", {"reason": "Too long."}))
    assert (refused["state"], refused["refused_by"]) == ("refused", "trainee")
    again = await road.ok(road.post(road.people.unit, "/agreements", road.items([2], terms=road.TERMS)))
    assert again["count"] == 1


async def test_agreements_need_their_parties_and_duties(road: Any) -> None:
    """M-04, M-10: demanded parties cannot be left out, every party has duties, the host may be a third party."""
    await road.placed(1)
    terms = road.TERMS
    without = road.items([1], terms=terms, parties=["trainee", "host"])
    idle = road.items([1], terms=terms, parties=["trainee", "sending_unit", "host"])
    three = {"duties": terms["duties"] | {"host": ["teach"]}}

    assert said(await road.post(road.people.unit, "/agreements", without)) == (422, "party-missing", "M-04")
    assert said(await road.post(road.people.unit, "/agreements", idle)) == (422, "duties-missing", "M-10")
    made = await road.ok(
        road.post(road.people.unit, "/agreements", road.items([1], terms=three, parties=idle["items"][0]["parties"]))
    )
    id = made["items"][0]["id"]
    await road.ok(road.post(road.people.unit, "/agreements/offers", {"items": [{"agreement": id}]}))
    states = [
        (await road.ok(road.post(party, f"/agreements/{id}/sign")))["state"]
        for party in (road.people.host(), road.people.unit, road.people.trainee(1))
    ]
    assert states == ["offered", "offered", "in_force"]
    assert len(await road.heard("agreement.in_force")) == 1


async def test_an_amendment_is_signed_by_the_original_parties(road: Any) -> None:
    """M-04: the next edition replaces the one before only when it is in force; it is published with its number."""
    ids = await road.agreed(await road.placed(1))
    body = {"terms": road.TERMS | {"service_years": 5}, "reason": "Longer service."}

    draft = await road.ok(road.post(road.people.region, f"/agreements/{ids[0]}/amendments", body))
    second = await road.post(road.people.region, f"/agreements/{ids[0]}/amendments", body)
    await road.ok(road.post(road.people.unit, "/agreements/offers", {"items": [{"agreement": draft["id"]}]}))
    await road.ok(road.post(road.people.trainee(1), f"/agreements/{draft['id']}/sign"))
    before = (await road.ok(road.get(road.people.unit, f"/agreements/{ids[0]}")))["state"]
    await road.ok(road.post(road.people.unit, f"/agreements/{draft['id']}/sign"))

    assert said(second)[:2] == (409, "amendment-open")
    assert before == "in_force"
    assert (await road.ok(road.get(road.people.unit, f"/agreements/{ids[0]}")))["state"] == "amended"
    assert [e["agreement_version"] for e in await road.heard("agreement.in_force")] == [1, 2]
    assert (await road.placement(1))["agreement"] == draft["id"]


async def test_mentors_have_a_load_limit_and_belong_to_the_host(road: Any) -> None:
    """M-05: the sixth trainee is refused, an unregistered mentor is refused, a replacement frees the load."""
    numbers = await road.placed(6)
    await road.mentors(2, load_limit=9)
    over = [{"participation": road.pid(n), "mentor": "mentor-1"} for n in numbers]
    stranger = [{"participation": road.pid(1), "mentor": "mentor-9"}]

    answer = await road.post(road.people.host(), "/mentorships", {"items": over})
    assert said(answer) == (409, "mentor-overloaded", "M-05")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/items/5"]
    assert said(await road.post(road.people.host(), "/mentorships", {"items": stranger}))[1] == "mentor-not-registered"
    await road.ok(road.post(road.people.host(), "/mentorships", {"items": over[:5]}))
    replaced = [{"participation": road.pid(1), "mentor": "mentor-2"}]
    await road.ok(road.post(road.people.host(), "/mentorships", {"items": replaced}))
    await road.ok(road.post(road.people.host(), "/mentorships", {"items": over[5:]}))
    register = (await road.ok(road.get(road.people.host(), "/hosts/H001/mentors")))["items"]
    assert {m["account"]: m["load"] for m in register} == {"mentor-1": 5, "mentor-2": 1}
    low = {"items": [{"account": "mentor-1", "title_level": "senior", "load_limit": 4}]}
    assert said(await road.put(road.people.host(), "/hosts/H001/mentors", low)) == (409, "limit-below-load", "M-05")


async def test_the_contact_comes_before_the_start(road: Any) -> None:
    """M-05: never in the future, never after the start; without it no activation; the mentor may record it."""
    await road.placed(1)
    await road.mentors()
    made = await road.ok(
        road.post(road.people.host(), "/mentorships", {"items": [{"participation": road.pid(1), "mentor": "mentor-1"}]})
    )
    id = made["items"][0]["id"]

    async def contact(day: str) -> Any:
        items = [{"mentorship": id, "contacted_on": day}]
        return await road.post(road.people.mentor(), "/mentorships/pre-contacts", {"items": items})

    active = {"items": [{"mentorship": id}]}
    assert said(await road.post(road.people.host(), "/mentorships/activations", active))[:2] == (409, "wrong-state")
    assert said(await contact("2024-03-02"))[1] == "date-in-future"
    road.on(date(2024, 7, 5))
    assert said(await contact("2024-07-01")) == (422, "contact-after-start", "M-05")
    await road.ok(contact("2024-06-20"))
    await road.ok(road.post(road.people.host(), "/mentorships/activations", active))
    seen = await road.ok(road.get(road.people.mentor(), f"/placements/{road.pid(1)}"))
    assert seen["mentor_on"] == "2024-07-05"


async def test_a_plan_needs_post_training_and_the_trainees_word(road: Any) -> None:
    """P-15, M-06, M-07, M-09: every finding at once; not in force before the consultation."""
    await road.placed(1)
    bad_part = {"mode": "work_post", "title": "Ward", "starts_on": "2024-09-01", "ends_on": "2024-08-01"}
    bad = road.plan_text(participation=road.pid(1), parts=[bad_part])

    answer = await road.post(road.people.host(), "/plans", {"items": [bad]})
    assert [(e["pointer"], e["rule"]) for e in answer.json()["errors"]] == [
        ("/items/0/parts", "P-15"), ("/items/0/parts/0/ends_on", "M-09"),
    ]  # fmt: skip
    plan = (await road.drafted_plans([1]))[0]
    assert said(await road.post(road.people.host(), f"/plans/{plan}/approve")) == (422, "plan-not-consulted", "M-07")
    assert (
        said(await road.post(road.people.trainee(2), f"/plans/{plan}/consult", {"comments": "?", "agrees": True}))[0]
        == 404
    )
    await road.ok(
        road.post(road.people.trainee(1), f"/plans/{plan}/consult", {"comments": "More ECG.", "agrees": False})
    )
    unanswered = await road.post(road.people.host(), f"/plans/{plan}/approve")
    assert said(unanswered) == (422, "answer-missing", "M-07")
    await road.ok(road.post(road.people.host(), f"/plans/{plan}/answer", {"answer": "From the next edition on."}))
    assert (await road.ok(road.post(road.people.host(), f"/plans/{plan}/approve")))["state"] == "in_force"
    revision = await road.ok(
        road.post(road.people.host(), f"/plans/{plan}/revisions", road.plan_text(reason="More ECG."))
    )
    await road.ok(
        road.post(road.people.trainee(1), f"/plans/{revision['id']}/consult", {"comments": "Yes.", "agrees": True})
    )
    await road.ok(road.post(road.people.host(), f"/plans/{revision['id']}/approve"))
    assert (await road.ok(road.get(road.people.trainee(1), f"/plans/{plan}")))["state"] == "revised"
    assert [e["plan_version"] for e in await road.heard("plan.in_force")] == [1, 2]
