"""Settings that every service reads from its environment, with a prefix of its own (``SELECTION_DATABASE_URL``)."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from shared.kernel.clock import Clock, FileClock, SystemClock

SECRETS = "TALENT_SECRETS"
"""Variable that names a folder of mounted secrets: a file per setting, named like its variable."""


class Environment(BaseSettings):
    """Settings from variables and, where ``TALENT_SECRETS`` names a folder, from its files; a variable wins.

    What is secret then never stands in the environment of a process, which children inherit and dumps show.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is handed in, then variables, then files."""
        del dotenv_settings, file_secret_settings  # no .env file; the folder is known only now
        folder = os.environ.get(SECRETS)
        files = (SecretsSettingsSource(settings_cls, secrets_dir=folder),) if folder else ()
        return init_settings, env_settings, *files


class ServiceSettings(Environment):
    """Common settings; a service subclasses it and sets ``env_prefix``.

    Raises:
        pydantic.ValidationError: at start, naming every missing or malformed variable.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str = Field(description="postgresql+asyncpg:// URL of the service's own database")
    event_log_url: str = Field(
        description="kafka://host:port,…, kafka+ssl://host:port,…?ca=…&certificate=…&key=…, or embedded+postgresql://…"
    )
    internal_keys: Path = Field(description="JWKS file with the public keys of gateway and services")
    signing_key: Path = Field(description="this service's own private Ed25519 JWK, for service tokens")
    cursor_secret: SecretStr = Field(min_length=16, description="signs cursors of lists")
    cursor_secrets_retired: SecretStr | None = Field(
        default=None, description="other cursor secrets that are read, comma separated: around a rotation"
    )
    vault_key: SecretStr | None = Field(default=None, description="base64 of 32 bytes; wraps the keys of the vault")
    vault_keys_retired: SecretStr | None = Field(
        default=None, description="earlier vault keys, comma separated, while the keys they wrapped are wrapped anew"
    )
    clock_file: Path | None = Field(default=None, description="single machine only: file with the business time")
    host: str = "127.0.0.1"
    port: int = 0
    pool_size: int = Field(default=10, ge=1, le=200)
    log_level: str = "info"

    def retired_cursor_secrets(self) -> list[str]:
        """Cursor secrets that are read besides the one that signs."""
        given = self.cursor_secrets_retired.get_secret_value() if self.cursor_secrets_retired else ""
        return [each.strip() for each in given.split(",") if each.strip()]

    def clock(self) -> Clock:
        """The business clock these settings ask for."""
        return SystemClock() if self.clock_file is None else FileClock(self.clock_file)


def database_url(member: str) -> str:
    """The one setting that migrating needs, ``<MEMBER>_DATABASE_URL``.

    Raises:
        pydantic.ValidationError: it is given nowhere.
    """

    class Database(Environment):
        model_config = SettingsConfigDict(env_prefix=f"{member.upper()}_", extra="ignore")

        database_url: str

    return Database().database_url
