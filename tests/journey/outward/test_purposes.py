"""Whoever was read sees it: the purpose log after a whole cohort, for the auditor and for one person."""

from __future__ import annotations

from typing import Any

import pytest

from talent_local.cohort.road import persons
from talent_local.cohort.run import door_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]


async def test_a_person_sees_that_the_certificate_was_printed_with_the_name(carried: Any) -> None:
    """domain.md 7.3 no. 5: issuing read the name at selection; the person sees it, and only what was read of the person."""
    async with door_of(carried.home) as door:
        everything = await door.all(persons.AUDITOR, "/v1/purposes")
        issued = [
            each for each in everything if each["service"] == "selection" and each["reader"] == "service:assessment"
        ]
        one = persons.Person(issued[0]["person"], "applicant", "")
        own = await door.all(one, "/v1/purposes")

    assert issued
    assert {each["person"] for each in own} == {one.account}
    assert [each for each in everything if each["person"] == one.account] == own
    assert ("names", issued[0]["purpose"]) in {(each["fields"], each["purpose"]) for each in own}
    assert {each["participation"] for each in everything if each["participation"]} <= set(carried.outcome.journeys)
