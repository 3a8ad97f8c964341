"""The settings of selection, from variables with the prefix ``SELECTION_``."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class SelectionSettings(ServiceSettings):
    """Selection needs the vault: ``vault_key`` is not optional here."""

    model_config = SettingsConfigDict(env_prefix="SELECTION_", extra="ignore", frozen=True)
