"""The log of reads of certificates: hand-outs and verifications that told the name (C-02, domain.md 7.3 no. 5)."""

from __future__ import annotations

from typing import Any

from shared.kernel.actor import Actor, Role

AUDITOR = Actor("auditor-1", "cn", frozenset({Role.AUDITOR}))
LOG = "/v1/assessment/personal-reads"


async def test_a_link_and_a_verification_are_reads_and_a_wrong_name_is_none(road: Any) -> None:
    """The holder sees who took the link and that somebody verified; nobody else but auditors and operators does."""
    [issued] = await road.certified(1)
    path = f"/v1/assessment/certificates/{issued['id']}"
    link = await road.service.get(road.people.issuer, f"{path}/verification-link")
    told = await road.service.client.post("/v1/assessment/verifications", json={"token": link.json()["token"]})
    wrong = await road.service.client.post(
        "/v1/assessment/verifications", json={"number": issued["number"], "name": "无此人"}
    )

    found = (await road.service.get(AUDITOR, LOG)).json()
    holder = Actor(found["items"][0]["person"], "", frozenset({Role.APPLICANT}))
    own = (await road.service.get(holder, LOG)).json()
    stranger = (await road.service.get(Actor("somebody", "", frozenset({Role.APPLICANT})), LOG)).json()
    refused = await road.service.get(road.people.issuer, LOG)

    assert (told.json()["status"], wrong.json()["status"]) == ("valid", "not-found")
    assert [(each["fields"], each["purpose"], each["participation"]) for each in found["items"]] == [
        ("certificate", "certificate", issued["participation"]),
        ("certificate", "verification", issued["participation"]),
    ]
    assert found["items"][0]["reader"] == road.people.issuer.subject
    assert [each["id"] for each in own["items"]] == [each["id"] for each in found["items"]]
    assert stranger["items"] == []
    assert refused.status_code == 403
