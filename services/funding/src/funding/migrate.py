"""Brings the database to a revision: ``python -m funding.migrate [revision]``."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.work.migrations import migrate_from_command_line


class MigrationSettings(BaseSettings):
    """All that migrating needs to know."""

    model_config = SettingsConfigDict(env_prefix="FUNDING_", extra="ignore")

    database_url: str = Field(description="postgresql+asyncpg:// URL of the service's own database")


def main() -> None:
    """Migrate to the revision on the command line, by default the newest."""
    migrate_from_command_line("funding", MigrationSettings().database_url)


if __name__ == "__main__":
    main()
