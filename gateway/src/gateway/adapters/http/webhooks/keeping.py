"""Subscribing and keeping webhooks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.adapters.http.events import view_of
from gateway.adapters.http.webhooks.shapes import (
    WebhookCount,
    WebhookCreation,
    WebhookNothing,
    WebhookOut,
    WebhookReplay,
    WebhookSecret,
    WebhookTest,
    WebhookWish,
    shown_webhook,
)
from gateway.adapters.webhooks.signing import SECRET_BYTES, Secrets, Signer, shown_secret
from gateway.domain.webhooks.webhook import Webhook
from gateway.usecases import webhooks as usecases
from shared.http.commands import Command
from shared.http.guards import command
from shared.http.problems import PROBLEMS
from shared.http.running import Running, running_of
from shared.kernel.actor import Actor

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
"""Commands on webhooks."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What keeping webhooks needs of the running gateway."""

    rules: usecases.Rules
    secrets: Secrets
    signer: Signer

    def present(self, webhook: Webhook, actor: Actor) -> WebhookOut:
        """A webhook as its owner sees it."""
        return shown_webhook(webhook, actor, self.signer.public)


def desk(request: Request) -> Desk:
    """The desk of the running gateway."""
    running: Running[Any] = running_of(request)
    found: Desk = running.extras["webhook_desk"]
    return found


At = Annotated[Desk, Depends(desk)]
Operate = Annotated[Command[GatewayWork], Depends(command("webhook.operate"))]


def _with_secret(answer: Response, secret: bytes, made: list[bool]) -> Response:
    """The answer with the secret in it when this request made it; what is stored for repetitions never holds it."""
    shown = WebhookSecret.model_validate_json(
        bytes(answer.body)[:-1] + b',"secret":' + (f'"{shown_secret(secret)}"'.encode() if made else b"null") + b"}"
    )
    kept = {name: value for name, value in answer.headers.items() if name not in {"content-length", "content-type"}}
    return Response(shown.model_dump_json(), answer.status_code, kept, "application/json")


@router.post("", status_code=201, response_model=WebhookSecret, responses=PROBLEMS)
async def create_webhook(
    body: WebhookCreation, todo: Annotated[Command[GatewayWork], Depends(command("webhook.create"))], at: At
) -> Response:
    """Subscribe. The answer holds the secret, once."""
    view = view_of(todo.actor, todo.running.service.policy.admit("event.read", todo.actor))
    owner = usecases.Owner(todo.actor.organisation, view.organisation is None, view.money)
    secret, made = secrets.token_bytes(SECRET_BYTES), list[bool]()

    async def act(work: GatewayWork) -> Webhook:
        id = work.new_id()
        wrapped = at.secrets.new_key(str(id))
        sealing = usecases.Sealing(id, wrapped, at.secrets.seal(wrapped, str(id), secret))
        made.append(True)
        return await usecases.subscribe(work, body.wish(), owner, sealing, at.rules, at_the_end=body.start == "now")

    answer = await todo.run(act, present=at.present, status=201, location=lambda one: f"/v1/webhooks/{one.id}")
    return _with_secret(answer, secret, made)


@router.put("/{id}", response_model=WebhookOut, responses=PROBLEMS)
async def change_webhook(
    id: UUID,
    body: WebhookWish,
    todo: Annotated[Command[GatewayWork], Depends(command("webhook.change"))],
    at: At,
) -> Response:
    """Replace address and filters; secret and position stay."""

    async def act(work: GatewayWork) -> Webhook:
        return await usecases.change_webhook(work, id, body.wish(), at.rules)

    return await todo.run(act, present=at.present)


@router.delete("/{id}", status_code=204, responses=PROBLEMS)
async def delete_webhook(
    id: UUID, todo: Annotated[Command[GatewayWork], Depends(command("webhook.delete"))]
) -> Response:
    """End a webhook."""
    return await todo.run(lambda work: usecases.delete_webhook(work, id), present=lambda _one, _by: None, status=204)


@router.post("/{id}/rotate", response_model=WebhookSecret, responses=PROBLEMS)
async def rotate_secret(
    id: UUID, _: WebhookNothing, todo: Annotated[Command[GatewayWork], Depends(command("webhook.change"))], at: At
) -> Response:
    """A new secret, shown once; for 24 hours the former one signs beside it."""
    secret, made = secrets.token_bytes(SECRET_BYTES), list[bool]()

    def seal(webhook: Webhook) -> bytes:
        made.append(True)
        return at.secrets.seal(webhook.wrapped_key, str(webhook.id), secret)

    answer = await todo.run(lambda work: usecases.rotate_secret(work, id, seal, datetime.now(UTC)), present=at.present)
    return _with_secret(answer, secret, made)


@router.post("/{id}/pause", response_model=WebhookOut, responses=PROBLEMS)
async def pause_webhook(id: UUID, _: WebhookNothing, todo: Operate, at: At) -> Response:
    """Deliver nothing until it is resumed; nothing is lost."""
    return await todo.run(lambda work: usecases.pause_webhook(work, id), present=at.present)


@router.post("/{id}/resume", response_model=WebhookOut, responses=PROBLEMS)
async def resume_webhook(id: UUID, _: WebhookNothing, todo: Operate, at: At) -> Response:
    """Go on where it stopped."""
    return await todo.run(lambda work: usecases.resume_webhook(work, id), present=at.present)


@router.post("/{id}/skip", response_model=WebhookOut, responses=PROBLEMS)
async def skip_failing(id: UUID, _: WebhookNothing, todo: Operate, at: At) -> Response:
    """Go past the event that the receiver cannot take; it can be replayed later."""
    return await todo.run(lambda work: usecases.skip_failing(work, id), present=at.present)


@router.post("/{id}/ping", status_code=202, response_model=WebhookTest, responses=PROBLEMS)
async def ping_webhook(id: UUID, _: WebhookNothing, todo: Operate) -> Response:
    """Send a test message; what became of it is in the log."""
    return await todo.run(
        lambda work: usecases.ping_webhook(work, id),
        present=lambda delivery, _by: WebhookTest(delivery=delivery),
        status=202,
        location=lambda delivery: f"/v1/webhooks/{id}/deliveries/{delivery}",
    )


@router.post("/{id}/replay", status_code=202, response_model=WebhookCount, responses=PROBLEMS)
async def replay_event(id: UUID, body: WebhookReplay, todo: Operate) -> Response:
    """Deliver an event again, or it and everything after it."""
    return await todo.run(
        lambda work: usecases.replay(work, id, body.event, onwards=body.onwards), present=_count, status=202
    )


@router.post("/{id}/replay-skipped", status_code=202, response_model=WebhookCount, responses=PROBLEMS)
async def replay_skipped(id: UUID, _: WebhookNothing, todo: Operate) -> Response:
    """Deliver everything again that was skipped."""
    return await todo.run(lambda work: usecases.replay_skipped(work, id), present=_count, status=202)


def _count(count: int, by: Actor) -> WebhookCount:
    del by
    return WebhookCount(count=count)
