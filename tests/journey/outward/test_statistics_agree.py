"""The statistics of the gateway, folded from events, say what the services themselves report of a walked cohort."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.run import door_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

LEAST = 10
"""Below this numbers of persons are hidden."""


async def reported(door: Any) -> dict[str, Decimal]:
    """By code of a statistic: what the lists and books of the four services add up to."""
    session = {"session": calendar.SESSION}
    applications = await door.all(persons.REGIONAL, "/v1/selection/applications")
    placements = await door.all(persons.MINISTRY, "/v1/placement/placements", **session)
    assessments = await door.all(persons.MINISTRY, "/v1/assessment/assessments", **session)
    certificates = await door.all(persons.ISSUER, "/v1/assessment/certificates", **session)
    instalments = await door.all(persons.AUDITOR, "/v1/funding/instalments", **session)
    served = [row for row in placements if row["arrived_on"]]
    confirmed = [row for row in assessments if row["result"]]
    counted = {
        "applicants": len({row["id"] for row in applications}),
        "arrived": len(served),
        "completed": sum(row["end_kind"] == "normal" for row in served),
        "assessed": len(confirmed),
        "certificates": sum(row["state"] == "issued" for row in certificates),
    }
    paid = sum((Decimal(row["amount"]["amount"]) for row in instalments if row["paid_on"]), Decimal())
    recovered = sum((Decimal(row["clawed_back"]["amount"]) for row in instalments if row["clawed_back"]), Decimal())
    return {code: Decimal(number) for code, number in counted.items()} | {
        "money-disbursed": paid,
        "money-recovered": recovered,
    }


async def test_what_is_counted_is_what_the_services_report(carried: Any) -> None:
    async with door_of(carried.home) as door:
        expected = await reported(door)
        told = {
            code: await door.get(
                persons.OPERATOR, f"/v1/statistics/{code}", programme=calendar.PROGRAMME, session=calendar.SESSION
            )
            for code in expected
        }

    assert {code: Decimal(value["value"]) for code, value in told.items() if not value["suppressed"]} == {
        code: number for code, number in expected.items() if code.startswith("money-") or number >= LEAST
    }
    assert {"applicants", "arrived", "certificates", "money-disbursed"} <= {
        code for code, value in told.items() if not value["suppressed"]
    }
    assert expected["money-disbursed"] == Decimal(carried.outcome.figures["paid"])
