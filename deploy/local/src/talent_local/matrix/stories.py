"""Whose things they are: account, unit, reviewer, host and mentor of everybody in a walked cohort, found without a service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from talent_local.cohort.audit import rows
from talent_local.cohort.cohort import Cohort
from talent_local.home import Home


@dataclass(frozen=True, slots=True)
class Story:
    """One person of the cohort.

    Attributes:
        participation: id that all services share.
        host, mentor: where the person was trained and by whom; None before that.
    """

    participation: str
    account: str
    unit: str
    reviewer: str
    host: str | None
    mentor: str | None


class Stories:
    """Everybody, by participation and by account."""

    def __init__(self, told: Iterable[Story]) -> None:
        self.all = tuple(told)
        self._by = {key: story for story in self.all for key in (story.participation, story.account)}

    def of(self, key: str) -> Story:
        """Whose a participation or an account is."""
        return self._by[key]

    def trained(self) -> list[Story]:
        """Those who were placed and have a mentor, in the order of their accounts."""
        return sorted((story for story in self.all if story.host and story.mentor), key=lambda story: story.account)


def stories(home: Home, cohort: Cohort) -> Stories:
    """Accounts and units as the cohort was drawn; host and mentor as the placement's own row says."""
    places = {
        key: (host, mentor)
        for key, host, mentor in rows(home, "placement", "SELECT id::text, host, mentor FROM placement")
    }
    people = {who.account: who for who in cohort.applicants}
    return Stories(
        Story(key, account, people[account].unit.path, people[account].unit.reviewer, *places.get(key, (None, None)))
        for key, account in rows(home, "selection", "SELECT id::text, account FROM application")
    )
