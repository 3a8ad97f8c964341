"""A real OpenID provider for tests: npm ``oidc-provider`` in a process of its own, driven as a browser drives it."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from gateway.testing.upstream import AUDIENCE, free_port
from shared.testing.node import NODE, environment, installed

FOLDER = Path(__file__).parents[3] / "tests" / "oidc"
PEOPLE: dict[str, dict[str, Any]] = {
    "acc-regional": {"roles": ["regional_officer"], "organisation": "cn/54"},
    "acc-auditor": {"roles": ["auditor"], "organisation": "cn-audit"},
    "acc-nobody": {"roles": [], "organisation": ""},
}
"""Who can sign in there, by subject."""
RESOURCE = "urn:talent:gateway"
"""The resource indicator (RFC 8707) that stands for the gateway; the tokens say ``aud: talent-gateway``."""
SECRET = "a secret that only the tests and their provider know"


@dataclass(frozen=True)
class Provider:
    """A running provider."""

    issuer: str

    def rotate(self) -> None:
        """Let it sign with a new key from here on; the old one stays published."""
        httpx.post(f"{self.issuer}/test/rotate", trust_env=False).raise_for_status()

    def machine_token(self, client: str, **more: str) -> str:
        """An access token by client credentials."""
        form = {"grant_type": "client_credentials"} | more
        answer = httpx.post(f"{self.issuer}/token", data=form, auth=(client, SECRET), trust_env=False)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


@dataclass
class Browser:
    """Follows redirects with one jar of cookies, and signs in where it is asked to.

    Attributes:
        origin: of the gateway.
        subject: who signs in at the provider.
        seen: every address it was sent to.
    """

    client: httpx.AsyncClient
    origin: str
    subject: str
    seen: list[str] = field(default_factory=list)

    async def open(self, address: str) -> httpx.Response:
        """Go to an address and on until a page is shown that is no sign-in."""
        method, form = "GET", None
        for _ in range(15):
            self.seen.append(address)
            answer = await self.client.request(method, address, data=form, headers={"accept": "text/html"})
            method, form = "GET", None
            if answer.is_redirect:
                address = urljoin(address, answer.headers["location"])
            elif "/interaction/" in address:
                method, form = "POST", {"login": self.subject}
            elif "op.logoutForm" in answer.text:
                action = re.search(r'action="([^"]+)"', answer.text)
                token = re.search(r'name="xsrf" value="([^"]+)"', answer.text)
                assert action
                assert token
                address, method, form = action[1], "POST", {"xsrf": token[1], "logout": "yes"}
            else:
                return answer
        raise AssertionError(f"sent in circles: {self.seen[-4:]}")


@contextlib.contextmanager
def a_provider(gateway: str, *, seconds: int = 300, signing: dict[str, Any] | None = None) -> Iterator[Provider]:
    """A provider that knows the gateway at ``gateway`` as its client; access tokens live ``seconds``.

    ``signing`` is the public key (JWK) of a second client, ``talent-gateway-signing``, that has no secret.
    """
    port = free_port()
    place = installed(FOLDER, "provider.mjs")
    machine = {
        "client_secret": SECRET, "id_token_signed_response_alg": "ES256", "grant_types": ["client_credentials"], "response_types": [], "redirect_uris": [],
    }  # fmt: skip
    browser = {
        "client_id": "talent-gateway-bff", "client_secret": SECRET,
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "redirect_uris": [f"{gateway}/sign-in/callback"], "post_logout_redirect_uris": [f"{gateway}/"],
        "backchannel_logout_uri": f"{gateway}/sign-out/back-channel", "backchannel_logout_session_required": True,
        "id_token_signed_response_alg": "ES256",
    }  # fmt: skip
    browsers: list[dict[str, Any]] = [browser]
    if signing is not None:
        browsers.append(
            {name: value for name, value in browser.items() if name != "client_secret"}
            | {"client_id": "talent-gateway-signing", "token_endpoint_auth_method": "private_key_jwt"}
            | {"token_endpoint_auth_signing_alg": "ES256", "jwks": {"keys": [signing | {"use": "sig"}]}}
        )
    setup = {
        "port": port, "audience": AUDIENCE, "resource": RESOURCE, "people": PEOPLE, "seconds": seconds,
        "clients": [*browsers, machine | {"client_id": "agency-personnel"}, machine | {"client_id": "agency-unknown"}],
    }  # fmt: skip
    process = subprocess.Popen(
        [str(NODE), "provider.mjs"], cwd=place, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    with process:
        try:
            process.stdin.write(json.dumps(setup))
            process.stdin.close()
            deadline, said = time.monotonic() + 60, ""
            while "ready" not in said:
                assert process.poll() is None, f"the provider ended: {said}{process.stdout.read()}"
                assert time.monotonic() < deadline
                said += process.stdout.readline()
            yield Provider(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=10)
