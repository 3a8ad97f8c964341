"""The lifecycle of a placement, from the awaited match to the return to post (domain.md 1.4)."""

from __future__ import annotations

from enum import StrEnum

from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows


class PlacementState(StrEnum):
    """Where a person stands between selection and return."""

    AWAITING_MATCH = "awaiting_match"
    PROPOSED = "proposed"
    HOST_DECLINED = "host_declined"
    HOST_ACCEPTED = "host_accepted"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    RETURNED_TO_POST = "returned_to_post"
    CLOSED = "closed"


S = PlacementState

MATCHABLE = (S.AWAITING_MATCH, S.HOST_DECLINED)
HOLDING_A_PLACE = (S.HOST_ACCEPTED, S.CONFIRMED)
SERVING = (S.ARRIVED, S.ACTIVE, S.SUSPENDED)

_MINISTRY = frozenset({Role.MINISTRY_OFFICER})
_HOST = frozenset({Role.HOST_OFFICER})
_HOST_OR_REGION = frozenset({Role.HOST_OFFICER, Role.REGIONAL_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})

PLACEMENT = Lifecycle(
    "placement",
    initial=S.AWAITING_MATCH,
    transitions=[
        *arrows("propose", MATCHABLE, S.PROPOSED, _MINISTRY),
        Transition("accept", S.PROPOSED, S.HOST_ACCEPTED, _HOST),
        Transition("decline", S.PROPOSED, S.HOST_DECLINED, _HOST),
        Transition("confirm", S.HOST_ACCEPTED, S.CONFIRMED, _MINISTRY),
        Transition("enrol", S.AWAITING_MATCH, S.CONFIRMED, _ITSELF),
        Transition("arrive", S.CONFIRMED, S.ARRIVED, _HOST_OR_REGION),
        Transition("no-show", S.CONFIRMED, S.ENDED, _HOST_OR_REGION),
        Transition(
            "cancel", S.CONFIRMED, S.ENDED, frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.SYSTEM})
        ),
        Transition("begin", S.ARRIVED, S.ACTIVE, _ITSELF),
        Transition("suspend", S.ACTIVE, S.SUSPENDED, _HOST_OR_REGION),
        Transition("resume", S.SUSPENDED, S.ACTIVE, _HOST_OR_REGION),
        *(Transition("transfer", state, state, _MINISTRY) for state in (S.ARRIVED, S.ACTIVE)),
        *(
            Transition("extend", state, state, frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}))
            for state in (S.ARRIVED, S.ACTIVE)
        ),
        *arrows("end", SERVING, S.ENDED, _HOST_OR_REGION | _ITSELF),
        *(
            Transition("correct", state, state, frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}))
            for state in (*SERVING, S.ENDED, S.RETURNED_TO_POST)
        ),
        Transition("return", S.ENDED, S.RETURNED_TO_POST, frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})),
        *arrows("close", (*MATCHABLE, S.PROPOSED, S.HOST_ACCEPTED), S.CLOSED, _ITSELF),
        Transition("reopen", S.CLOSED, S.AWAITING_MATCH, _ITSELF),
    ],
)
