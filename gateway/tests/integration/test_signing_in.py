"""Signing in where our client proves itself by a signature, and what browsers are shown when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey
from sqlalchemy import text

from gateway.adapters.db import sessions as table
from gateway.adapters.serving import configured
from gateway.adapters.sessions.client_key import ClientKey
from gateway.api import create_app
from gateway.settings import GatewaySettings
from gateway.testing.provider import RESOURCE, Browser, a_provider
from gateway.testing.upstream import AUDIENCE, behind_the_door, free_port, serving
from shared.testing.actors import Keys
from shared.testing.service import VAULT_KEY
from shared.work.database import open_engine

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def a_key(path: Path) -> dict[str, Any]:
    """A private key in a file; its public half as JWK."""
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    public: dict[str, Any] = ECKey.import_key(pem).as_dict(private=False)
    return public


@pytest.fixture(scope="module")
def site(migrated: Any, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewaySettings]:
    """A door whose client at the provider has a key and no secret."""
    import uvicorn

    pem = tmp_path_factory.mktemp("client") / "key.pem"
    public = a_key(pem)
    port, behind = free_port(), free_port()
    origin, services = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{behind}"
    with a_provider(origin, signing=public) as provider:
        settings = GatewaySettings(
            database_url=migrated("gateway"), event_log_url="embedded+postgresql://unused", internal_keys=keys.public,
            signing_key=keys.private["gateway"], cursor_secret="a secret of the tests", vault_key=VAULT_KEY,
            oidc_issuer=provider.issuer, oidc_audience=AUDIENCE, oidc_client_id="talent-gateway-signing",
            oidc_client_key=pem, oidc_resource=RESOURCE, oidc_scopes="openid offline_access", public_url=origin,
            selection_url=services, placement_url=services, assessment_url=services, funding_url=services,
        )  # fmt: skip
        upstream = behind_the_door(services)
        config = uvicorn.Config(upstream, host="127.0.0.1", port=behind, log_config=None, access_log=False, http="h11")
        with serving(config), serving(configured(create_app(settings), "127.0.0.1", port)):
            yield settings


async def refused(site: GatewaySettings) -> list[tuple[str, str]]:
    """Actor and reason of every refused sign-in in the audit trail."""
    engine = open_engine(site.database_url, pool=1)
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT to_jsonb(a) AS row FROM audit a WHERE action = 'session.open'"))
        rows = [one.row for one in found]
    await engine.dispose()
    return [(row["subject"], row["details"]["code"]) for row in rows if row["outcome"] == "denied"]


async def test_a_client_without_a_secret_signs_its_requests(
    site: GatewaySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """private_key_jwt redeems the code, and the provider takes no other key; a session is read once a request."""
    read: list[bytes] = []
    find = table.find_session

    async def counted(connection: Any, id_hash: bytes) -> Any:
        read.append(id_hash)
        return await find(connection, id_hash)

    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        browser = Browser(client, site.public_url, "acc-regional")
        shown = await browser.open(f"{site.public_url}/sign-in?return=/v1/session")
        monkeypatch.setattr(table, "find_session", counted)
        listed = await client.get(f"{site.public_url}/v1/journeys")
        own = len(read)
        forwarded = await client.get(f"{site.public_url}/v1/selection/things")

    assert (shown.json()["subject"], shown.json()["way"]) == ("acc-regional", "browser")
    assert (listed.status_code, forwarded.status_code) == (200, 200)
    assert (own, len(read)) == (1, 2)


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "重新登录"), ("en", "Sign in again"), (None, "重新登录")])
async def test_a_browser_is_shown_a_page_and_a_program_a_problem(
    site: GatewaySettings, language: str | None, said: str
) -> None:
    """No script, a strict policy, nothing of what was sent; audited."""
    spoken = {"accept-language": language} if language else {}
    lost = f"{site.public_url}/sign-in/callback?code=%3Cscript%3E&state=x"
    before = len(await refused(site))
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        shown = await client.get(lost, headers=PAGE | spoken)
        astray = await client.get(f"{site.public_url}/sign-in?return=//elsewhere", headers=PAGE | spoken)
        plain = await client.get(lost, headers={"accept": "application/json"} | spoken)

    for page in (shown, astray):
        assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
        assert said in page.text
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
    assert (plain.status_code, plain.json()["code"]) == (400, "sign-in-lost")
    assert (await refused(site))[before:] == [("browser", "sign-in-lost")] * 2


async def test_a_refusal_of_the_provider_is_told_and_audited(site: GatewaySettings) -> None:
    """A code that the provider does not know, and a person who said no."""
    before = len(await refused(site))
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        answers = []
        for wrong in ("code=unknown", "error=access_denied"):
            begun = await client.get(f"{site.public_url}/sign-in")
            state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
            back = f"{site.public_url}/sign-in/callback?{wrong}&state={state}&iss={site.oidc_issuer}"
            answers.append(await client.get(back, headers=PAGE | {"accept-language": "en"}))

    assert [answer.status_code for answer in answers] == [400, 400]
    assert all("did not sign you in" in answer.text for answer in answers)
    assert not any(answer.headers.get("set-cookie") for answer in answers)
    assert (await refused(site))[before:] == [("browser", "sign-in-refused")] * 2


def test_only_keys_that_sign_as_promised_are_taken(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("no key")
    a_key(tmp_path / "good.pem")

    assert ClientKey.read(tmp_path / "good.pem").algorithm == "ES256"
    with pytest.raises(ValueError, match="OIDC_CLIENT_KEY"):
        ClientKey.read(tmp_path / "none.pem")
