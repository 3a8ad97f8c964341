"""Settings of the gateway, from variables with the prefix ``GATEWAY_``."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, PositiveFloat, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from gateway.adapters.identity.claims import ClaimsMapping, Machine
from gateway.adapters.limits.limiter import FACTORS, LIMITS
from gateway.domain.webhooks.retrying import GIVE_UP, SCHEDULE
from shared.kernel.actor import Role
from shared.settings import ServiceSettings


class MachineClient(BaseModel):
    """What a machine may do here, whatever its token says of roles."""

    role: Role
    organisation: str = Field(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")


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
    oidc_client_id: str = Field(default="", description="confidential client of browsers; empty: no sign-in here")
    oidc_client_secret: SecretStr | None = Field(default=None, description="none for a public client with PKCE only")
    oidc_client_key: Path | None = Field(
        default=None, description="PEM of our private key (P-256, Ed25519) for private_key_jwt; wins over a secret"
    )
    oidc_scopes: str = "openid"
    oidc_resource: str = Field(default="", description="RFC 8707 resource indicator, where the provider wants one")
    session_idle_seconds: int = Field(default=1800, ge=60, description="a session ends after so long without use")
    session_seconds: int = Field(default=36000, ge=60, description="a session ends after so long in any case")
    machine_clients: dict[str, MachineClient] = Field(
        default_factory=dict, description="client id → role and organisation, as JSON"
    )
    purposes: frozenset[str] = frozenset(
        {"case-handling", "agreement-printing", "certificate-printing", "payment", "audit", "statistics", "support"}
    )
    public_url: str = Field(default="", description="origin that people and QR codes use; empty for relative links")
    selection_url: str
    placement_url: str
    assessment_url: str
    funding_url: str
    trusted_proxies: frozenset[str] = Field(
        default=frozenset(), description="addresses or networks whose X-Forwarded-For is believed; nobody by default"
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

    webhook_ports: frozenset[int] = Field(default=frozenset({443, 8443}), description="ports that webhooks may lead to")
    webhook_loopback: bool = Field(
        default=False, description="development only: webhooks may lead to this machine, without TLS and on any port"
    )
    webhook_retries: tuple[PositiveFloat, ...] = Field(
        default=SCHEDULE, min_length=1, description="seconds before the second, third … attempt, as a JSON array"
    )
    webhook_give_up_seconds: float = Field(
        default=GIVE_UP.total_seconds(), gt=0, description="of failure without a success; then a webhook is disabled"
    )
    webhook_attempt_seconds: float = Field(default=20.0, gt=0, description="for one attempt to deliver")
    webhook_lease_seconds: float = Field(
        default=60.0, gt=0, description="how long a process that died keeps others from a webhook; 3 attempts or more"
    )
    webhooks_per_organisation: int = Field(default=20, ge=1, description="webhooks that one organisation may keep")

    @model_validator(mode="after")
    def _loopback_stays_at_home(self) -> Self:
        """Refuse the setting of a developer where others reach the gateway."""
        host = urlsplit(self.public_url).hostname
        if self.webhook_loopback and host not in {None, "localhost", "127.0.0.1", "::1"}:
            raise ValueError("GATEWAY_WEBHOOK_LOOPBACK is for development: GATEWAY_PUBLIC_URL is not on this machine")
        return self

    @model_validator(mode="after")
    def _leases_outlast_attempts(self) -> Self:
        """Refuse a lease that a living process could lose between two deliveries."""
        if self.webhook_lease_seconds < 3 * self.webhook_attempt_seconds:
            raise ValueError(
                "GATEWAY_WEBHOOK_LEASE_SECONDS must be three times GATEWAY_WEBHOOK_ATTEMPT_SECONDS or more"
            )
        return self

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
        machines = {name: Machine(each.role, each.organisation) for name, each in self.machine_clients.items()}
        return ClaimsMapping(self.oidc_roles_claim, self.oidc_organisation_claim, dict(self.oidc_role_names), machines)
