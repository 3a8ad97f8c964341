"""A real Keycloak with the shipped realm, where ``KEYCLOAK_HOME`` names an unpacked distribution of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from re import search
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from gateway.testing.upstream import free_port

REALM: Final = Path(__file__).parents[4] / "deploy" / "keycloak" / "realm-talent.json"
SHIPPED_ORIGIN: Final = "https://talent.example.gov.cn"
PASSWORD: Final = "a password that only this test knows"
SECRET: Final = "a secret that only this test and its Keycloak know"
HOME: Final = os.environ.get("KEYCLOAK_HOME", "")
"""Empty when there is none."""
START_SECONDS: Final = 300.0
_ADMIN: Final = {"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD}


@dataclass(frozen=True)
class Keycloak:
    """A running one.

    Attributes:
        origin: ``http://host:port``.
        imported: what its log says of the import beyond that it happened.
    """

    origin: str
    imported: str

    @property
    def issuer(self) -> str:
        """Of the shipped realm."""
        return f"{self.origin}/realms/talent"

    def admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask its administration; ``path`` below the realm. Raises ``HTTPStatusError``."""
        form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": PASSWORD}
        with httpx.Client(base_url=self.origin, trust_env=False, timeout=30) as client:
            token = client.post("/realms/master/protocol/openid-connect/token", data=form).json()["access_token"]
            address = f"/admin/realms/talent{path}" if path or method != "POST" else "/admin/realms"
            found = client.request(method, address, json=body, headers={"authorization": f"Bearer {token}"})
        found.raise_for_status()
        return found

    def person(self, name: str, organisation: str, role: str) -> str:
        """Enter somebody; gives the id, which is the subject of the tokens."""
        credentials = [{"type": "password", "value": PASSWORD, "temporary": False}]
        made = self.admin(
            "POST", "/users",
            {"username": name, "enabled": True, "attributes": {"organisation": [organisation]}, "credentials": credentials},
        )  # fmt: skip
        found = made.headers["location"].rpartition("/")[2]
        self.admin("POST", f"/users/{found}/role-mappings/realm", [self.admin("GET", f"/roles/{role}").json()])
        return found


@contextlib.contextmanager
def a_keycloak(gateway: str, machine_keys: dict[str, Any]) -> Iterator[Keycloak]:
    """Keycloak with the shipped realm, whose host names are ours and whose machine has these keys (JWKS)."""
    port, management = free_port(), free_port()
    command = [
        f"{HOME}/bin/kc.sh", "start-dev", "--db=dev-mem", f"--http-port={port}", "--http-host=127.0.0.1",
        f"--http-management-port={management}",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, env=os.environ | _ADMIN, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while "Listening on:" not in log.read_text():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(log.read_text()[-4000:])
                time.sleep(0.5)
            before = log.stat().st_size
            found = Keycloak(f"http://127.0.0.1:{port}", "")
            found.admin("POST", "", _realm(gateway, machine_keys))
            yield Keycloak(found.origin, log.read_bytes()[before:].decode())
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _realm(gateway: str, machine_keys: dict[str, Any]) -> dict[str, Any]:
    realm: dict[str, Any] = json.loads(REALM.read_text(encoding="utf-8").replace(SHIPPED_ORIGIN, gateway))
    for client in realm["clients"]:
        if client["clientId"] == "talent-gateway-bff":
            client["secret"] = SECRET
        if client["clientId"] == "agency-personnel":
            del client["attributes"]["use.jwks.url"], client["attributes"]["jwks.url"]
            client["attributes"] |= {"use.jwks.string": "true", "jwks.string": json.dumps(machine_keys)}
    return realm


async def sign_in(client: httpx.AsyncClient, address: str, name: str) -> httpx.Response:
    """Go to an address as a browser does, signing in where Keycloak asks, until something else is shown."""
    method, form = "GET", None
    for _ in range(15):
        answer = await client.request(method, address, data=form, headers={"accept": "text/html"})
        method, form = "GET", None
        if answer.is_redirect:
            address = urljoin(address, answer.headers["location"])
            continue
        for cookie in client.cookies.jar:
            cookie.secure = False  # browsers send such cookies to this machine over http, too
        asked = search(r'<form[^>]*id="kc-form-login"[^>]*action="([^"]+)"', answer.text)
        if asked is None:
            return answer
        address, method, form = unescape(asked[1]), "POST", {"username": name, "password": PASSWORD}
    raise AssertionError("sent in circles")
