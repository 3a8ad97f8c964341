"""How long a receiver waits, and the settings that would lose events."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from gateway.adapters.webhooks.watching import Watch
from gateway.settings import GatewaySettings

ONE, TWO = UUID(int=1), UUID(int=2)
NEEDED: dict[str, Any] = {
    "database_url": "postgresql://x/y", "event_log_url": "embedded+postgresql://x/y", "internal_keys": "/k", "signing_key": "/s",
    "cursor_secret": "a secret of the tests", "oidc_issuer": "http://i", "oidc_audience": "a",
    **{f"{name}_url": "http://s" for name in ("selection", "placement", "assessment", "funding")},
}  # fmt: skip


def behind(webhook: UUID, place: int, failing: float | None = None) -> SimpleNamespace:
    return SimpleNamespace(webhook=webhook, reach=place, position=place, failing=failing)


def test_the_age_is_that_of_the_one_that_stood_still_longest() -> None:
    """Moving on makes young again, whoever has everything is forgotten, and failures are known from before."""
    now = [100.0]
    watch = Watch(lambda: now[0])

    assert watch.oldest([behind(ONE, 1), behind(TWO, 1)]) == 0.0
    now[0] = 105.0
    assert watch.oldest([behind(ONE, 1), behind(TWO, 4)]) == 5.0
    now[0] = 107.0
    assert watch.oldest([behind(TWO, 4)]) == 2.0
    assert watch.oldest([]) == 0.0
    now[0] = 109.0
    assert watch.oldest([behind(ONE, 1), behind(TWO, 4, failing=3600.0)]) == 3600.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook_lease_seconds": 59.0},
        {"webhook_attempt_seconds": 21.0},
        {"webhook_retries": ()},
        {"webhook_retries": (5.0, 0.0)},
        {"webhook_loopback": True, "public_url": "https://talent.example.org"},
    ],
)
def test_settings_that_lose_events_or_open_the_machine_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GatewaySettings(**NEEDED, **wrong)


def test_a_developer_receives_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_WEBHOOK_RETRIES", "[0.5, 60]")
    found = GatewaySettings(**NEEDED, webhook_loopback=True, public_url="http://127.0.0.1:8080")

    assert found.webhook_retries == (0.5, 60.0)
    assert not GatewaySettings(**NEEDED).webhook_loopback
