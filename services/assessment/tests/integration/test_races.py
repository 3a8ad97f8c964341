"""Two at once: one wins, the other is told; and nothing of a failed command stays."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from assessment.adapters.http.tools import tools_of
from shared.http.problems import Unavailable


async def test_a_hundred_uses_of_one_waiver_one_wins(road: Any, kit: Any) -> None:
    """C-03: single use, even under a race."""
    await road.certified(1)
    waiver = await road.waiver(1)
    path = f"/v1/assessment/waivers/{waiver['id']}/consume"

    answers = await road.service.race(
        [
            road.service.post(kit.people.agency, path, {"title_level": "associate_senior", "application": f"A-{n}"})
            for n in range(100)
        ]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 99}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"waiver-consumed"}
    assert len(await road.service.outbox("waiver.consumed")) == 1


async def test_two_issuers_at_once_issue_each_certificate_once(road: Any, kit: Any) -> None:
    """C-02: exactly once per participation, numbers without gaps."""
    await road.confirmed(dict.fromkeys(range(1, 21), "88"))

    answers = await road.service.race([road.issue() for _ in range(8)])

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    certified = await road.service.outbox("certified")
    assert len({event["participation"] for event in certified}) == len(certified) == 20
    assert [int(event["number"].split("-")[2]) for event in certified] == list(range(1, 21))


async def test_two_confirmations_at_once_tell_the_world_once(road: Any, kit: Any) -> None:
    await road.term_completed(1)
    await road.evaluated(1)
    await road.recorded({1: "88"})

    answers = await road.service.race([road.confirm(actor, 1) for actor in (kit.people.second, kit.people.third)])

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    assert len(await road.service.outbox("assessed")) == 1


async def test_the_recorder_cannot_confirm_over_http(road: Any, kit: Any) -> None:
    """Four eyes; the attempt leaves an audit entry."""
    await road.term_completed(1)
    await road.evaluated(1)
    await road.recorded({1: "88"})

    answer = await road.confirm(kit.people.assessor, 1)

    assert (answer.status_code, answer.json()["code"]) == (403, "four-eyes")
    denied = "SELECT count(*) FROM audit WHERE action = 'assessment.confirm' AND outcome = 'denied' AND details ->> 'code' = 'four-eyes'"
    assert await road.service.scalar(denied) == 1
    assert await road.service.outbox("assessed") == []


class BreakingMint:
    """A mint that breaks at the third certificate."""

    def __init__(self, mint: Any) -> None:
        self._mint, self._made = mint, 0

    def mint(self, *wanted: Any, **more: Any) -> Any:
        """As the real one, twice."""
        self._made += 1
        if self._made == 3:
            raise RuntimeError("the key is gone")
        return self._mint.mint(*wanted, **more)


async def test_a_batch_that_breaks_in_the_middle_leaves_nothing(road: Any, kit: Any) -> None:
    """Certificates, numbers, waivers and events come together or not at all; the serials begin again at 1."""
    await road.confirmed(dict.fromkeys((1, 2, 3, 4), "88"))
    tools = tools_of(road.service.running)
    sound = tools.mint
    tools.mint = BreakingMint(sound)  # type: ignore[assignment]

    broken = await road.issue()
    tools.mint = sound

    assert broken.status_code == 500
    assert await road.service.outbox("certified") == []
    assert await road.service.scalar("SELECT count(*) FROM number_sequence") == 0
    assert await road.service.scalar("SELECT count(*) FROM certificate WHERE state <> 'requested'") == 0
    issued = (await road.issue()).json()["items"]
    assert [item["number"].split("-")[2] for item in issued] == ["0001", "0002", "0003", "0004"]


async def test_without_names_nothing_is_issued(road: Any, kit: Any) -> None:
    """Selection is asked before the transaction; its silence is a 503 and no side effect."""

    class Silent:
        async def names(self, *_: Any, **__: Any) -> Any:
            raise Unavailable("names-unavailable", "The names cannot be read right now; try again.")

    await road.confirmed({1: "88"})
    tools_of(road.service.running).names = Silent()

    answer = await road.issue()

    assert (answer.status_code, answer.json()["code"]) == (503, "names-unavailable")
    assert (await road.certificate(1))["state"] == "requested"


async def test_a_used_waiver_has_a_receipt_and_an_application_uses_one_waiver(road: Any, kit: Any) -> None:
    """C-03: what it was used for is on record for those concerned; no second waiver serves the same application."""
    await road.certified(1, 2)
    path = "/v1/assessment/waivers"
    first, second = (await road.waiver(1))["id"], (await road.waiver(2))["id"]
    body = {"title_level": "associate_senior", "application": "A-1"}

    assert (await road.service.get(kit.people.trainee, f"{path}/{first}/receipt")).status_code == 404
    assert (await road.service.post(kit.people.agency, f"{path}/{first}/consume", body)).status_code == 200
    again = await road.service.post(kit.people.agency, f"{path}/{second}/consume", body)
    receipts = [
        await road.service.get(actor, f"{path}/{first}/receipt")
        for actor in (kit.people.agency, kit.people.trainee, kit.people.unit)
    ]

    assert (again.status_code, again.json()["code"]) == (409, "application-served")
    assert [receipt.status_code for receipt in receipts] == [200, 200, 200]
    assert len({receipt.json()["digest"] for receipt in receipts}) == 1
    assert receipts[0].json()["application"] == "A-1"
    other = dataclasses.replace(kit.people.agency, subject="another-authority")
    assert (await road.service.get(other, f"{path}/{first}/receipt")).status_code == 404
    assert (await road.service.get(kit.people.other_trainee, f"{path}/{first}/receipt")).status_code == 404
