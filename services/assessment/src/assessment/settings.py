"""Settings of this service, from ``ASSESSMENT_…`` variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class AssessmentSettings(ServiceSettings):
    """What this service needs besides the common settings."""

    model_config = SettingsConfigDict(env_prefix="ASSESSMENT_", extra="ignore", frozen=True)

    vault_key: SecretStr = Field(description="base64 of 32 bytes; seals names and credentials")
    certificate_key: Path = Field(
        description="ring of keys: a JWKS (or one private JWK, P-256 or Ed25519, with a kid); read again when replaced"
    )
    certificate_keys_retired: Path | None = Field(default=None, description="JWKS of keys that only verify")
    signer_token: SecretStr | None = Field(
        default=None, description="X-Vault-Token for keys of the ring that a key service holds"
    )
    seal_key: Path | None = Field(default=None, description="PKCS#8 PEM of the seal on papers, RSA or P-256")
    seal_certificates: Path | None = Field(default=None, description="PEM chain of the seal, its own certificate first")
    seal_timestamps: str | None = Field(default=None, description="address of an RFC 3161 service: seals become B-T")
    presses: int = Field(default=2, ge=1, le=16, description="processes that print a session, one per core to be used")
    vc_api_key: Path | None = Field(
        default=None,
        description="only for conformance tests: a private Ed25519 JWK of its own, with which anybody may have credentials "
        "signed at /v1/assessment/vc-api; never set it where certificates are issued",
    )

    @property
    def retired_vault_keys(self) -> list[str]:
        """Earlier keys of the vault that still open what they wrapped."""
        given = self.vault_keys_retired.get_secret_value() if self.vault_keys_retired else ""
        return [each.strip() for each in given.split(",") if each.strip()]

    selection_url: str = Field(description="base URL of selection, where names are asked for")
    public_url: str = Field(
        default="http://127.0.0.1:8080", description="base URL of the public door; credentials and QR links name it"
    )
