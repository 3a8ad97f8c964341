"""Reading webhooks and their log, and the key that verifies them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import Select, select

from gateway.adapters.db.tables import feed_head, webhook, webhook_delivery, webhook_progress
from gateway.adapters.http.webhooks.shapes import WebhookDelivery, WebhookStanding, members
from gateway.adapters.webhooks.signing import Signer
from gateway.domain.webhooks.webhook import WEBHOOK, WebhookState
from shared.http.guards import public, query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf, Resource
from shared.http.running import Running
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], responses=READ_PROBLEMS)
keys = APIRouter(include_in_schema=False)
COLUMNS = {Relation.OWN_UNIT: webhook.c.organisation}


class WebhookKey(Resource):
    """The ed25519 key as JWK; ``whpk`` is the same in the form of Standard Webhooks."""

    kty: str
    crv: str
    alg: str
    use: str
    kid: str
    x: str
    whpk: str


class WebhookKeys(Resource):
    """A JWKS."""

    keys: list[WebhookKey]


@keys.get("/.well-known/webhooks/jwks.json", response_model=WebhookKeys)
async def read_webhook_keys(
    running: Annotated[Running[Any], Depends(public("whoever receives a webhook needs the key that verifies it"))],
) -> Response:
    """The public key of the ``v1a`` signatures."""
    signer: Signer = running.extras["webhook_signer"]
    body = WebhookKeys(keys=[WebhookKey(**signer.jwk())]).model_dump_json()
    return Response(body, 200, {"cache-control": "public, max-age=300"}, "application/jwk-set+json")


def _visible(read: Query) -> Select[Any]:
    progress = webhook_progress
    behind = select(feed_head.c.position).scalar_subquery() - progress.c.reach
    return (
        select(
            webhook, progress.c.failures, progress.c.failing_since, progress.c.delivered_at, progress.c.due_at,
            behind.label("behind"),
        )
        .join(progress, progress.c.webhook == webhook.c.id)
        .where(read.scope.where(COLUMNS), webhook.c.state != "deleted")
    )  # fmt: skip


def _standing(read: Query, row: Any) -> WebhookStanding:
    signer: Signer = read.running.extras["webhook_signer"]
    return WebhookStanding(
        **members(row, signer.public), allowed_actions=WEBHOOK.allowed(WebhookState(row.state), read.actor),
        failures=row.failures, failing_since=row.failing_since, delivered_at=row.delivered_at,
        next_attempt_at=row.due_at if row.failures else None, behind=row.behind,
    )  # fmt: skip


@router.get("", response_model=PageOf[WebhookStanding])
async def list_webhooks(
    read: Annotated[Query, Depends(query("webhook.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: Annotated[WebhookState | None, QueryParameter()] = None,
) -> Response:
    """The webhooks of the caller's organisation."""
    statement = _visible(read)
    if state is not None:
        statement = statement.where(webhook.c.state == state.value)
    return await read.page(statement, webhook, page, lambda row: _standing(read, row), filters={"state": state})


@router.get("/{id}", response_model=WebhookStanding)
async def read_webhook(id: UUID, read: Annotated[Query, Depends(query("webhook.read"))]) -> Response:
    """One webhook and how far it has come."""
    row = await read.one(_visible(read).where(webhook.c.id == id))
    headers = {"cache-control": "no-store", "etag": f'"v{row.version}"'}
    return Response(_standing(read, row).model_dump_json(), 200, headers, "application/json")


def _deliveries(read: Query, id: UUID) -> Select[Any]:
    return (
        select(webhook_delivery)
        .join(webhook, webhook.c.id == webhook_delivery.c.webhook)
        .where(read.scope.where(COLUMNS), webhook.c.id == id, webhook.c.state != "deleted")
    )


def _delivery(row: Any) -> WebhookDelivery:
    return WebhookDelivery(
        id=row.id, kind=row.kind, event=row.event_id, type=row.type, subject=row.subject, state=row.state,
        attempts=row.attempts, tries=row.tries, updated_at=row.updated_at,
    )  # fmt: skip


@router.get("/{id}/deliveries", response_model=PageOf[WebhookDelivery])
async def list_deliveries(
    id: UUID,
    read: Annotated[Query, Depends(query("webhook.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: Annotated[str | None, QueryParameter(pattern="^(pending|delivered|failing|skipped|failed)$")] = None,
    event: Annotated[UUID | None, QueryParameter()] = None,
) -> Response:
    """What was delivered and what fails, oldest first."""
    await read.one(
        select(webhook.c.id).where(read.scope.where(COLUMNS), webhook.c.id == id, webhook.c.state != "deleted")
    )
    statement = _deliveries(read, id)
    if state is not None:
        statement = statement.where(webhook_delivery.c.state == state)
    if event is not None:
        statement = statement.where(webhook_delivery.c.event_id == event)
    named = {"webhook": str(id), "state": state, "event": str(event) if event else None}
    return await read.page(statement, webhook_delivery, page, _delivery, filters=named)


@router.get("/{id}/deliveries/{delivery}", response_model=WebhookDelivery)
async def read_delivery(id: UUID, delivery: UUID, read: Annotated[Query, Depends(query("webhook.read"))]) -> Response:
    """One delivery with its attempts."""
    row = await read.one(_deliveries(read, id).where(webhook_delivery.c.id == delivery))
    return read.answer(_delivery(row))
