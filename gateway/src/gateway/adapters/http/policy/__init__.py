"""Who may do what at the door: the declarative table of the gateway's own routes, by noun."""

from __future__ import annotations

from gateway.adapters.http.policy import feed, inbox, journeys, purposes, sharing, statistics, webhooks
from shared.work.policy import PolicyTable

POLICY = PolicyTable(
    "gateway",
    [
        *journeys.RULES,
        *feed.RULES,
        *inbox.RULES,
        *statistics.RULES,
        *sharing.RULES,
        *purposes.RULES,
        *webhooks.RULES,
    ],
)
