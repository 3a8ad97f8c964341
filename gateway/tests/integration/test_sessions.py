"""Sessions of browsers against a real provider (npm oidc-provider), driven as a browser drives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.door import Door
from gateway.adapters.serving import configured
from gateway.adapters.sessions.provider import GrantRefused
from gateway.adapters.sessions.sessions import Sessions
from gateway.api import create_app
from gateway.settings import GatewaySettings
from gateway.testing.provider import RESOURCE, SECRET, Browser, Provider, a_provider
from gateway.testing.upstream import AUDIENCE, behind_the_door, free_port, serving
from shared.identity.tokens import TokenVerifier
from shared.kernel.actor import Role
from shared.testing.actors import Keys
from shared.testing.service import VAULT_KEY

COOKIE = "talent-session"


@dataclass
class Site:
    """The door with sign-in, what is behind it and the provider beside it."""

    origin: str
    provider: Provider
    upstream: FastAPI
    door: Door
    settings: GatewaySettings


@dataclass
class Inside:
    """The same tables and tokens, looked at from the test's own loop."""

    engine: AsyncEngine
    sessions: Sessions

    async def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a statement gives, committed."""
        async with self.engine.begin() as connection:
            found = await connection.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []


@pytest.fixture
async def inside(site: Site) -> AsyncIterator[Inside]:
    running = create_app(site.settings).own.state.running
    yield Inside(running.engine, running.extras["sessions"])
    await running.engine.dispose()


@pytest.fixture(scope="module")
def site(migrated: Any, keys: Keys) -> Iterator[Site]:
    port, behind = free_port(), free_port()
    origin, services = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{behind}"
    upstream = behind_the_door(services)
    with a_provider(origin, seconds=300) as provider:
        settings = GatewaySettings(
            database_url=migrated("gateway"), event_log_url="embedded+postgresql://unused", internal_keys=keys.public,
            signing_key=keys.private["gateway"], cursor_secret="a secret of the tests", vault_key=VAULT_KEY,
            oidc_issuer=provider.issuer, oidc_audience=AUDIENCE, oidc_client_id="talent-gateway-bff",
            oidc_client_secret=SECRET, oidc_resource=RESOURCE, oidc_scopes="openid offline_access", public_url=origin,
            machine_clients={"agency-personnel": {"role": "agency", "organisation": "cn/54"}},
            selection_url=services, placement_url=services, assessment_url=services, funding_url=services,
        )  # fmt: skip
        door = create_app(settings)
        config = uvicorn.Config(upstream, host="127.0.0.1", port=behind, log_config=None, access_log=False, http="h11")
        with serving(config), serving(configured(door, "127.0.0.1", port)):
            yield Site(origin, provider, upstream, door, settings)


@pytest.fixture
async def browser(site: Site) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        yield Browser(client, site.origin, "acc-regional")
    site.door.own.state.running.extras["sessions"].clock = lambda: datetime.now(UTC)


async def signed_in(browser: Browser, goal: str = "/v1/session") -> httpx.Response:
    return await browser.open(f"{browser.origin}/sign-in?return={goal}")


async def proof(browser: Browser) -> dict[str, str]:
    shown = (await browser.client.get(f"{browser.origin}/v1/session")).json()
    return {"x-csrf-token": shown["csrf_token"], "origin": browser.origin}


async def test_a_browser_signs_in_and_is_somebody(site: Site, browser: Browser, keys: Keys) -> None:
    """Discovery, code with PKCE, state and nonce; the cookie opens every service and reaches none of them."""
    shown = await signed_in(browser)
    inside = await browser.client.get(f"{site.origin}/v1/selection/things")

    me = shown.json()
    assert (me["subject"], me["organisation"], me["roles"], me["way"]) == (
        "acc-regional", "cn/54", ["regional_officer"], "browser",
    )  # fmt: skip
    asked = parse_qs(urlsplit(next(place for place in browser.seen if "/auth?" in place)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge", "resource"} <= asked.keys()
    heard = dict(inside.json()["headers"])
    actor = TokenVerifier(keys.public, "selection").verify(heard["authorization"].removeprefix("Bearer "))
    assert (actor.subject, actor.roles) == ("acc-regional", frozenset({Role.REGIONAL_OFFICER}))
    assert "cookie" not in heard
    line = next(cookie for cookie in browser.client.cookies.jar if cookie.name == COOKIE)
    assert line.has_nonstandard_attr("HttpOnly")
    assert line.get_nonstandard_attr("SameSite") == "Lax"
    assert line.path == "/"


async def test_tokens_are_nowhere_in_the_open(site: Site, browser: Browser, inside: Inside) -> None:
    """Neither the cookie nor a token can be read from the database; the trail names account and session, no more."""
    await signed_in(browser)
    cookie = browser.client.cookies[COOKIE]

    rows = str(await inside.rows("SELECT * FROM browser_session"))
    trail = [str(row) for row in await inside.rows("SELECT to_jsonb(audit) FROM audit WHERE action LIKE 'session%'")]

    assert cookie not in rows
    assert "eyJ" not in rows
    assert any("session.open" in row for row in trail)
    assert not any(cookie in row or "eyJ" in row for row in trail)


async def test_a_change_needs_our_origin_and_the_token_of_the_session(site: Site, browser: Browser) -> None:
    """CSRF: 403 without the header, with another session's, from another origin, from none; nothing is forwarded."""
    await signed_in(browser)
    good = await proof(browser)
    wrong: list[dict[str, str]] = [
        {}, {"x-csrf-token": good["x-csrf-token"]}, {"origin": site.origin}, good | {"origin": "https://evil.example"},
        good | {"origin": "null"}, good | {"x-csrf-token": "0" * 64}, good | {"x-csrf-token": ""},
        good | {"origin": site.origin + ".evil.example"},
    ]  # fmt: skip
    before = dict(site.upstream.state.calls)

    refused = [
        await browser.client.post(f"{site.origin}/v1/selection/changes", headers=headers, json={}) for headers in wrong
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "csrf-refused")] * len(wrong)
    assert site.upstream.state.calls == before
    assert (await browser.client.post(f"{site.origin}/v1/selection/changes", headers=good, json={})).status_code == 201
    assert (await browser.client.post(f"{site.origin}/sign-out", json={})).status_code == 403


