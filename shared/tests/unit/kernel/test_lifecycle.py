"""Lifecycles: only drawn arrows, only the named roles, no assignment of a state."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, Forbidden
from shared.testing.actors import someone
from shared.testing.specimen import Parcel, S

APPLICANT = someone(Role.APPLICANT)
ONLY = frozenset({Role.APPLICANT})


def a_parcel() -> Parcel:
    return Parcel(id=UUID(int=1), label="A", account="anna")


def test_an_arrow_moves_the_state_and_gives_the_fact() -> None:
    """style.md: an aggregate asks, moves, and returns the fact."""
    parcel = a_parcel()

    fact = parcel.send(by=APPLICANT)

    assert (parcel.state, fact.parcel) == (S.SENT, parcel.id)
    assert parcel.allowed_actions(APPLICANT) == []


def test_an_arrow_that_is_not_drawn_is_refused_with_what_is_allowed() -> None:
    """A wrong state names the state and the actions that it knows."""
    parcel = a_parcel()
    parcel.send(by=APPLICANT)

    with pytest.raises(Conflict) as refusal:
        parcel.send(by=APPLICANT)

    assert (refusal.value.code, refusal.value.values["state"]) == ("wrong-state", "sent")


def test_an_arrow_is_for_its_roles() -> None:
    """The table's roles bind the domain even when a route forgot them."""
    with pytest.raises(Forbidden):
        a_parcel().send(by=someone(Role.MENTOR))


def test_a_state_cannot_be_assigned() -> None:
    """State changes go through the table, never an assignment."""
    parcel = a_parcel()

    with pytest.raises(AttributeError, match="lifecycle"):
        parcel.state = S.SENT


def test_a_table_with_a_fork_or_an_island_is_refused() -> None:
    """Two targets for one action and state, or a state nothing leads to, are mistakes of the table."""
    fork = [Transition("send", S.PACKED, S.SENT, ONLY), Transition("send", S.PACKED, S.PACKED, ONLY)]

    with pytest.raises(ValueError, match="twice"):
        Lifecycle("parcel", initial=S.PACKED, transitions=fork)
    with pytest.raises(ValueError, match="nothing leads"):
        Lifecycle("parcel", initial=S.PACKED, transitions=[])


def test_the_diagram_shows_every_arrow() -> None:
    """The README's diagram comes from the same table."""
    table = Lifecycle("parcel", initial=S.PACKED, transitions=arrows("send", [S.PACKED], S.SENT, ONLY))

    assert table.diagram().splitlines() == ["stateDiagram-v2", "    [*] --> packed", "    packed --> sent: send"]
    assert table.is_final(S.SENT)
