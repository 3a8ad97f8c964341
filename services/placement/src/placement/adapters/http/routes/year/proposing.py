"""The proposal of groups: people in sight without one, divided by the domain."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import exists, select

from placement.adapters.db import tables
from placement.adapters.http.schemas.year.groups import GroupProposal, GroupProposed
from placement.adapters.http.scoping import person_columns, placement
from placement.domain.groups.forming import Seeker, propose_groups
from placement.domain.placements.states import PlacementState
from placement.domain.policies import Rules
from placement.domain.year_rules import GroupRules
from shared.http.queries import Query

_PLACED = (PlacementState.CONFIRMED, PlacementState.ARRIVED, PlacementState.ACTIVE, PlacementState.SUSPENDED)


async def propose(query: Query, session: str) -> GroupProposal:
    """Divide the placed people of one session, programme by programme."""
    member, policy = tables.group_membership, tables.policy
    grouped = exists().where(member.c.participation == placement.c.id, member.c.left_on.is_(None))
    rows = await query.all(
        select(
            placement.c.programme, placement.c.policy_version, placement.c.host_province, placement.c.host,
            placement.c.id, policy.c.effective,
        )
        .join(
            policy,
            (policy.c.programme == placement.c.programme) & (policy.c.policy_version == placement.c.policy_version),
        )
        .where(
            query.scope.where(person_columns()), placement.c.session == session, placement.c.state.in_(_PLACED), ~grouped
        )
        .order_by(placement.c.programme, placement.c.policy_version)
    )  # fmt: skip
    wanted, proposed = GroupRules(), []
    for _, people in groupby(rows, key=lambda row: (row.programme, row.policy_version)):
        those = list(people)
        wanted = Rules.of(those[0].effective).year.groups
        seekers = [Seeker(row.host_province or "", row.host, row.id) for row in those]
        proposed += [(group, wanted) for group in propose_groups(seekers, wanted)]
    groups = [
        GroupProposed(
            provinces=sorted({each.province for each in group}), hosts=sorted({each.host for each in group}),
            participations=[each.participation for each in group], size=len(group),
            fits=rules.smallest <= len(group) <= rules.largest,
        )
        for group, rules in proposed
    ]  # fmt: skip
    return GroupProposal(session=session, smallest=wanted.smallest, largest=wanted.largest, groups=groups)