async def test_a_forged_cookie_is_nobody(site: Site, browser: Browser) -> None:
    await signed_in(browser)
    cookie = browser.client.cookies[COOKIE]
    forged = [
        "x" * 43, cookie[:-1], cookie + "a", cookie.swapcase(), "../../etc", "' OR 1=1 --", "a" * 4000,
    ]  # fmt: skip
    lines = [f"{COOKIE}={value}" for value in forged] + [f"{COOKIE}={cookie}; {COOKIE}=other", f"x{COOKIE}={cookie}"]

    async with httpx.AsyncClient(timeout=20, trust_env=False) as stranger:
        for path in ("/v1/selection/things", "/v1/session"):
            answers = [await stranger.get(site.origin + path, headers={"cookie": line}) for line in lines]
            assert [answer.status_code for answer in answers] == [401] * len(lines)


async def test_a_session_is_not_fixed_beforehand(site: Site, browser: Browser) -> None:
    """Session fixation: whatever cookie the browser brings, signing in gives another one, and the earlier one ends."""
    browser.client.cookies.set(COOKIE, "f" * 43, domain="127.0.0.1", path="/")
    await signed_in(browser)
    first = browser.client.cookies[COOKIE]
    browser.client.cookies.delete(COOKIE, domain="127.0.0.1", path="/")
    browser.client.cookies.set(COOKIE, first, domain="127.0.0.1", path="/")

    await signed_in(browser)
    second = next(c.value for c in reversed(list(browser.client.cookies.jar)) if c.name == COOKIE)

    assert len({first, second, "f" * 43}) == 3
    async with httpx.AsyncClient(timeout=20, trust_env=False) as other:
        for stale in (first, "f" * 43):
            answer = await other.get(site.origin + "/v1/session", headers={"cookie": f"{COOKIE}={stale}"})
            assert answer.status_code == 401


@pytest.mark.parametrize(
    "goal",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:x", "evil", "/a\nb", ""],
)
async def test_nobody_is_sent_elsewhere_after_signing_in(site: Site, browser: Browser, goal: str) -> None:
    """Open redirect."""
    answer = await browser.client.get(f"{site.origin}/sign-in", params={"return": goal})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-return")


