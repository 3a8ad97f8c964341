"""The issuer: what its tokens say, and to whom it gives none."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from shared.kernel.actor import Role
from talent_local.issuer.grants import DEVELOPMENT_GRANT
from talent_local.issuer.seed import GRANTABLE, Seed, seed_path

VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-and-random"
REDIRECT = "http://127.0.0.1:8080/v1/session/callback"


def authorization(**other: str) -> dict[str, str]:
    """A good authorization request, with members replaced."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    return {
        "response_type": "code",
        "client_id": "talent-gateway",
        "redirect_uri": REDIRECT,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": "xyz",
        "nonce": "n-1",
    } | other


async def token(issuer: httpx.AsyncClient, **form: str) -> httpx.Response:
    """Ask for a token by the development grant."""
    return await issuer.post("/token", data={"grant_type": DEVELOPMENT_GRANT} | form)


async def claims(issuer: httpx.AsyncClient, value: str) -> dict[str, Any]:
    """Verify a token as the gateway does: by discovery and the published keys."""
    where = (await issuer.get("/.well-known/openid-configuration")).json()
    keys = KeySet.import_key_set((await issuer.get(where["jwks_uri"])).json())
    decoded = jwt.decode(value, keys, algorithms=where["id_token_signing_alg_values_supported"])
    assert decoded.claims["iss"] == where["issuer"]
    return decoded.claims


async def test_a_seeded_user_gets_an_access_token_for_the_gateway(issuer: httpx.AsyncClient) -> None:
    """The token is of type at+jwt, for the gateway, for an hour, and says roles and organisation."""
    answer = await token(issuer, username="reviewer-lhasa")

    value = answer.json()["access_token"]
    found = await claims(issuer, value)
    assert jws.extract_compact(value.encode()).headers()["typ"] == "at+jwt"
    assert (found["aud"], found["sub"]) == ("talent-gateway", "acc-reviewer-5401")
    assert (found["roles"], found["organisation"]) == (["local_reviewer"], "cn/54/5401")
    assert found["exp"] - found["iat"] == 3600
    assert found["jti"]
    assert answer.headers["cache-control"] == "no-store"


async def test_anybody_can_be_made_up(issuer: httpx.AsyncClient) -> None:
    """Six hundred applicants need no seed."""
    answer = await token(issuer, subject="acc-7", roles="applicant mentor", organisation="cn/54/5401/U0001")

    found = await claims(issuer, answer.json()["access_token"])
    assert (found["sub"], found["roles"]) == ("acc-7", ["applicant", "mentor"])


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"username": "nobody"}, "invalid_grant"),
        ({"subject": "a b", "roles": "applicant"}, "invalid_request"),
        ({"subject": "acc-1", "roles": "applicant", "organisation": "cn 54"}, "invalid_request"),
        ({"subject": "acc-1", "roles": "emperor"}, "invalid_scope"),
        ({"subject": "acc-1", "roles": "system"}, "invalid_scope"),
        ({"subject": "acc-1", "roles": "service"}, "invalid_scope"),
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "operator"}, "unsupported_grant_type"),
    ],
)
async def test_a_bad_request_gets_no_token(issuer: httpx.AsyncClient, form: dict[str, str], error: str) -> None:
    """Unknown users, impossible subjects and roles that live inside the platform are refused."""
    answer = await token(issuer, **form)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "access_token" not in answer.json()


async def test_a_member_given_twice_is_refused(issuer: httpx.AsyncClient) -> None:
    """RFC 6749 3.2: parameters must not be included more than once."""
    body = f"grant_type={DEVELOPMENT_GRANT}&username=operator&username=auditor"
    headers = {"content-type": "application/x-www-form-urlencoded"}

    answer = await issuer.post("/token", content=body, headers=headers)

    assert answer.json()["error"] == "invalid_request"


async def test_a_machine_client_signs_in_with_its_secret(issuer: httpx.AsyncClient) -> None:
    """Client credentials by HTTP Basic or in the form; the token speaks for the client itself."""
    form = {"grant_type": "client_credentials"}
    named = {"client_id": "agency-personnel", "client_secret": "a secret of the tests"}

    answers = [
        await issuer.post("/token", data=form, auth=("agency-personnel", named["client_secret"])),
        await issuer.post("/token", data=form | named),
    ]

    for answer in answers:
        found = await claims(issuer, answer.json()["access_token"])
        assert (found["sub"], found["roles"]) == ("agency-personnel", ["agency"])


