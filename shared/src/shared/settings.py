"""Settings that every service reads from its environment, with a prefix of its own (``SELECTION_DATABASE_URL``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kernel.clock import Clock, FileClock, SystemClock


class ServiceSettings(BaseSettings):
    """Common settings; a service subclasses it and sets ``env_prefix``.

    Raises:
        pydantic.ValidationError: at start, naming every missing or malformed variable.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str = Field(description="postgresql+asyncpg:// URL of the service's own database")
    event_log_url: str = Field(description="kafka://host:port,… or embedded+postgresql://…")
    internal_keys: Path = Field(description="JWKS file with the public keys of gateway and services")
    signing_key: Path = Field(description="this service's own private Ed25519 JWK, for service tokens")
    cursor_secret: SecretStr = Field(min_length=16, description="signs cursors of lists")
    vault_key: SecretStr | None = Field(default=None, description="base64 of 32 bytes; wraps the keys of the vault")
    vault_keys_retired: SecretStr | None = Field(
        default=None, description="earlier vault keys, comma separated, while the keys they wrapped are wrapped anew"
    )
    clock_file: Path | None = Field(default=None, description="single machine only: file with the business time")
    host: str = "127.0.0.1"
    port: int = 0
    pool_size: int = Field(default=10, ge=1, le=200)
    log_level: str = "info"

    def clock(self) -> Clock:
        """The business clock these settings ask for."""
        return SystemClock() if self.clock_file is None else FileClock(self.clock_file)
