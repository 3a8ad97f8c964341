"""The log of reads of this service: every way of reading leaves an entry, auditors see all, a person the own ones."""

from __future__ import annotations

from typing import Any

from selection.adapters.sheets.steps import STEPS
from shared.jobs.stepping import run_jobs
from shared.kernel.actor import Actor, Role

AUDITOR = Actor("auditor-1", "cn", frozenset({Role.AUDITOR}))


def _opening(attribute: str, purpose: str, *ids: str) -> dict[str, Any]:
    return {"participations": list(ids), "attribute": attribute, "purpose": purpose}


async def _read_everything(road: Any, one: str, two: str) -> None:
    """A telephone number, two names for another service, one's own export, a sheet with names."""
    region, service = road.people.region, road.people.service
    await road.ok(road.post(region, "/vault/openings", _opening("phone", "contact", one)))
    wanted = {"participations": [one, two], "purpose": "certificate", "with_identity_tail": True}
    await road.ok(road.post(service, "/persons/lookup", wanted, issuer="assessment"))
    await road.ok(road.get(road.people.applicant(2), "/persons/me/export"))
    sheet = {"session": road.session, "what": "applications", "purpose": "case-handling", "format": "csv"}
    await road.ok(road.post(region, "/exports", sheet))
    await run_jobs(road.service.running, STEPS)


async def test_every_read_is_in_the_log_and_no_value(road: Any) -> None:
    """domain.md 7.3 no. 5: who, whose, which class of fields, how much of it, for what."""
    await road.opened(2)
    one, two = await road.submitted(1, 2)
    await _read_everything(road, one, two)

    page = await road.ok(road.get(AUDITOR, "/personal-reads"))
    own = await road.ok(road.get(road.people.applicant(1), "/personal-reads"))
    foreign = await road.ok(road.get(road.people.applicant(1), f"/personal-reads?participation={two}"))
    stranger = await road.ok(road.get(road.people.applicant(77), "/personal-reads"))

    told = {
        (each["participation"], each["fields"], each["extent"], each["purpose"], each["reader"])
        for each in page["items"]
    }
    region = road.people.region.subject
    assert {
        (one, "phone", "whole", "contact", region),
        (one, "names", "whole", "certificate", "service:assessment"),
        (two, "identity-number", "tail", "certificate", "service:assessment"),
        (one, "names", "whole", "case-handling", region),
        (two, "names", "whole", "case-handling", region),
        (None, "identity-number", "whole", "own-access", road.people.applicant(2).subject),
    } <= told
    assert {each["person"] for each in own["items"]} == {road.people.applicant(1).subject}
    assert {each["id"] for each in own["items"]} == {
        each["id"] for each in page["items"] if each["person"] == road.people.applicant(1).subject
    }
    assert foreign["items"] == stranger["items"] == []
    assert "13800000000" not in str(page)
    times = [each["recorded_at"] for each in page["items"]]
    assert times == sorted(times)


async def test_pages_filters_and_what_is_new(road: Any) -> None:
    """Keyset pages of one give the same as one page; filters narrow; ``updated_since`` gives what came after."""
    await road.opened(2)
    one, two = await road.submitted(1, 2)
    await _read_everything(road, one, two)
    whole = await road.ok(road.get(AUDITOR, "/personal-reads"))

    seen, cursor = [], ""
    while True:
        page = await road.ok(road.get(AUDITOR, f"/personal-reads?limit=1{cursor}"))
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    await road.ok(road.post(road.people.region, "/vault/openings", _opening("phone", "contact", two)))
    later = await road.ok(road.get(AUDITOR, f"/personal-reads?updated_since={whole['watermark']}"))
    narrow = await road.ok(road.get(AUDITOR, f"/personal-reads?purpose=contact&participation={one}"))
    nothing = await road.ok(road.get(AUDITOR, "/personal-reads?session=1999"))

    assert seen == [each["id"] for each in whole["items"]]
    assert [(each["participation"], each["fields"]) for each in later["items"]] == [(two, "phone")]
    assert [each["fields"] for each in narrow["items"]] == ["phone"]
    assert nothing["items"] == []


async def test_others_are_refused_and_it_is_audited(road: Any) -> None:
    """Officers, units and services have no business there."""
    await road.opened(1)
    for who in (road.people.region, road.people.ministry, road.people.unit(road.kit.unit_of(1))):
        answer = await road.get(who, "/personal-reads")
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong-role")
    forged = await road.get(AUDITOR, "/personal-reads?cursor=x")
    assert (forged.status_code, forged.json()["code"]) == (400, "bad-cursor")
