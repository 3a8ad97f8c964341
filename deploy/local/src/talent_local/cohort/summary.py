"""What became of the cohort, read from the public interface, and where to look at it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shared.credentials.bitstring import PUBLISHED
from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road
from talent_local.cohort.steps.finishing import CERTIFICATES
from talent_local.cohort.steps.waiting import ASSESSMENTS, INSTALMENTS, PLACEMENTS

_GIVEN = " ".join(f"--status {purpose}.json" for purpose in PUBLISHED)
BOARD = f"/v1/boards/{calendar.PROGRAMME}/{calendar.SESSION}"


async def figures(road: Road) -> dict[str, Any]:
    """The cohort in numbers, as the services tell them now."""
    door = road.door
    placements = await door.all(persons.MINISTRY, PLACEMENTS, session=calendar.SESSION)
    certificates = await door.all(persons.ISSUER, CERTIFICATES, session=calendar.SESSION)
    results = Counter(
        [row["result"] for row in await door.all(persons.MINISTRY, ASSESSMENTS, session=calendar.SESSION)]
    )
    instalments = await door.all(persons.AUDITOR, INSTALMENTS, session=calendar.SESSION)
    roster = await door.get(persons.REGIONAL, f"/v1/selection/rosters/{road.known['roster']}")
    books = await door.get(persons.AUDITOR, "/v1/funding/trial-balance")
    board = await door.get(persons.OPERATOR, BOARD)
    served = [row for row in placements if row["arrived_on"]]
    return {
        "applied": board["reached"]["applied"],
        "selected": roster["selected_count"],
        "editions": roster["roster_version"],
        "hosts": len({row["host"] for row in served}),
        "provinces": len({row["host_province"] for row in served}),
        "declined": sum(len(row["declined_hosts"]) for row in placements),
        "certified": len([row for row in certificates if row["number"]]),
        "failed": results["fail"],
        "ended_early": sum(row["end_kind"] == "early" for row in placements),
        "revoked": sum(row["state"] == "revoked" for row in certificates),
        "instalments": sum(row["paid_on"] is not None for row in instalments),
        "paid": board["money"]["paid"],
        "clawed_back": board["money"]["clawed_back"],
        "balanced": books["balanced"],
        "total": books["total"],
        "board": board["content_hash"],
    }


def told(found: dict[str, Any], seconds: float, requests: int) -> list[str]:
    """The numbers as a person reads them."""
    balance = "balances" if found["balanced"] else "DOES NOT BALANCE"
    return [
        f"  {found['applied']} applied, {found['selected']} selected, roster in edition {found['editions']}",
        f"  {found['hosts']} hosts in {found['provinces']} provinces, {found['declined']} proposals declined",
        f"  {found['ended_early']} ended early, {found['failed']} failed, {found['certified']} certified",
        f"  {found['revoked']} certificate revoked afterwards",
        f"  {found['instalments']} instalments, {found['paid']} CNY paid, {found['clawed_back']} CNY clawed back",
        f"  the trial balance is {found['total']} CNY: it {balance}",
        f"  {requests} requests in {seconds:.0f} s",
    ]


async def addresses(road: Road) -> list[str]:
    """URLs to open and lines to paste, with tokens that are good for an hour."""
    door, gateway = road.door, road.door.gateway
    certificates = await door.all(persons.ISSUER, CERTIFICATES, session=calendar.SESSION)
    standing = min((row for row in certificates if row["state"] == "issued"), key=lambda row: str(row["number"]))
    revoked = next((row for row in certificates if row["state"] == "revoked"), None)
    one = standing["participation"]
    name = road.applicant(one).name.zh
    board = await _view(road, f"/board/{calendar.PROGRAMME}/{calendar.SESSION}")
    journey = await _view(road, f"/journey/{one}")
    operator, officer = await door.token(persons.OPERATOR), await door.token(persons.REGIONAL)
    check = f"curl -s {gateway}/v1/verifications -H 'content-type: application/json' -d"
    lines = [
        f"  interface    {gateway}/docs",
        f"  board        {board}",
        f"  journey      {journey}",
        f"  certificate  {gateway}/verify   number {standing['number']}, name {name}",
        "",
        f"  {check} '{_quoted(standing['number'], name)}'",
    ]
    if revoked is not None:
        lines.append(
            f"  {check} '{_quoted(revoked['number'], road.applicant(revoked['participation']).name.zh)}'  # revoked"
        )
    return [
        *lines,
        "",
        f"  ISSUER={await door.token(persons.ISSUER)}",
        f'  curl -s {gateway}{CERTIFICATES}/{standing["id"]}/paper -H "Authorization: Bearer $ISSUER" -o certificate.pdf',
        f"  curl -s {gateway}/.well-known/did.json -o did.json",
        f"  for list in {' '.join(PUBLISHED)}; do curl -s {gateway}/v1/assessment/status-lists/0/$list -o $list.json; done",
        f"  .venv/bin/talent verify certificate.pdf --did did.json {_GIVEN}   # without network",
        "",
        f"  TOKEN={operator}",
        f'  curl -s {gateway}/v1/journeys/{one} -H "Authorization: Bearer $TOKEN"',
        f'  curl -s "{gateway}/v1/events?limit=5" -H "Authorization: Bearer $TOKEN"',
        f'  curl -N {gateway}/v1/events/stream -H "Authorization: Bearer $TOKEN"   # live',
        "",
        f"  OFFICER={officer}",
        f'  curl -s {gateway}{BOARD} -H "Authorization: Bearer $OFFICER"',
    ]


async def _view(road: Road, path: str) -> str:
    link = await road.door.post(persons.OPERATOR, "/v1/view-links", {"path": path}, step="view")
    return str(link["url"])


def _quoted(number: str, name: str) -> str:
    return f'{{"number": "{number}", "name": "{name}"}}'
