"""Puts the sessions together from the settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gateway.adapters.identity.jwks import IssuerKeys, fetch_json
from gateway.adapters.identity.verification import Verifier
from gateway.adapters.sessions.client_key import ClientKey
from gateway.adapters.sessions.cookies import Cookies
from gateway.adapters.sessions.provider import OidcClient, Registered, post_form
from gateway.adapters.sessions.sessions import Lasting, Sessions
from gateway.settings import GatewaySettings
from shared.http.running import Running
from shared.vault import Vault


def sessions_for(
    settings: GatewaySettings, running: Running[Any], keys: IssuerKeys, verifier: Verifier
) -> Sessions | None:
    """The sessions, or None where the provider knows no client for browsers.

    Raises:
        ValueError: a client without vault key, or without an origin that cookies can be bound to.
    """
    if not settings.oidc_client_id:
        return None
    if settings.vault_key is None:
        raise ValueError("sessions of browsers need GATEWAY_VAULT_KEY: their tokens are sealed with it")
    cookies = Cookies(settings.public_url)
    retired = settings.vault_keys_retired.get_secret_value().split(",") if settings.vault_keys_retired else ()
    secret = settings.oidc_client_secret
    registered = Registered(
        client=settings.oidc_client_id,
        secret="" if secret is None else secret.get_secret_value(),
        scopes=settings.oidc_scopes,
        resource=settings.oidc_resource,
        callback=f"{cookies.origin}/sign-in/callback",
        home=f"{cookies.origin}/",
        key=ClientKey.read(settings.oidc_client_key) if settings.oidc_client_key else None,
    )
    return Sessions(
        running,
        OidcClient(settings.oidc_issuer, registered, keys, fetch_json, post_form),
        verifier,
        Vault(settings.vault_key.get_secret_value(), retired),
        cookies,
        Lasting(timedelta(seconds=settings.session_idle_seconds), timedelta(seconds=settings.session_seconds)),
    )
