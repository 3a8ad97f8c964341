"""The catalogue and correction requests through the door: asked by one, answered by the owner, seen by both."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from gateway.testing.stage import Stage

BODY = {"dataset": "hosts", "record": "H001", "field": "province", "reason": "outdated", "evidence": "doc/2024/17"}


@pytest.fixture
async def empty(stage: Stage) -> Stage:
    """A stage without requests."""
    async with stage.engine.begin() as connection:
        await connection.execute(text("TRUNCATE correction"))
    return stage


async def send(stage: Stage, path: str, body: Any, by: dict[str, str], version: int | None = None) -> httpx.Response:
    """A POST below /v1/corrections."""
    sent = by | ({} if version is None else {"if-match": f'"v{version}"'})
    return await stage.client.post(f"/v1/corrections{path}", json=body, headers=sent)


async def test_a_request_goes_its_way(empty: Stage) -> None:
    """Received with a deadline, assigned, accepted, closed; the requester sees the outcome at every step."""
    agency = empty.bearer("agency", subject="system-7", organisation="cn/31/finance")
    owner = empty.bearer("ministry_officer", subject="officer-1", organisation="cn")
    made = await send(empty, "", BODY, agency)
    at = f"/{made.json()['id']}"
    queue = await empty.client.get("/v1/corrections", params={"due_by": "2100-01-01"}, headers=owner)
    given = await send(empty, f"{at}/assignment", {"assigned_to": "officer-2"}, owner, 0)
    decided = await send(empty, f"{at}/decision", {"decision": "accept", "answer": "corrected"}, owner, 1)
    closed = await send(empty, f"{at}/closing", {}, owner, 2)
    seen = (await empty.client.get(f"/v1/corrections{at}", headers=agency)).json()

    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/v1/corrections{at}"
    assert made.json()["due_on"] > made.json()["received_at"][:10]
    assert [one["id"] for one in queue.json()["items"]] == [made.json()["id"]]
    assert queue.json()["items"][0]["allowed_actions"] == ["assign"]
    assert [one.status_code for one in (given, decided, closed)] == [200, 200, 200], decided.text
    assert (seen["state"], seen["answer"], seen["allowed_actions"]) == ("closed", "corrected", [])


async def test_what_is_not_in_the_catalogue_cannot_be_corrected(empty: Stage) -> None:
    """An unknown dataset or field is a rule broken, in the caller's language; free text is malformed."""
    agency = empty.bearer("agency", organisation="cn/31")
    unknown = await send(empty, "", BODY | {"field": "colour"}, agency | {"accept-language": "zh"})
    dataset = await send(empty, "", BODY | {"dataset": "stars"}, agency)
    free = await send(empty, "", BODY | {"record": "Mr. Zhang of the third floor", "reason": "bad"}, agency)

    assert (unknown.status_code, dataset.status_code, free.status_code) == (422, 422, 400)
    assert unknown.json()["errors"][0]["detail"] == "该数据集没有此字段。"
    assert {error["pointer"] for error in free.json()["errors"]} == {"/record", "/reason"}


async def test_only_the_owner_answers_and_nobody_else_sees(empty: Stage) -> None:
    """A foreign region neither sees nor decides; the requester sees and may not decide; a stale version is refused."""
    agency = empty.bearer("agency", subject="system-7", organisation="cn/31")
    owner = empty.bearer("ministry_officer", organisation="cn")
    foreign = empty.bearer("regional_officer", subject="other", organisation="cn/51")
    made = (await send(empty, "", BODY, agency)).json()
    task = {"assigned_to": "x"}
    answers = [
        await send(empty, f"/{made['id']}/assignment", task, foreign, 0),
        await send(empty, f"/{made['id']}/assignment", task, agency, 0),
        await send(empty, f"/{made['id']}/assignment", task, owner, 7),
        await send(empty, f"/{made['id']}/assignment", task, owner),
        await send(empty, f"/{made['id']}/closing", {}, owner, 0),
        await send(empty, f"/{uuid4()}/closing", {}, owner, 0),
    ]
    listed = await empty.client.get("/v1/corrections", headers=foreign)
    hidden = await empty.client.get(f"/v1/corrections/{made['id']}", headers=foreign)

    assert [one.status_code for one in answers] == [404, 403, 412, 428, 409, 404]
    assert listed.json()["items"] == []
    assert hidden.status_code == 404


async def test_the_same_key_asks_once(empty: Stage) -> None:
    """Sent twice with one Idempotency-Key there is one request."""
    agency = empty.bearer("agency", subject="system-7", organisation="cn/31")
    first, second = [await send(empty, "", BODY, agency | {"idempotency-key": "once"}) for _ in range(2)]

    assert first.json()["id"] == second.json()["id"]
    assert second.headers["idempotent-replayed"] == "true"


async def test_the_catalogue_is_read_by_who_signs_in(empty: Stage) -> None:
    """Each dataset states its share class; what is not shared states the law."""
    whole = await empty.client.get("/v1/catalogue", headers=empty.bearer("agency", organisation="cn/31"))
    one = await empty.client.get("/v1/catalogue/checkins", headers=empty.bearer("applicant"))
    none = await empty.client.get("/v1/catalogue/stars", headers=empty.bearer("applicant"))
    nobody = await empty.client.get("/v1/catalogue")

    assert {item["share_class"] for item in whole.json()["items"]} == {"unconditional", "conditional", "not_shared"}
    assert one.json()["legal_reason_zh"].startswith("个人信息保护法")
    assert (none.status_code, nobody.status_code) == (404, 401)
