"""A study group, its members, and the log of who joined, left and led it (D-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import GroupChanged
from placement.domain.year_rules import GroupRules
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, RuleViolated


class GroupState(StrEnum):
    """Formed, led, at work, over."""

    FORMED = "formed"
    LEADER_APPOINTED = "leader_appointed"
    ACTIVE = "active"
    DISSOLVED = "dissolved"


S = GroupState
LIVING = (S.FORMED, S.LEADER_APPOINTED, S.ACTIVE)
_REGION = frozenset({Role.REGIONAL_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})

GROUP = Lifecycle(
    "study group",
    initial=S.FORMED,
    transitions=[
        Transition("appoint-leader", S.FORMED, S.LEADER_APPOINTED, _REGION),
        *(Transition("appoint-leader", state, state, _REGION) for state in (S.LEADER_APPOINTED, S.ACTIVE)),
        Transition("activate", S.LEADER_APPOINTED, S.ACTIVE, _REGION),
        *(Transition("change-members", state, state, _REGION) for state in LIVING),
        *arrows("lose-leader", (S.LEADER_APPOINTED, S.ACTIVE), S.FORMED, _REGION | _ITSELF),
        *arrows("dissolve", LIVING, S.DISSOLVED, _REGION | _ITSELF),
    ],
)


@dataclass(kw_only=True)
class StudyGroup(Aggregate):
    """10 to 15 people of one region and session, one of them the leader.

    ``size`` counts the members of now; ``size_reason`` explains a size that the policy does not want.
    """

    lifecycle: ClassVar[Lifecycle[GroupState]] = GROUP

    region: str
    programme: str
    policy_version: str
    session: str
    name: str
    size: int
    smallest: int
    largest: int
    size_reason: str | None = None
    formed_on: date
    leader: UUID | None = None
    leader_account: str | None = None
    activated_on: date | None = None
    dissolved_on: date | None = None
    state: GroupState = GroupState.FORMED

    @property
    def facets(self) -> Facets:
        """The region answers for the group, the leader is assigned to it."""
        return Facets(unit=self.region, assigned=frozenset({self.leader_account} if self.leader_account else ()))

    def must_fit(self, rules: GroupRules) -> None:
        """A size that the policy does not want needs a reason: a SHOULD, no gate (domain.md 1.2).

        Raises:
            RuleViolated: ``group-size``.
        """
        self.smallest, self.largest = rules.smallest, rules.largest
        if not rules.smallest <= self.size <= rules.largest and self.size_reason is None:
            raise RuleViolated(
                "group-size",
                f"A group has {rules.smallest} to {rules.largest} people; give a reason for {self.size}.",
                rule="D-01", smallest=rules.smallest, largest=rules.largest, size=self.size,
            )  # fmt: skip

    def appoint(self, member: Membership, reason: str, *, by: Actor) -> list[GroupChanged]:
        """A member leads from now on; a leader before is one member among others again.

        Raises:
            RuleViolated: ``leader-not-a-member``. Conflict: ``leads-already``.
        """
        self._advance("appoint-leader", by)
        if member.group != self.id or member.left_on is not None:
            raise RuleViolated("leader-not-a-member", "The leader is one of the group's members.", rule="D-01")
        if self.leader == member.participation:
            raise Conflict("leads-already", "This member leads the group already.", rule="D-01")
        facts = []
        if self.leader is not None:
            facts.append(GroupChanged(self.leader, self.id, "leader_replaced", reason))
        self.leader, self.leader_account = member.participation, member.account
        return [*facts, GroupChanged(member.participation, self.id, "leader_appointed", reason)]

    def activate(self, on: date, *, by: Actor) -> None:
        """The group begins its work."""
        self._advance("activate", by)
        self.activated_on = self.activated_on or on

    def join(self, member: Membership, reason: str, *, by: Actor) -> GroupChanged:
        """One more member."""
        self._advance("change-members", by)
        self.size += 1
        return GroupChanged(member.participation, self.id, "joined", reason)

    def leave(self, member: Membership, reason: str, on: date, *, by: Actor, itself: Actor) -> list[GroupChanged]:
        """One member less; without its leader the group waits for another, without anybody it is over."""
        if not by.has(Role.SYSTEM):
            self._advance("change-members", by)
        if member.group != self.id or member.left_on is not None:
            raise Conflict("not-a-member", "This person is not in the group.", rule="D-01")
        member.left_on = on
        self.size -= 1
        facts = [GroupChanged(member.participation, self.id, "left", reason)]
        if self.leader == member.participation:
            self._advance("lose-leader", itself)
            self.leader = self.leader_account = None
        if self.size == 0:
            self._dissolve(on, by=itself)
        return facts

    def dissolve(self, members: list[Membership], reason: str, on: date, *, by: Actor) -> list[GroupChanged]:
        """The group is over; everybody in it is free for another."""
        self._dissolve(on, by=by)
        for member in members:
            member.left_on = on
        self.size = 0
        self.leader = self.leader_account = None
        return [GroupChanged(member.participation, self.id, "left", reason) for member in members]

    def _dissolve(self, on: date, *, by: Actor) -> None:
        self._advance("dissolve", by)
        self.dissolved_on = on


@dataclass(kw_only=True)
class Membership:
    """A person in a group. A placement is in one group at a time; the database makes sure."""

    id: UUID
    version: int = 0
    group: UUID
    participation: UUID
    account: str
    sending_unit: str
    joined_on: date
    left_on: date | None = None


@dataclass(kw_only=True)
class GroupLogEntry:
    """A line of a group's log; the database lets nobody change or delete one."""

    id: UUID
    group: UUID
    participation: UUID
    change: str
    reason: str
    at: datetime
    by: str