async def test_a_sign_in_belongs_to_the_browser_that_began_it(site: Site, browser: Browser) -> None:
    """Login CSRF and mix-up: another browser's answer, another state, another issuer, a code twice."""
    begun = await browser.client.get(f"{site.origin}/sign-in")
    back = ""
    address, method, form = begun.headers["location"], "GET", None
    while not back:
        answer = await browser.client.request(method, address, data=form)
        place = answer.headers.get("location", "")
        back = place if "/sign-in/callback" in place else ""
        method, form = (
            ("POST", {"login": "acc-regional"}) if "/interaction/" in address and method == "GET" else ("GET", None)
        )
        address = httpx.URL(address).join(place) if place else address  # type: ignore[assignment]
        address = str(address)
    other_issuer = back.partition("&iss=")[0] + "&iss=https%3A%2F%2Fevil.example"
    state = parse_qs(urlsplit(back).query)["state"][0]

    async with httpx.AsyncClient(timeout=20, trust_env=False) as victim:
        stolen = await victim.get(back)
        await victim.get(f"{site.origin}/sign-in")
        swapped = await victim.get(back)
    wrong_state = await browser.client.get(back.replace(state, "x" + state))
    mixed_up = await browser.client.get(other_issuer)
    refused = await browser.client.get(
        f"{site.origin}/sign-in/callback", params={"state": state, "error": "access_denied"}
    )
    kept = dict(browser.client.cookies)
    good = await browser.client.get(back)
    again = await browser.client.get(back)
    browser.client.cookies.update(kept)
    replayed = await browser.client.get(back)

    found = [(each.status_code, each.json()["code"]) for each in (stolen, swapped, wrong_state, mixed_up, refused)]
    assert found == [(400, "sign-in-lost")] * 3 + [(400, "sign-in-refused")] * 2
    assert (good.status_code, good.headers["location"]) == (303, "/")
    assert (again.status_code, replayed.status_code) == (400, 400)


async def test_two_tabs_spend_one_refresh_token(site: Site, browser: Browser, inside: Inside) -> None:
    """Rotation: the provider revokes a whole grant whose refresh token comes twice; nobody is thrown out."""
    await signed_in(browser)
    await inside.rows("UPDATE browser_session SET refresh_at = created_at, access_ends_at = created_at")

    answers = await asyncio.gather(*(browser.client.get(f"{site.origin}/v1/selection/things") for _ in range(6)))

    assert [answer.status_code for answer in answers] == [200] * 6
    rows = await inside.rows("SELECT generation, refreshing_until FROM browser_session")
    assert (2, None) in rows


async def test_a_refresh_token_that_comes_twice_ends_the_session(site: Site, browser: Browser, inside: Inside) -> None:
    """Replay of a stolen refresh token: the provider revokes the grant, our session goes with it at its next renewal."""
    await signed_in(browser)
    cookie = browser.client.cookies[COOKIE]
    row = await inside.sessions.alive(cookie)
    assert row
    stolen = inside.sessions.tokens(row).refresh
    await inside.sessions.client.refresh(stolen)
    with pytest.raises(GrantRefused, match="invalid_grant"):
        await inside.sessions.client.refresh(stolen)
    await inside.rows("UPDATE browser_session SET refresh_at = created_at")

    answer = await browser.client.get(f"{site.origin}/v1/selection/things")

    assert answer.status_code == 401
    assert await inside.sessions.alive(cookie) is None


@pytest.mark.parametrize("later", [timedelta(minutes=31), timedelta(hours=10, seconds=1)])
async def test_a_session_ends_by_itself(site: Site, browser: Browser, inside: Inside, later: timedelta) -> None:
    """Idle for half an hour, or ten hours in all."""
    await signed_in(browser)
    moved = datetime.now(UTC) + later
    if later > timedelta(hours=1):
        await inside.rows("UPDATE browser_session SET seen_at = :at", at=moved)
    site.door.own.state.running.extras["sessions"].clock = lambda: moved

    assert (await browser.client.get(f"{site.origin}/v1/selection/things")).status_code == 401


