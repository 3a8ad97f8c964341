"""Every answer of the door says which version of the interface gave it."""

from __future__ import annotations

from typing import Final

from gateway.adapters.contract.words import API_VERSION

STAMP: Final = (b"api-version", API_VERSION.encode())
"""The field ``API-Version``."""