@pytest.mark.parametrize(
    ("client", "secret"),
    [("agency-personnel", "wrong"), ("agency-titles", ""), ("talent-gateway", ""), ("nobody", "x"), ("", "")],
)
async def test_a_wrong_secret_gets_no_token(issuer: httpx.AsyncClient, client: str, secret: str) -> None:
    """Wrong, missing or unknown: 401, and a browser client cannot use this grant."""
    answer = await issuer.post("/token", data={"grant_type": "client_credentials"}, auth=(client, secret))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_browser_signs_in_with_a_code_and_its_verifier(issuer: httpx.AsyncClient) -> None:
    """The page lists the people; the code works once, and the ID token carries the nonce."""
    page = await issuer.get("/authorize", params=authorization())
    chosen = await issuer.post("/authorize", data=authorization(username="operator"))
    given = parse_qs(urlsplit(chosen.headers["location"]).query)
    form = {
        "grant_type": "authorization_code",
        "client_id": "talent-gateway",
        "code": given["code"][0],
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }

    first = await issuer.post("/token", data=form)
    second = await issuer.post("/token", data=form)

    assert 'value="operator"' in page.text
    assert (chosen.status_code, given["state"], given["iss"]) == (303, ["xyz"], ["http://127.0.0.1:8090"])
    identity = await claims(issuer, first.json()["id_token"])
    assert (identity["aud"], identity["nonce"], identity["sub"]) == ("talent-gateway", "n-1", "acc-operator-01")
    assert second.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": "other"}, {"redirect_uri": "http://127.0.0.1:1/"}, {"client_id": "x"}]
)
async def test_a_stolen_code_is_worth_nothing(issuer: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    """Without the verifier, at another address or by another client there is no token, and the code is spent."""
    chosen = await issuer.post("/authorize", data=authorization(username="operator"))
    code = parse_qs(urlsplit(chosen.headers["location"]).query)["code"][0]
    right = {"client_id": "talent-gateway", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}

    stolen = await issuer.post("/token", data={"grant_type": "authorization_code"} | right | wrong)
    after = await issuer.post("/token", data={"grant_type": "authorization_code"} | right)

    assert stolen.json()["error"] == "invalid_grant"
    assert after.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "agency-personnel"},
        {"redirect_uri": "https://example.org/callback"},
        {"redirect_uri": "http://127.0.0.1.example.org/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"response_type": "token"},
    ],
)
async def test_a_bad_authorization_request_is_shown_not_followed(
    issuer: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    """Nothing is ever sent to an address that is not on the loopback interface."""
    asked = await issuer.get("/authorize", params=authorization(**wrong))
    posted = await issuer.post("/authorize", data=authorization(username="operator", **wrong))

    assert asked.status_code == posted.status_code == 400
    assert "location" not in posted.headers


async def test_userinfo_needs_a_live_token(issuer: httpx.AsyncClient) -> None:
    """With a token the account's roles, without one 401."""
    value = (await token(issuer, username="auditor")).json()["access_token"]

    good = await issuer.get("/userinfo", headers={"authorization": f"Bearer {value}"})
    bad = await issuer.get("/userinfo", headers={"authorization": f"Bearer {value[:-4]}AAAA"})
    none = await issuer.get("/userinfo")

    assert (good.json()["sub"], good.json()["roles"]) == ("acc-auditor-01", ["auditor"])
    assert bad.status_code == none.status_code == 401


async def test_only_loopback_names_are_answered(issuer: httpx.AsyncClient) -> None:
    """A page of another site cannot reach the issuer under a name of its own."""
    answer = await issuer.get("/jwks", headers={"host": "evil.example"})

    assert answer.status_code == 400


async def test_the_published_keys_are_public(issuer: httpx.AsyncClient) -> None:
    """No private member leaves the process."""
    keys = (await issuer.get("/jwks")).json()["keys"]

    assert keys
    assert all("d" not in key for key in keys)


def test_without_the_development_flag_it_refuses_to_start() -> None:
    """It gives tokens to everybody, so it never starts by accident."""
    environment = {key: value for key, value in os.environ.items() if key != "TALENT_DEVELOPMENT"}

    done = subprocess.run(
        [sys.executable, "-m", "talent_local.issuer"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "TALENT_DEVELOPMENT=1" in done.stdout


def test_every_role_has_a_seeded_user() -> None:
    """Whatever a role may do can be tried at once."""
    seed = Seed.read(seed_path())
    everybody = [*seed.people.values(), *(client.person for client in seed.clients.values())]

    assert {role for person in everybody for role in person.roles} == GRANTABLE
    assert Role.SYSTEM not in GRANTABLE
