"""Breaker, throttle, claims, view links, amounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters.addresses import Addresses
from gateway.adapters.forwarding.breaker import Breaker
from gateway.adapters.http.presenting import present_sections, present_timeline, visible_sections
from gateway.adapters.identity.claims import ClaimsMapping
from gateway.adapters.pages.links import LIFETIME, ViewLinks
from gateway.adapters.pages.render import thousands
from gateway.adapters.pages.words import EVENTS, WORDS
from gateway.adapters.refusals import TooMany
from gateway.adapters.verification import Throttle, network
from gateway.domain.folding import WRITES
from gateway.domain.journey import MILESTONES, SECTIONS, STAGES
from gateway.testing.stories import folded, story, woven
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_breaker_opens_after_a_row_of_failures_and_lets_one_try() -> None:
    clock = Seconds()
    breaker = Breaker(threshold=3, rest=2.0, clock=clock)
    for _ in range(3):
        assert breaker.admits()
        breaker.failed()

    assert not breaker.admits()
    clock.now += 2.1
    assert breaker.admits()
    assert not breaker.admits()
    breaker.succeeded()
    assert breaker.admits()


def test_a_throttle_says_when_to_come_back() -> None:
    clock = Seconds()
    throttle = Throttle(6, clock)
    for _ in range(3):
        throttle.take("192.0.2.1")

    with pytest.raises(TooMany) as refusal:
        throttle.take("192.0.2.1")
    throttle.take("192.0.2.2")
    clock.now += refusal.value.values["retry_after"]

    throttle.take("192.0.2.1")


def test_one_ipv6_customer_is_one_client() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1")
    assert network("2001:db8::1") != network("2001:db8:0:1::1")
    assert network("::ffff:192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(
    ("claims", "roles", "organisation"),
    [
        (
            {"realm_access": {"roles": ["auditor", "offline_access"]}, "organisation": "cn-audit"},
            {Role.AUDITOR},
            "cn-audit",
        ),
        ({"realm_access": {"roles": ["system", "service", "agency"]}}, {Role.AGENCY}, ""),
        ({"realm_access": None}, set(), ""),
        ({"roles": ["auditor"]}, set(), ""),
    ],
)
def test_claims_become_an_actor(claims: dict[str, Any], roles: set[Role], organisation: str) -> None:
    """Keycloak's shape is the default; nobody from outside is a service or the system."""
    actor = ClaimsMapping().actor(claims | {"sub": "s"})

    assert (set(actor.roles), actor.organisation) == (roles, organisation)


@pytest.mark.parametrize(
    "claims", [{"realm_access": {"roles": "auditor"}}, {"organisation": ["cn"]}, {"organisation": "cn/../x"}]
)
def test_claims_of_another_shape_are_no_claims(claims: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no"):
        ClaimsMapping().actor(claims | {"sub": "s"})


def test_the_mapping_is_configuration() -> None:
    mapping = ClaimsMapping("groups", "org.path", {"tp-audit": "auditor"})

    actor = mapping.actor({"sub": "s", "groups": ["tp-audit"], "org": {"path": "cn"}})

    assert (actor.roles, actor.organisation) == (frozenset({Role.AUDITOR}), "cn")


def test_a_view_link_opens_one_page_for_eight_hours() -> None:
    now = datetime(2024, 5, 1, tzinfo=UTC)
    times = [now]
    links = ViewLinks("a secret of sixteen", lambda: times[0])
    actor = someone(Role.REGIONAL_OFFICER, organisation="cn/54")
    token, ends = links.make("/board/p/2024", actor)

    assert ends == now + LIFETIME
    assert links.read("/board/p/2024", token) == Actor(actor.subject, "cn/54", actor.roles)
    assert links.read("/board/p/2025", token) is None
    assert links.read("/board/p/2024", token[:-2] + "xx") is None
    assert ViewLinks("another secret here", lambda: now).read("/board/p/2024", token) is None
    times[0] = now + LIFETIME + timedelta(seconds=1)
    assert links.read("/board/p/2024", token) is None


def test_hosts_and_assessors_do_not_see_money() -> None:
    journey = folded(woven(story(1), []))

    host, auditor = visible_sections(someone(Role.HOST_OFFICER)), visible_sections(someone(Role.AUDITOR))

    assert "money" not in present_sections(journey, host, None)
    assert all(entry["service"] != "funding" for entry in present_timeline(journey, host))
    shown = present_sections(journey, auditor, None)
    assert list(shown) == [name for name in SECTIONS if name in shown]
    assert shown["money"]["paid"] == "20000.00"
    assert [item["amount"] for item in shown["money"]["instalments"]] == ["12000.00", "8000.00"]
    assert shown["money"]["settlement"]["entitled"] == "20000.00"


def test_every_word_of_the_pages_exists_in_both_languages() -> None:
    assert {*STAGES, *MILESTONES, *SECTIONS} <= WORDS.keys()
    assert {name for _, name in WRITES} <= EVENTS.keys()


def test_amounts_for_people() -> None:
    assert thousands("3600000.00") == "3,600,000.00"
    assert thousands("-1200.50") == "−1,200.50"


def test_a_forwarded_address_is_believed_from_a_proxy_in_a_trusted_network_only() -> None:
    """In a cluster proxies come and go within a network; whoever is outside it says what it likes, unheard."""
    addresses = Addresses(frozenset({"10.42.0.0/16", "192.0.2.7", "2001:db8::/32"}))

    def of(client: str, said: str) -> str:
        return addresses.of({"client": (client, 1), "headers": [(b"x-forwarded-for", said.encode())]})

    assert of("10.42.3.9", "203.0.113.5") == "203.0.113.5"
    assert (
        of("10.42.3.9", "198.51.100.1, 203.0.113.5, 10.42.0.1") == "203.0.113.5"
    )  # what it said itself is not believed
    assert of("192.0.2.7", "203.0.113.5") == "203.0.113.5"
    assert of("2001:db8::1", "203.0.113.5") == "203.0.113.5"
    assert of("10.43.0.1", "203.0.113.5") == "10.43.0.1"
    assert of("unknown", "203.0.113.5") == "unknown"
    with pytest.raises(ValueError, match="does not appear"):
        Addresses(frozenset({"ingress"}))
