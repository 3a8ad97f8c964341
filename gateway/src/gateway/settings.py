"""Settings of the gateway, from variables with the prefix ``GATEWAY_``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from gateway.adapters.identity.claims import ClaimsMapping
from gateway.adapters.limits.limiter import FACTORS, LIMITS
from shared.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """What the door needs besides the common settings.

    The defaults of the claims fit Keycloak: realm roles, and a user attribute ``organisation`` mapped into the token.
    Keycloak must be told to set ``typ: at+jwt`` and to name the gateway in ``aud`` (an audience mapper).
    """

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", extra="ignore", frozen=True)

    oidc_issuer: str = Field(description="exact issuer; discovery is read below it")
    oidc_audience: str = Field(description="what the provider puts into `aud` for this gateway; never `account`")
    oidc_roles_claim: str = "realm_access.roles"
    oidc_organisation_claim: str = "organisation"
    oidc_role_names: dict[str, str] = Field(default_factory=dict, description="role name at the provider → our role")
    oidc_token_types: frozenset[str] = frozenset({"at+jwt", "application/at+jwt"})
    purposes: frozenset[str] = frozenset(
        {"case-handling", "agreement-printing", "certificate-printing", "payment", "audit", "statistics", "support"}
    )
    public_url: str = Field(default="", description="origin that people and QR codes use; empty for relative links")
    selection_url: str
    placement_url: str
    assessment_url: str
    funding_url: str
    trusted_proxies: frozenset[str] = Field(
        default=frozenset(), description="addresses whose X-Forwarded-For is believed; nobody by default"
    )
    verifications_per_minute: int = Field(default=20, ge=1, description="public verifications per client address")
    verifications_per_number: int = Field(
        default=20, ge=1, description="public verifications of one certificate number a minute, whoever asks"
    )
    limits: dict[str, str] = Field(
        default_factory=lambda: dict(LIMITS), description="kind of way → quota of one client, like 3000/minute"
    )
    limit_factors: dict[str, int] = Field(
        default_factory=lambda: dict(FACTORS), description="role → how many times more it may ask"
    )
    limit_storage: str = Field(
        default="", description="where replicas count together, like async+redis://host:6379; empty: each by itself"
    )
    seal_root: Path | None = Field(
        default=None,
        description="PEM of the authority under which papers are sealed; without it any unbroken seal does",
    )
    heartbeat_seconds: float = Field(default=15.0, gt=0, description="between comments of an idle event stream")

    def upstreams(self) -> dict[str, str]:
        """Address of every service."""
        return {
            "selection": self.selection_url,
            "placement": self.placement_url,
            "assessment": self.assessment_url,
            "funding": self.funding_url,
        }

    def claims(self) -> ClaimsMapping:
        """Where roles and organisation stand in a token."""
        return ClaimsMapping(self.oidc_roles_claim, self.oidc_organisation_claim, dict(self.oidc_role_names))
