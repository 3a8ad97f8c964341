"""Who asks: every role from the organisation of one person of the cohort, its siblings, its parents and foreign ones."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final

from shared.kernel.actor import Actor, Relation, Role
from talent_local.cohort.road import persons
from talent_local.cohort.road.persons import Person
from talent_local.matrix.stories import Story

STRANGER: Final = "acc-matrix-stranger"
_ABOUT_PERSONS: Final = frozenset({Relation.SELF, Relation.ASSIGNED})


@dataclass(frozen=True, slots=True)
class Caller:
    """One who asks.

    Attributes:
        stands: how, in words.
    """

    stands: str
    account: str
    organisation: str

    def person(self, role: Role) -> Person:
        """For a token."""
        return Person(self.account, str(role), self.organisation)

    def actor(self, role: Role) -> Actor:
        """As the policy table sees the caller."""
        return Actor(self.account, self.organisation, frozenset({role}))


def callers(focus: Story, other: Story) -> tuple[Caller, ...]:
    """Everybody who asks; ``focus`` was placed, ``other`` belongs to another unit and another host."""
    parent, _, own = focus.unit.rpartition("/")
    grandparent, _, area = parent.rpartition("/")
    sibling = f"{parent}/{own[:-1]}{(int(own[-1]) + 1) % 10}"
    host = str(focus.host)
    organisations = {
        "own unit": focus.unit, "sibling unit": sibling, "unit whose name begins alike": focus.unit[:-1],
        "below the unit": f"{focus.unit}/D1", "parent": parent,
        "sibling of the parent": f"{grandparent}/{int(area) % 5400 % 7 + 5401}", "grandparent": grandparent, "top": "cn",
        "foreign region": "cn/11", "host": host, "foreign host": str(other.host), "host whose name begins alike": host[:-1],
        "nowhere": "",
    }  # fmt: skip
    strangers = [  # one account each: the door counts what an account asks
        Caller(stands, f"{STRANGER}-{n}", organisation)
        for n, (stands, organisation) in enumerate(organisations.items())
    ]
    return (
        *strangers,
        Caller("person concerned", focus.account, ""),
        Caller("other person of the same unit", other.account, focus.unit),
        Caller("mentor", str(focus.mentor), host),
        Caller("mentor of another host", str(other.mentor), str(other.host)),
        Caller("expert of the panel", persons.EXPERTS[0].account, persons.EXPERTS[0].organisation),
    )


def telling(everybody: tuple[Caller, ...], relations: Set[Relation]) -> Iterator[Caller]:
    """Those whose answers can differ for a role with these relations."""
    for caller in everybody:
        if relations == {Relation.ANY}:
            wanted = caller.stands in {"foreign region", "nowhere"}
        elif relations <= _ABOUT_PERSONS | {Relation.ANY}:
            wanted = caller.account != STRANGER or caller.stands in {"own unit", "host", "top", "nowhere"}
        else:
            wanted = True
        if wanted:
            yield caller
