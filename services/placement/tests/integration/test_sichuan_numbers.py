"""The Sichuan numbers over the real ways in: 1575 = 1345 + 230, 20 + 12 = 32, P2Y and P1Y (W-01 to W-06)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text

from placement.testing import secondment
from shared.kernel.actor import Role
from shared.testing.actors import someone


async def in_parallel(calls: Sequence[Any], most: int = 8) -> list[Any]:
    """Every call, a few at a time."""
    done: list[Any] = []
    for at in range(0, len(calls), most):
        done += await asyncio.gather(*calls[at : at + most])
    return done


async def test_1575_people_are_placed_within_their_pairings(road: Any) -> None:
    """Selected events → cases → offers → runs → decisions → confirmations; then the books are counted again by hand."""
    road.on(date(2012, 6, 20))
    people, content = road.people, secondment.policy()
    out, back = secondment.receiving_units(content), secondment.returning_units(content)
    await road.ok(road.put(people.operator, f"/policies/{secondment.SICHUAN}/batch-2", content))
    await road.ok(road.put(people.operator, "/hosts", {"items": [unit.line for unit in (*out, *back)]}))
    offers = [line for unit in out for line in unit.offers(secondment.OUTBOUND, 18)]
    offers += [line for session in secondment.REVERSE for unit in back for line in unit.offers(session, 4)]
    opened = await in_parallel([road.post(people.ministry, "/offers", line) for line in offers])
    assert {answer.status_code for answer in opened} == {201}

    persons = [*secondment.outbound_people(content), *secondment.reverse_people(content)]
    await in_parallel([road.receive(road.selected(n, **person)) for n, person in enumerate(persons, 1)])
    unmatched = 0
    for session in (secondment.OUTBOUND, *secondment.REVERSE):
        run = await road.ok(road.post(people.ministry, "/matching-runs", {"session": session}))
        assert run["report"]["total_fit"] == run["report"]["total_fit_bound"]
        assert {line["reason"] for line in run["unmatched"]} == set()
        unmatched += len(run["unmatched"])
        await road.ok(road.post(people.ministry, f"/matching-runs/{run['id']}/confirm"))
    proposed: dict[str, list[str]] = {}
    for host, participation in await _rows(road, "SELECT host, id::text FROM placement"):
        proposed.setdefault(host, []).append(participation)
    for host, ids in proposed.items():
        officer = someone(Role.HOST_OFFICER, subject=host, organisation=host)
        items = [{"participation": id, "decision": "accept"} for id in ids]
        await road.ok(road.post(officer, "/decisions", {"items": items}))
    everybody = [id for ids in proposed.values() for id in ids]
    for at in range(0, len(everybody), 1000):
        items = [{"participation": id} for id in everybody[at : at + 1000]]
        await road.ok(road.post(people.ministry, "/confirmations", {"items": items}))

    assert unmatched == 0
    await _the_books_are_right(road, content)


async def _rows(road: Any, statement: str) -> list[Any]:
    async with road.service.running.engine.connect() as connection:
        return list(await connection.execute(text(statement)))


async def _the_books_are_right(road: Any, content: dict[str, Any]) -> None:
    """Counts, shares, terms, disjoint counties; and each pairing looked up anew, without the code that checked it."""
    found = await _rows(
        road,
        "SELECT p.direction, p.session, p.staff_category, p.term, p.planned_start, p.planned_end, p.origin_area, "
        "h.area, h.unit_class, p.position_class FROM placement p JOIN host h ON h.path = p.host "
        "WHERE p.state = 'confirmed'",
    )
    ways = Counter(row.direction for row in found)
    staff = Counter(row.staff_category for row in found if row.direction == "outbound")
    assert (len(found), ways) == (1575, {"outbound": 1345, "inbound": 230})
    assert Counter(row.session for row in found if row.direction == "inbound") == dict.fromkeys(secondment.REVERSE, 115)
    assert staff == {"administrative": 727, "professional": 618}
    shares = [(1000 * count * 2 + 1345) // (2 * 1345) for count in (727, 618)]
    assert shares == [541, 459]
    assert {(row.direction, row.term, str(row.planned_start), str(row.planned_end)) for row in found} == {
        ("outbound", "P2Y", "2012-07-01", "2014-06-30"),
        ("inbound", "P1Y", "2012-07-01", "2013-06-30"),
        ("inbound", "P1Y", "2013-07-01", "2014-06-30"),
    }
    first, second = content["pairings"]["schemes"]
    counties = [set(first["targets"]), set(second["targets"])]
    assert [len(each) for each in counties] == [20, 12]
    assert len(counties[0] | counties[1]) == 32
    assert {row.area for row in found if row.area in counties[0] | counties[1]} == counties[0] | counties[1]
    for row in found:
        cities, targets = (row.origin_area, row.area) if row.direction == "outbound" else (row.area, row.origin_area)
        if "51" in (cities, targets):
            assert row.unit_class in {"prefecture-department", "industrial-park", "provincial-department"}
        elif len(targets) == 6:
            scheme = next(scheme for scheme in (first, second) if cities in scheme["sources"])
            assert targets in scheme["targets"]
        if row.position_class is not None:
            assert row.unit_class in content["pairings"]["positions"][row.position_class]
        classes = {
            area: code for code, areas in content["pairings"]["source_classes"].items() for area in areas
        }  # fmt: skip
        assert row.unit_class in content["pairings"]["receiving"][classes[row.origin_area]]
    async with road.service.running.engine.connect() as connection:
        days = await connection.execute(text("SELECT count(*), min(ends_on - starts_on + 1) FROM segment"))
        assert tuple(days.one()) == (1575, 365)
