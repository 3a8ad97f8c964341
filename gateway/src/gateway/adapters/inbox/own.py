"""What waits at the gateway itself: webhooks that were disabled wait for who keeps them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from gateway.adapters.db.tables import webhook
from gateway.adapters.inbox.entry import Entry, entry_of
from shared.http.running import Running
from shared.kernel.actor import Actor


async def own_entries(running: Running[Any], actor: Actor) -> list[Entry]:
    """The disabled webhooks of the caller's organisation, if the caller may take them up again."""
    if not actor.organisation or not running.service.policy.relations("webhook.operate", actor):
        return []
    statement = (
        select(webhook.c.id, webhook.c.reason)
        .where(webhook.c.state == "disabled", webhook.c.organisation == actor.organisation)
        .order_by(webhook.c.disabled_at, webhook.c.id)
        .limit(100)
    )
    async with running.engine.connect() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        entry_of("gateway", {
            "kind": "repair-webhook", "subject": row.id, "owed_by": "owner", "subject_kind": "webhook",
            "state": "disabled", "detail": row.reason, "link": f"/v1/webhooks/{row.id}",
        })
        for row in rows
    ]  # fmt: skip
