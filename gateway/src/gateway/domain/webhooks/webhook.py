"""A subscription: who gets which events where, and its lifecycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows

OWNERS = frozenset({Role.AGENCY, Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER, Role.OPERATOR})
"""Who keeps webhooks."""
OVERLAP = timedelta(hours=24)
"""How long the former secret still signs beside the new one."""


class WebhookState(StrEnum):
    """Where a subscription stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    DELETED = "deleted"


_S = WebhookState
_LIVING = (_S.ACTIVE, _S.PAUSED, _S.DISABLED)
_HERE = ("change", "rotate", "ping", "replay", "skip")

WEBHOOK: Lifecycle[WebhookState] = Lifecycle(
    "webhook",
    initial=_S.ACTIVE,
    transitions=[
        Transition("pause", _S.ACTIVE, _S.PAUSED, OWNERS),
        *arrows("resume", (_S.PAUSED, _S.DISABLED), _S.ACTIVE, OWNERS),
        Transition("disable", _S.ACTIVE, _S.DISABLED, frozenset({Role.SYSTEM})),
        *arrows("delete", _LIVING, _S.DELETED, OWNERS),
        *(Transition(action, state, state, OWNERS) for action in _HERE for state in _LIVING),
    ],
)


@dataclass(kw_only=True)
class Webhook(Aggregate):
    """A subscription to events.

    Attributes:
        organisation: owner; the events of what lies at or below it are delivered.
        account: who made it.
        everything: the owner sees the whole feed.
        money: False hides what funding says, as for the owner's roles.
        types: full types of events; empty for all.
        reason: ``gone`` (the receiver said 410) or ``failing`` (days without success) while disabled.
        wrapped_key, secret, former: the sealed signing secrets.
        former_until: until when the former secret signs too, in real time.
    """

    lifecycle: ClassVar[Lifecycle[WebhookState]] = WEBHOOK

    state: WebhookState = WebhookState.ACTIVE
    organisation: str
    account: str
    everything: bool
    money: bool
    url: str
    types: list[str]
    programme: str | None = None
    session: str | None = None
    description: str = ""
    reason: str | None = None
    disabled_at: datetime | None = None
    wrapped_key: bytes
    secret: bytes
    former: bytes | None = None
    former_until: datetime | None = None

    @property
    def facets(self) -> Facets:
        """For the policy table: the owner's organisation."""
        return Facets(unit=self.organisation)

    def change(
        self, *, url: str, types: list[str], programme: str | None, session: str | None, description: str, by: Actor
    ) -> None:
        """Replace what the owner may choose; position and secret stay."""
        self._advance("change", by)
        self.url, self.types, self.programme, self.session = url, types, programme, session
        self.description = description

    def pause(self, *, by: Actor) -> None:
        """Deliver nothing for now; the position stays, so nothing is lost."""
        self._advance("pause", by)

    def resume(self, *, by: Actor) -> None:
        """Go on from where it stopped."""
        self._advance("resume", by)
        self.reason = self.disabled_at = None

    def disable(self, reason: str, *, by: Actor, at: datetime) -> None:
        """Stop because the receiver does not want or cannot take anything; the position stays."""
        self._advance("disable", by)
        self.reason, self.disabled_at = reason, at

    def rotate(self, secret: bytes, *, by: Actor, at: datetime) -> None:
        """Sign with a new secret, and with the former one too for a day. ``at`` is real time."""
        self._advance("rotate", by)
        self.former, self.former_until = self.secret, at + OVERLAP
        self.secret = secret

    def operate(self, action: str, *, by: Actor) -> None:
        """Ask whether ``ping``, ``replay`` or ``skip`` is possible."""
        self._advance(action, by)

    def delete(self, *, by: Actor) -> None:
        """End it; its log stays for the audit."""
        self._advance("delete", by)
        self.reason = self.disabled_at = None
        self.former = self.former_until = None
