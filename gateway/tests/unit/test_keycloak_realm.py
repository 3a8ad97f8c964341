"""The shipped Keycloak realm fits the settings: what the gateway looks for in a token is what the realm puts there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.adapters.identity.claims import NEVER
from gateway.settings import GatewaySettings, MachineClient
from gateway.testing.upstream import AUDIENCE
from shared.kernel.actor import Role

FILE = Path(__file__).parents[3] / "deploy" / "keycloak" / "realm-talent.json"


@pytest.fixture(scope="module")
def realm() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def client(realm: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in realm["clients"] if each["clientId"] == name)


def claims(realm: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Mappers of the scope ``talent`` by the claim they write."""
    (scope,) = (each for each in realm["clientScopes"] if each["name"] == "talent")
    fixed = {"oidc-audience-mapper": "aud", "oidc-sub-mapper": "sub"}
    return {
        each["config"].get("claim.name") or fixed[each["protocolMapper"]]: each["config"]
        for each in scope["protocolMappers"]
    }


def test_the_roles_are_ours_but_those_inside_the_platform(realm: dict[str, Any]) -> None:
    assert [role["name"] for role in realm["roles"]["realm"]] == [role.value for role in Role if role not in NEVER]


def test_the_claims_stand_where_the_gateway_looks_by_default(realm: dict[str, Any]) -> None:
    fields = GatewaySettings.model_fields
    found = claims(realm)

    assert set(found) == {"aud", "sub", fields["oidc_roles_claim"].default, fields["oidc_organisation_claim"].default}
    assert found["aud"]["included.client.audience"] == AUDIENCE
    assert found[fields["oidc_roles_claim"].default]["multivalued"] == "true"
    assert all(config["access.token.claim"] == "true" for config in found.values())


@pytest.mark.parametrize("name", ["talent-gateway-bff", "agency-personnel"])
def test_access_tokens_say_what_they_are_and_carry_the_scope(realm: dict[str, Any], name: str) -> None:
    """``typ: at+jwt`` is off unless a client asks for it (Keycloak 26.2 and later)."""
    found = client(realm, name)

    assert found["attributes"]["access.token.header.type.rfc9068"] == "true"
    assert found["attributes"]["access.token.signed.response.alg"] == "ES256"
    assert "talent" in found["defaultClientScopes"]


def test_browsers_need_the_secret_and_pkce_and_can_be_signed_out(realm: dict[str, Any]) -> None:
    found = client(realm, "talent-gateway-bff")

    assert (found["publicClient"], found["standardFlowEnabled"], found["implicitFlowEnabled"]) == (False, True, False)
    assert found["attributes"]["pkce.code.challenge.method"] == "S256"
    assert all(place.endswith("/sign-in/callback") for place in found["redirectUris"])
    assert found["attributes"]["backchannel.logout.url"].endswith("/sign-out/back-channel")
    assert (realm["revokeRefreshToken"], realm["refreshTokenMaxReuse"]) == (True, 0)


def test_a_machine_proves_itself_by_key_and_has_no_other_way_in(realm: dict[str, Any]) -> None:
    found = client(realm, "agency-personnel")

    assert found["clientAuthenticatorType"] == "client-jwt"
    assert found["serviceAccountsEnabled"] is True
    assert not any(found[f"{flow}Enabled"] for flow in ("standardFlow", "implicitFlow", "directAccessGrants"))
    assert MachineClient(role=Role.AGENCY, organisation="cn/54").role is Role.AGENCY


def test_every_scope_that_is_named_is_there(realm: dict[str, Any]) -> None:
    """A realm that brings scopes gets none of Keycloak's own, so one that is only named would be left out."""
    named = {scope for each in realm["clients"] for scope in each.get("defaultClientScopes", [])}

    assert named <= {scope["name"] for scope in realm["clientScopes"]}


def test_the_organisation_is_known_and_written_by_administrators_only(realm: dict[str, Any]) -> None:
    """Keycloak drops attributes that the profile does not name."""
    (provider,) = realm["components"]["org.keycloak.userprofile.UserProfileProvider"]
    profile = json.loads(provider["config"]["kc.user.profile.config"][0])
    (organisation,) = (each for each in profile["attributes"] if each["name"] == "organisation")

    assert organisation["permissions"]["edit"] == ["admin"]
    assert not any("required" in each for each in profile["attributes"])


def test_no_secret_is_shipped(realm: dict[str, Any]) -> None:
    assert not any("secret" in each for each in realm["clients"])
    assert "users" not in realm
