"""The shipped realm in a real Keycloak: people sign in, machines prove themselves, nobody names an organisation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey

from gateway.adapters.serving import configured
from gateway.api import create_app
from gateway.settings import GatewaySettings
from gateway.testing.keycloak import HOME, PASSWORD, SECRET, Keycloak, a_keycloak, sign_in
from gateway.testing.upstream import AUDIENCE, behind_the_door, free_port, serving
from shared.testing.actors import Keys
from shared.testing.service import VAULT_KEY

pytestmark = pytest.mark.skipif(
    not HOME,
    reason="no Keycloak: let KEYCLOAK_HOME name an unpacked distribution (26.2 or later), as docs/identity.md says",
)


@dataclass
class Site:
    """The door, its Keycloak, the key of the machine there and somebody who can sign in."""

    origin: str
    keycloak: Keycloak
    machine: ECKey
    officer: str


@pytest.fixture(scope="module")
def site(migrated: Any, keys: Keys) -> Iterator[Site]:
    port, behind = free_port(), free_port()
    origin, services = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{behind}"
    machine = ECKey.generate_key("P-256", {"kid": "machine-1", "use": "sig", "alg": "ES256"})
    with a_keycloak(origin, {"keys": [machine.as_dict(private=False)]}) as keycloak:
        settings = GatewaySettings(
            database_url=migrated("gateway"), event_log_url="embedded+postgresql://unused", internal_keys=keys.public,
            signing_key=keys.private["gateway"], cursor_secret="a secret of the tests", vault_key=VAULT_KEY,
            oidc_issuer=keycloak.issuer, oidc_audience=AUDIENCE, oidc_client_id="talent-gateway-bff",
            oidc_client_secret=SECRET, public_url=origin,
            machine_clients={"agency-personnel": {"role": "agency", "organisation": "cn/54"}},
            selection_url=services, placement_url=services, assessment_url=services, funding_url=services,
        )  # fmt: skip
        config = uvicorn.Config(
            behind_the_door(services), host="127.0.0.1", port=behind, log_config=None, access_log=False, http="h11"
        )
        with serving(config), serving(configured(create_app(settings), "127.0.0.1", port)):
            yield Site(origin, keycloak, machine, keycloak.person("officer", "cn/54", "regional_officer"))


def machine_token(site: Site, key: ECKey, **more: str) -> httpx.Response:
    """What Keycloak answers to a machine that signs with this key (RFC 7523)."""
    now, endpoint = int(time.time()), f"{site.keycloak.issuer}/protocol/openid-connect/token"
    claims = {"iss": "agency-personnel", "sub": "agency-personnel", "aud": site.keycloak.issuer, "jti": str(uuid4())}
    signed = jwt.encode({"alg": "ES256", "kid": "machine-1"}, claims | {"iat": now, "exp": now + 60}, key, ["ES256"])
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    form = {"grant_type": "client_credentials", "client_assertion": signed, "client_assertion_type": kind} | more
    return httpx.post(endpoint, data=form, trust_env=False, timeout=30)


def test_the_realm_is_imported_as_it_is_written(site: Site) -> None:
    """Nothing that it names is missing."""
    assert not [line for line in site.keycloak.imported.splitlines() if " WARN " in line or " ERROR " in line]


async def test_a_person_signs_in_and_is_who_keycloak_says(site: Site) -> None:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        shown = await sign_in(client, f"{site.origin}/sign-in?return=/v1/session", "officer")
        through = await client.get(f"{site.origin}/v1/selection/things")
        session = shown.json()
        proof = {"x-csrf-token": session["csrf_token"], "origin": site.origin}
        ended = await client.post(f"{site.origin}/sign-out", headers=proof, json={})
        after = await client.get(f"{site.origin}/v1/session")

    assert (session["subject"], session["organisation"], session["roles"]) == (
        site.officer, "cn/54", ["regional_officer"]
    )  # fmt: skip
    assert (through.status_code, ended.status_code, after.status_code) == (200, 200, 401)


async def test_signing_out_at_keycloak_ends_the_session_here(site: Site) -> None:
    """Its logout token arrives at ``/sign-out/back-channel`` and is taken."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        await sign_in(client, f"{site.origin}/sign-in?return=/v1/session", "officer")
        before = await client.get(f"{site.origin}/v1/session")
        site.keycloak.admin("POST", f"/users/{site.officer}/logout")
        after = await client.get(f"{site.origin}/v1/session")

    assert (before.status_code, after.status_code) == (200, 401)


