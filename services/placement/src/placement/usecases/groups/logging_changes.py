"""Every change of members and leaders leaves a line in the group's log and a fact (D-01)."""

from __future__ import annotations

from collections.abc import Sequence

from placement.domain.facts import GroupChanged
from placement.domain.groups.group import GroupLogEntry
from placement.domain.policies import Rules
from placement.usecases.year_ports import GroupWork
from shared.kernel.refusals import Malformed


def keep(work: GroupWork, facts: Sequence[GroupChanged]) -> None:
    """Log the changes and announce them."""
    for fact in facts:
        work.group_log.add(
            GroupLogEntry(
                id=work.new_id(), group=fact.group, participation=fact.participation, change=fact.change,
                reason=fact.reason, at=work.now, by=work.actor.subject,
            )
        )  # fmt: skip
        work.announce(fact)


def must_be_a_reason(rules: Rules, reason: str) -> None:
    """A coded reason of the policy. Raises ``Malformed`` ``unknown-reason``."""
    if reason not in rules.change_reasons:
        raise Malformed("unknown-reason", f"Use one of: {', '.join(rules.change_reasons)}.", rule="D-01")
