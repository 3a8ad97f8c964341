"""One cohort from call to certificate, through the gateway."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from talent_local.client import origin, token
from talent_local.cohort import calendar
from talent_local.cohort.audit import violations
from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road import persons
from talent_local.cohort.run import door_of
from talent_local.cohort.steps.finishing import CERTIFICATES
from talent_local.cohort.trial import rebuilt_equals_live

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]


def certified(size: Any = SMALL) -> int:
    return int(size.places - size.early - size.failing)


def test_every_invariant_holds(carried: Any) -> None:
    """I3 to I7, I12: nothing lost, nothing twice, nothing on its way, nobody forgotten; postings sum to zero."""
    assert carried.outcome.violations == []


def test_the_cohort_has_the_size_it_was_drawn_with(carried: Any) -> None:
    """P-02, S-07: as many selected as there are places, whoever left; the roster was filed again for each."""
    figures = carried.outcome.figures
    assert (figures["applied"], figures["selected"], figures["editions"]) == (SMALL.applicants, SMALL.places, 4)


def test_everybody_ends_where_fate_had_it(carried: Any) -> None:
    """C-01, C-02: who failed or broke off has no certificate; the one that was taken back is told as revoked."""
    figures = carried.outcome.figures
    told = {name: figures[name] for name in ("certified", "failed", "ended_early", "revoked")}
    assert told == {"certified": certified(), "failed": SMALL.failing, "ended_early": SMALL.early, "revoked": 1}

    stages = Counter(journey["stage"] for journey in carried.outcome.journeys.values())
    assert stages["certified"] == certified() - 1
    assert stages["revoked"] == 1
    assert stages["failed"] == SMALL.failing


def test_the_reserve_took_the_places_of_those_who_left(carried: Any) -> None:
    """S-07: three left with a place; each journey of a promoted person says whom it replaced."""
    sections = [journey["sections"].get("roster", {}) for journey in carried.outcome.journeys.values()]
    replaced = {section["replaces"] for section in sections if section.get("replaces")}
    left = {
        key
        for key, journey in carried.outcome.journeys.items()
        if journey["sections"]["application"].get("withdrawn_at_stage") == "selected"
    }
    assert len(replaced) == 3
    assert replaced == left


def test_the_books_balance_and_everything_is_settled(carried: Any) -> None:
    """F-01, I4: the trial balance is zero; what was paid less what came back is what was owed."""
    figures = carried.outcome.figures
    assert (figures["balanced"], figures["total"]) == (True, "0.00")
    assert sum(amount for *_, amount in carried.outcome.book) == 0

    kinds = Counter(kind for kind, *_ in carried.outcome.book)
    assert kinds["recovered"] or kinds["clawed_back"], kinds
    assert figures["clawed_back"] != "0.00"


async def test_certificates_verify_as_what_they_are(carried: Any) -> None:
    """C-02: anybody can verify with number and name, and a revoked certificate is told as revoked."""
    async with door_of(carried.home) as door:
        rows = await door.all(persons.ISSUER, CERTIFICATES, session=calendar.SESSION)
        by_state = {row["state"]: row for row in rows}
        told = {}
        for state in ("issued", "revoked"):
            row = by_state[state]
            person = await door.get(persons.REGIONAL, f"/v1/selection/applications/{row['participation']}")
            body = {"number": row["number"], "name": person["person"]["name_zh"]}
            answer = await door.command(None, "POST", "/v1/verifications", body, step="verify", subject=state)
            told[state] = answer["status"]
        wrong = {"number": by_state["issued"]["number"], "name": "无此人"}
        stranger = await door.command(None, "POST", "/v1/verifications", wrong, step="verify", subject="stranger")
    assert told == {"issued": "valid", "revoked": "revoked"}
    assert stranger["status"] == "not-found"
    assert stranger["name"] is None


async def test_a_paper_is_printed_and_believed_by_the_page(carried: Any) -> None:
    """C-02: what the issuer prints verifies when it is uploaded; a forged one and a revoked certificate do not."""
    async with door_of(carried.home) as door:
        rows = await door.all(persons.ISSUER, CERTIFICATES, session=calendar.SESSION)
        by_state = {row["state"]: row for row in rows}
        person = await door.get(persons.REGIONAL, f"/v1/selection/applications/{by_state['revoked']['participation']}")
    who = persons.ISSUER
    bearer = {"authorization": "Bearer " + token(
        carried.home, subject=who.account, roles=who.roles, organisation=who.organisation
    )}  # fmt: skip
    async with httpx.AsyncClient(base_url=origin(carried.home, "gateway"), timeout=60, trust_env=False) as client:
        papers = {
            state: await client.get(f"{CERTIFICATES}/{by_state[state]['id']}/paper", headers=bearer)
            for state in ("issued", "revoked")
        }
        link = await client.get(f"{CERTIFICATES}/{by_state['issued']['id']}/verification-link", headers=bearer)
        paper = papers["issued"].content
        forged = paper.replace(b"%%EOF\n", b"%%EOF ", 1)
        pages = [
            await client.post("/verify/file", files={"file": ("certificate.pdf", content)})
            for content in (paper, forged)
        ]
        scanned = await client.get(f"/verify/{link.json()['token']}")
        typed = await client.post(
            "/verify", data={"number": by_state["revoked"]["number"], "name": person["person"]["name_zh"]}
        )

    assert (papers["issued"].status_code, papers["revoked"].status_code) == (200, 409)
    assert [page.text.count('data-status="valid"') for page in (*pages, scanned)] == [1, 0, 1]
    assert 'data-status="tampered"' in pages[1].text
    assert 'data-status="revoked"' in typed.text


async def test_a_repeated_command_gives_the_same_answer_once(carried: Any) -> None:
    """I11: the stored answer comes back byte for byte, and nothing happens a second time."""
    body = {"programme": calendar.PROGRAMME, "batch": calendar.BATCH, "session": "2025", "planned_start": "2025-09-01"}
    async with door_of(carried.home) as door:
        first = await door.post(persons.REGIONAL, "/v1/selection/sessions", body, step="again")
        second = await door.post(persons.REGIONAL, "/v1/selection/sessions", body, step="again")
        listed = await door.all(persons.REGIONAL, "/v1/selection/sessions", session="2025")
    assert first == second
    assert [row["id"] for row in listed] == [first["id"]]


async def test_the_read_model_can_be_folded_anew(carried: Any) -> None:
    """I10: folded from the first event of the log it is the same as live."""
    same, said = await asyncio.to_thread(rebuilt_equals_live, carried.home)
    assert same, said


async def test_looking_changed_nothing(carried: Any) -> None:
    """The auditor reads only; at the end of this file all invariants still hold."""
    assert await asyncio.to_thread(violations, carried.home) == []
