"""How webhooks and their deliveries look from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.domain.webhooks.webhook import Webhook
from gateway.usecases.webhooks import Wish
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class WebhookWish(Body):
    """What the owner of a webhook chooses."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(
        description="https, public host, printable ASCII", examples=["https://events.agency.gov.cn/talent"]
    )
    types: list[CodeText] = Field(default=[], max_length=100, description="full types of events; empty for all")
    programme: CodeText | None = None
    session: CodeText | None = None
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""

    def wish(self) -> Wish:
        """For the use case."""
        return Wish(self.url, list(self.types), self.programme, self.session, self.description)


class WebhookCreation(WebhookWish):
    """A new webhook."""

    start: Literal["now", "beginning"] = Field(default="now", description="from which event on")


class WebhookNothing(Body):
    """An empty object: the address says everything."""


class WebhookReplay(Body):
    """What is to be delivered again."""

    event: UUID = Field(description="an event that the log of this webhook knows")
    onwards: bool = Field(default=False, description="everything after it too, in order")


class WebhookOut(Resource):
    """A subscription. The secret is shown once, in the answer that made it."""

    id: UUID
    version: int
    state: Literal["active", "paused", "disabled", "deleted"]
    allowed_actions: list[str]
    organisation: str = Field(description="events of what lies at or below it are delivered")
    url: str
    types: list[str]
    programme: str | None
    session: str | None
    description: str
    reason: str | None = Field(description="why it is disabled: `gone` (the receiver said 410) or `failing`")
    disabled_at: datetime | None
    former_secret_until: datetime | None = Field(description="until when the former secret signs too")
    public_key: str = Field(description="`whpk_…`: verifies the `v1a` signature")


class WebhookStanding(WebhookOut):
    """A subscription and how far it has come."""

    failures: int = Field(description="attempts in a row that failed")
    failing_since: datetime | None
    next_attempt_at: datetime | None = Field(description="when it fails")
    delivered_at: datetime | None = Field(description="of the last success")
    behind: int = Field(description="positions of the feed that were not looked at yet, at most")


class WebhookSecret(WebhookOut):
    """A subscription with its new secret."""

    secret: str | None = Field(description="`whsec_…`; null when the request is a repetition: it is shown once")


class WebhookCount(Resource):
    """How much was asked for."""

    count: int


class WebhookTest(Resource):
    """A test message is on its way."""

    delivery: UUID


class WebhookAttempt(Resource):
    """One attempt, in real time."""

    at: datetime
    code: str = Field(
        description="ok, status, gone, redirect, timeout, refused-address, tls or connection", examples=["ok"]
    )
    status: int | None
    ms: int
    excerpt: str | None = Field(default=None, description="of the answer; digits and anything but ASCII become #")


class WebhookDelivery(Resource):
    """What became of an event at a webhook."""

    id: UUID
    kind: Literal["live", "replay", "test"]
    event: UUID = Field(description="the id of the event and of the message")
    type: str
    subject: str
    state: Literal["pending", "delivered", "failing", "skipped", "failed"]
    attempts: int
    tries: list[WebhookAttempt]
    updated_at: datetime


def members(webhook: Any, public_key: str) -> dict[str, Any]:
    """The members that an aggregate and a row have in common."""
    names = ("id", "version", "state", "organisation", "url", "types", "programme", "session", "description", "reason",
             "disabled_at")  # fmt: skip
    return {name: getattr(webhook, name) for name in names} | {
        "former_secret_until": webhook.former_until, "public_key": public_key,
    }  # fmt: skip


def shown_webhook(webhook: Webhook, actor: Actor, public_key: str) -> WebhookOut:
    """The aggregate as its owner sees it."""
    return WebhookOut(**members(webhook, public_key), allowed_actions=webhook.allowed_actions(actor))
