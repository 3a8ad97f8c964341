"""Filing for the record: immutable editions, receipts, proofs that outsiders check, tampered documents (S-07)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import text

from selection.domain.roster.canonical import is_canonical
from shared.identity.signatures import SignatureRefused, read_keys, verify_signature

KIND = "roster-filing+jws"


async def filed(road: Any, count: int = 3, places: int = 1) -> str:
    """A roster in force whose first version was handed in."""
    await road.opened(places)
    await road.ready(count)
    roster = await road.fixed()
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/file"))
    return str(roster["id"])


async def proof(road: Any, roster: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = await road.ok(road.get(road.people.ministry, f"/rosters/{roster}/filings/{number}/proof"))
    return found


async def test_a_filing_goes_back_and_forth_and_every_round_is_proved(road: Any) -> None:
    """Returned with a reason, filed again, acknowledged, amended, filed as version 2: four proofs, all sound."""
    roster = await filed(road)
    path = f"/rosters/{roster}"
    first = (await road.roster())["entries"][0]["application"]
    await road.ok(road.post(road.people.ministry, f"{path}/return", {"reason": "Attach the minutes."}))
    await road.ok(road.post(road.people.region, f"{path}/file"))
    await road.ok(road.post(road.people.ministry, f"{path}/acknowledge", {"receipt": "MOHRSS-2024-017"}))
    await road.ok(road.post(road.accounts[first], f"/applications/{first}/withdraw", {"reason": "work"}))
    await road.ok(road.post(road.people.region, f"{path}/file"))

    proofs = [await proof(road, roster, number) for number in (1, 2, 3)]

    assert [(each["edition"], each["answer"], each["receipt"]) for each in proofs] == [
        (1, "returned", None), (1, "acknowledged", "MOHRSS-2024-017"), (2, None, None),
    ]  # fmt: skip
    keys = read_keys(road.service.running.settings.internal_keys)
    for each in proofs:
        assert is_canonical(each["document"])
        assert is_canonical(each["statement"])
        assert hashlib.sha256(each["document"].encode()).hexdigest() == each["sha256"]
        said = json.loads(each["statement"])
        assert (said["sha256"], said["filing"], said["receipt"]) == (each["sha256"], each["filing"], each["receipt"])
        assert verify_signature(each["signature"], each["statement"].encode(), keys, kind=KIND) == "selection"
    again = (await road.roster())["filings"]
    assert [filing["roster_version"] for filing in again] == [1, 1, 2]


async def test_a_proof_speaks_for_its_filing_only(road: Any) -> None:
    """Another statement, another kind of signature: refused by whoever checks."""
    roster = await filed(road)
    given = await proof(road, roster, 1)
    keys = read_keys(road.service.running.settings.internal_keys)
    forged = given["statement"].replace('"receipt":null', '"receipt":"MOHRSS-1"')

    assert forged != given["statement"]
    with pytest.raises(SignatureRefused):
        verify_signature(given["signature"], forged.encode(), keys, kind=KIND)
    with pytest.raises(SignatureRefused):
        verify_signature(given["signature"], given["statement"].encode(), keys, kind="internal+jwt")


async def test_a_presented_document_is_known_or_not(road: Any) -> None:
    """The one that was filed, an older version, a tampered one."""
    roster = await filed(road)
    old = await proof(road, roster, 1)
    first = (await road.roster())["entries"][0]["application"]
    await road.ok(road.post(road.accounts[first], f"/applications/{first}/withdraw", {"reason": "work"}))
    path = f"/rosters/{roster}/filings/verify"
    tampered = old["document"].replace('"position":1', '"position":2', 1)

    known = await road.ok(road.post(road.people.ministry, path, {"document": old["document"]}))
    by_hash = await road.ok(road.post(road.people.ministry, path, {"sha256": (await road.roster())["sha256"]}))
    unknown = await road.ok(road.post(road.people.ministry, path, {"document": tampered}))
    altered = await road.post(road.people.ministry, path, {"document": tampered, "sha256": old["sha256"]})
    empty = await road.post(road.people.ministry, path, {})
    told = await road.post(road.people.ministry, path, {}, headers={"accept-language": "zh-CN"})

    assert (known["matches"], known["edition"], known["filings"], known["current"]) == (True, 1, [1], False)
    assert (by_hash["matches"], by_hash["edition"], by_hash["filings"], by_hash["current"]) == (True, 2, [], True)
    assert (unknown["matches"], unknown["edition"]) == (False, None)
    assert (altered.status_code, altered.json()["code"]) == (422, "document-altered")
    assert (empty.status_code, empty.json()["errors"][0]["pointer"]) == (400, "/document")
    assert told.json()["detail"] == "请提交文件、其 SHA-256 摘要，或者二者。"


async def test_an_edition_never_changes(road: Any) -> None:
    """Append-only in the database, too."""
    roster = await filed(road)

    with pytest.raises(Exception, match="append-only"):
        async with road.service.running.engine.begin() as connection:
            await connection.execute(text("UPDATE roster_edition SET document = '{}'"))
    read = await road.ok(road.get(road.people.region, f"/rosters/{roster}/editions/1"))

    assert hashlib.sha256(read["document"].encode()).hexdigest() == read["sha256"]


async def test_who_asks_for_what_there_is_not(road: Any) -> None:
    """No such filing, no such roster, no such role."""
    roster = await filed(road)

    beyond = await road.get(road.people.ministry, f"/rosters/{roster}/filings/2/proof")
    zero = await road.get(road.people.ministry, f"/rosters/{roster}/filings/0/proof")
    applicant = await road.get(road.people.applicant(1), f"/rosters/{roster}/filings/1/proof")
    nowhere = await road.post(
        road.people.ministry, "/rosters/01900000-0000-7000-8000-000000000000/filings/verify", {"sha256": "0" * 64}
    )

    assert [answer.status_code for answer in (beyond, zero, applicant, nowhere)] == [404, 404, 403, 404]
    assert beyond.json()["code"] == "filing-not-found"