def test_a_machine_proves_itself_by_its_key_and_no_other(site: Site) -> None:
    token = machine_token(site, site.machine).json()["access_token"]
    found = httpx.get(
        f"{site.origin}/v1/selection/things", headers={"authorization": f"Bearer {token}"}, trust_env=False
    )
    refused = machine_token(site, ECKey.generate_key("P-256"))

    assert found.status_code == 200
    assert refused.status_code in {400, 401}


def editor(keycloak: Keycloak) -> None:
    """A client whose tokens may edit a person's own profile, as Keycloak's account pages do."""
    mapped = {"access.token.claim": "true"}
    kinds: dict[str, dict[str, str]] = {
        "oidc-sub-mapper": {},
        "oidc-audience-mapper": {"included.client.audience": "account"},
        "oidc-usermodel-client-role-mapper": {
            "claim.name": "resource_access.${client_id}.roles", "multivalued": "true", "jsonType.label": "String",
        },
    }  # fmt: skip
    mappers = [
        {"name": kind, "protocol": "openid-connect", "protocolMapper": kind, "config": config | mapped}
        for kind, config in kinds.items()
    ]
    client = {"clientId": "editor", "publicClient": True, "directAccessGrantsEnabled": True, "protocolMappers": mappers}
    keycloak.admin("POST", "/clients", client)


async def test_nobody_names_their_own_organisation(site: Site) -> None:
    """The attribute that rights hang on is written by administrators only; the rest of a profile is the person's own."""
    editor(site.keycloak)
    climber = site.keycloak.person("climber", "cn/54/5401", "unit_officer")
    endpoint = f"{site.keycloak.issuer}/protocol/openid-connect/token"
    form = {"grant_type": "password", "client_id": "editor", "username": "climber", "password": PASSWORD}
    own = {"username": "climber", "firstName": "New"}
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        token = (await client.post(endpoint, data=form)).json()["access_token"]
        asked = {"authorization": f"Bearer {token}", "accept": "application/json"}
        account = f"{site.keycloak.issuer}/account/"
        taken = await client.post(account, headers=asked, json=own | {"attributes": {"organisation": ["cn/54/5401"]}})
        refused = await client.post(account, headers=asked, json=own | {"attributes": {"organisation": ["cn"]}})
        shown = await sign_in(client, f"{site.origin}/sign-in?return=/v1/session", "climber")
        foreign = await client.get(f"{site.origin}/v1/selection/things", headers={"authorization": f"Bearer {token}"})

    assert (taken.status_code, refused.status_code) == (204, 400)
    assert site.keycloak.admin("GET", f"/users/{climber}").json()["firstName"] == "New"
    assert shown.json()["organisation"] == "cn/54/5401"
    assert foreign.status_code == 401  # a token that is not for us


def test_a_new_key_of_keycloak_is_found(site: Site) -> None:
    component = {
        "name": "next", "providerId": "ecdsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["200"], "enabled": ["true"], "active": ["true"], "ecdsaEllipticCurveKey": ["P-256"]},
    }  # fmt: skip
    site.keycloak.admin("POST", "/components", component)
    token = machine_token(site, site.machine).json()["access_token"]
    asked = {"authorization": f"Bearer {token}"}
    deadline, status = time.monotonic() + 60, 401
    while status == 401 and time.monotonic() < deadline:  # unknown keys are looked for every so often
        status = httpx.get(f"{site.origin}/v1/selection/things", headers=asked, trust_env=False).status_code
        time.sleep(1)

    assert status == 200
