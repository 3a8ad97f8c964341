"""Position: how the money of a participation should stand, compared with how it stands.

The target follows from the story, the policy and the payments already made; so the same facts give the same books in
whatever order, and however often, they arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from funding.domain.participation import Participation
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.domain.payments.proration import WHOLE, half_up
from funding.domain.policy import FundingPolicy
from funding.domain.standing.entitlement import Owed, payment_plan, reservation

Parts = dict[str, int]


@dataclass(slots=True)
class Position:
    """How it should stand. Amounts in fen by category.

    Attributes:
        reserved: to be held for the person.
        revised: open instalments and what they should be worth; nothing means void.
        added: steps of the plan that need a new instalment: (step, sequence, revision, worth).
        clawback: what must come back of each paid instalment, by its id.
        steps: the payment plan.
        grace_days: how many days there are to give it back.
        need: what has to be taken from (or, negative, given back to) the session.
    """

    reserved: Parts
    steps: list[Owed]
    revised: list[tuple[Instalment, Owed, Parts]] = field(default_factory=list)
    added: list[tuple[Owed, int, int, Parts]] = field(default_factory=list)
    clawback: dict[UUID, Parts] = field(default_factory=dict)
    grace_days: int = 0
    need: Parts = field(default_factory=dict)

    @property
    def entitled(self) -> int:
        """Fen owed in all."""
        return sum(self.steps[-1].upto.values())


def position(
    participation: Participation, instalments: Sequence[Instalment], policy: FundingPolicy, today: date
) -> Position:
    """The position that follows from all that is known; ``instalments`` are all there are, void ones too."""
    story = participation.story
    begun = story.selection is not None and story.placing is not None and story.never_began is None
    waits = story.selection is not None and story.placing is None and story.never_began is None
    found = Position(reserved=reservation(story, policy) if waits else {}, steps=payment_plan(story, policy, today))
    assigned = dict.fromkeys(policy.purposes, 0)
    for sequence, step in enumerate(found.steps, start=1):
        here = [each for each in instalments if each.sequence == sequence]
        live = [each for each in here if each.state is not InstalmentState.VOID]
        for fixed in (each for each in live if not each.is_open):
            _add(assigned, fixed.parts)
            _add(assigned, fixed.recovered, -1)
        worth = {c: owed - assigned[c] for c, owed in step.upto.items() if owed > assigned[c]}
        standing = [each for each in live if each.is_open]
        if standing:
            found.revised.append((standing[0], step, worth))
            _add(assigned, worth)
        elif worth and begun and (not live or step is found.steps[-1]):
            found.added.append((step, sequence, len(here) + 1, worth))
            _add(assigned, worth)
    found.clawback = _clawback(instalments, found.steps[-1].upto, policy.clawback.share(*story.way_out))
    found.grace_days = policy.clawback.grace_days
    found.need = _need(participation, found)
    return found


def _clawback(instalments: Iterable[Instalment], owed: Parts, share: int) -> dict[UUID, Parts]:
    """What must come back: of what was paid above what is owed this share (basis points), from the last payment backwards.

    The share is taken of all that was ever overpaid; what came back of it before is counted.
    """
    paid = sorted((each for each in instalments if each.was_paid), key=lambda each: (each.sequence, each.revision))
    rest: Parts = {category: -amount for category, amount in owed.items()}
    for each in paid:
        _add(rest, each.parts)
    rest = {category: half_up(max(0, amount), share, WHOLE) for category, amount in rest.items()}
    for each in paid:
        _add(rest, each.recovered, -1)
    found: dict[UUID, Parts] = {}
    for each in reversed(paid):
        taken = {c: min(amount, rest[c]) for c, amount in each.kept.items() if min(amount, rest[c]) > 0}
        _add(rest, taken, -1)
        found[each.id] = dict(each.recovered)
        _add(found[each.id], taken)
    return found


def _need(participation: Participation, found: Position) -> Parts:
    need: Parts = {}
    _add(need, found.reserved)
    _add(need, participation.reserved, -1)
    for standing, _, worth in found.revised:
        _add(need, worth)
        _add(need, standing.parts, -1)
    for _, _, _, worth in found.added:
        _add(need, worth)
    return {category: amount for category, amount in need.items() if amount}


def _add(total: Parts, parts: Parts, sign: int = 1) -> None:
    for category, amount in parts.items():
        total[category] = total.get(category, 0) + sign * amount
