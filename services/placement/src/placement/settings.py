"""Settings of placement, from variables that begin with ``PLACEMENT_``."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class PlacementSettings(ServiceSettings):
    """What every service has, read with placement's prefix."""

    model_config = SettingsConfigDict(env_prefix="PLACEMENT_", extra="ignore", frozen=True)
