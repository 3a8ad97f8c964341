"""Signing in on a local platform as a person does: to the development issuer, choose somebody, come back, act, leave."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from talent_local.client import origin

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

PAGE = {"accept": "text/html", "accept-language": "zh-CN"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def choose(client: httpx.AsyncClient, asked: httpx.Response, username: str) -> httpx.Response:
    """Send the form of the issuer's page with the button of a person."""
    form = {name: unescape(value) for name, value in HIDDEN.findall(asked.text)} | {"username": username}
    action = re.search(r'<form method="post" action="([^"]+)"', asked.text)
    assert action
    return await client.post(urljoin(str(asked.url), action[1]), data=form, headers=PAGE)


async def test_a_person_signs_in_acts_and_signs_out(carried: Any) -> None:
    """The page of the issuer lists people; the session opens what the person may open, and a change needs its proof."""
    gateway = origin(carried.home, "gateway")
    async with httpx.AsyncClient(base_url=gateway, timeout=60, trust_env=False, follow_redirects=True) as client:
        asked = await client.get("/sign-in?return=/v1/session", headers=PAGE)
        me = (await choose(client, asked, "regional-officer")).json()
        journeys = await client.get("/v1/journeys?limit=1")
        forwarded = await client.get("/v1/selection/applications?limit=1")
        wish = {"url": f"{gateway}/hook"}
        unproven = await client.post("/v1/webhooks", json=wish)
        proof = {"x-csrf-token": me["csrf_token"], "origin": gateway}
        made = await client.post("/v1/webhooks", json=wish, headers=proof)
        gone = await client.delete(f"/v1/webhooks/{made.json()['id']}", headers=proof)
        left = await client.post("/sign-out", json={}, headers=proof)
        after = await client.get("/v1/session")

    assert "自治区人社厅经办人" in asked.text
    assert (me["subject"], me["roles"], me["way"]) == ("acc-regional-01", ["regional_officer"], "browser")
    assert (journeys.status_code, forwarded.status_code) == (200, 200)
    assert (unproven.status_code, unproven.json()["code"]) == (403, "csrf-refused")
    assert (made.status_code, gone.status_code, left.status_code) == (201, 204, 200)
    assert after.status_code == 401


async def test_a_sign_in_of_another_browser_is_shown_as_lost(carried: Any) -> None:
    """Whoever is sent the address of somebody else's sign-in gets a page and no session."""
    gateway = origin(carried.home, "gateway")
    async with (
        httpx.AsyncClient(base_url=gateway, timeout=60, trust_env=False) as one,
        httpx.AsyncClient(base_url=gateway, timeout=60, trust_env=False) as other,
    ):
        begun = await one.get("/sign-in", headers=PAGE)
        asked = await one.get(begun.headers["location"], headers=PAGE)
        chosen = await choose(one, asked, "regional-officer")
        stolen = await other.get(chosen.headers["location"], headers=PAGE)

    assert stolen.status_code == 400
    assert "重新登录" in stolen.text
    assert "<script" not in stolen.text
    assert not other.cookies