async def test_signing_out_ends_the_session_here_and_there(site: Site, browser: Browser, inside: Inside) -> None:
    """The cookie is worth nothing at once, the refresh token is revoked, and the provider asks for a name again."""
    await signed_in(browser)
    cookie = browser.client.cookies[COOKIE]
    row = await inside.sessions.alive(cookie)
    assert row
    refresh = inside.sessions.tokens(row).refresh

    answer = await browser.client.post(f"{site.origin}/sign-out", headers=await proof(browser), json={})
    home = await browser.open(answer.json()["location"])

    assert answer.status_code == 200
    assert str(home.url) == f"{site.origin}/docs"
    async with httpx.AsyncClient(timeout=20, trust_env=False) as other:
        stale = await other.get(f"{site.origin}/v1/session", headers={"cookie": f"{COOKIE}={cookie}"})
    assert stale.status_code == 401
    with pytest.raises(GrantRefused):
        await inside.sessions.client.refresh(refresh)
    before = len(browser.seen)
    browser.subject = "acc-auditor"
    assert (await signed_in(browser)).json()["roles"] == ["auditor"]
    assert any("/interaction/" in place for place in browser.seen[before:])


async def test_signing_out_everywhere(site: Site, browser: Browser) -> None:
    await signed_in(browser)
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        second = Browser(client, site.origin, "acc-regional")
        await signed_in(second)
        done = await client.post(f"{site.origin}/sign-out", headers=await proof(second), json={"everywhere": True})

    assert done.status_code == 200
    assert (await browser.client.get(f"{site.origin}/v1/session")).status_code == 401


async def test_the_provider_ends_a_session_through_the_back_channel(
    site: Site, browser: Browser, inside: Inside
) -> None:
    """Signing out at the provider (as another application would) ends the session here without the browser's help."""
    await signed_in(browser)
    cookie = browser.client.cookies[COOKIE]

    await browser.open(f"{site.provider.issuer}/session/end")

    for _ in range(100):
        if await inside.sessions.alive(cookie) is None:
            break
        await asyncio.sleep(0.05)
    assert await inside.sessions.alive(cookie) is None


@pytest.mark.parametrize("form", [{}, {"logout_token": "a.b.c"}, {"logout_token": "x"}, {"other": "1"}])
async def test_a_logout_that_is_none_is_refused(site: Site, form: dict[str, str]) -> None:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        answer = await client.post(f"{site.origin}/sign-out/back-channel", data=form)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-logout-token")


async def test_id_and_access_tokens_are_no_logout_tokens(site: Site, browser: Browser, inside: Inside) -> None:
    await signed_in(browser)
    row = await inside.sessions.alive(browser.client.cookies[COOKIE])
    assert row
    tokens = inside.sessions.tokens(row)
    for token in (tokens.id_token, tokens.access):
        answer = await browser.client.post(f"{site.origin}/sign-out/back-channel", data={"logout_token": token})
        assert answer.status_code == 400
        bearer = await browser.client.get(f"{site.origin}/v1/session", headers={"authorization": f"Bearer {token}"})
        assert bearer.status_code == (401 if token == tokens.id_token else 200)


async def test_a_machine_is_what_configuration_says(site: Site, keys: Keys) -> None:
    """Client credentials: a known client is an agency of its organisation; an unknown one is nobody."""
    async with httpx.AsyncClient(timeout=20, trust_env=False, base_url=site.origin) as client:
        found = []
        for name in ("agency-personnel", "agency-unknown"):
            headers = {"authorization": f"Bearer {site.provider.machine_token(name)}"}
            found.append((await client.get("/v1/session", headers=headers)).json())
    known, unknown = found

    assert (known["subject"], known["organisation"], known["roles"]) == ("agency-personnel", "cn/54", ["agency"])
    assert (unknown["roles"], unknown["organisation"], unknown["way"]) == ([], "", "token")


async def test_a_new_key_of_the_provider_is_found(site: Site) -> None:
    """Rotation: an unknown kid asks the provider once; tokens of the old key stay good while it is published."""
    async with httpx.AsyncClient(timeout=20, trust_env=False, base_url=site.origin) as client:
        old = {"authorization": f"Bearer {site.provider.machine_token('agency-personnel')}"}
        assert (await client.get("/v1/session", headers=old)).status_code == 200
        site.provider.rotate()
        site.door._exchange._verifier._keys._tried_at = None  # a minute has passed
        new = {"authorization": f"Bearer {site.provider.machine_token('agency-personnel')}"}

        answers = [(await client.get("/v1/session", headers=each)).status_code for each in (new, old)]

    assert answers == [200, 200]
