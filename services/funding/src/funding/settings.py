"""Settings of funding, from ``FUNDING_…`` variables."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class FundingSettings(ServiceSettings):
    """What funding needs besides the common settings."""

    model_config = SettingsConfigDict(env_prefix="FUNDING_", extra="ignore", frozen=True)
