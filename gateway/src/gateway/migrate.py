"""``python -m gateway.migrate``: brings the gateway's database to the schema of this release."""

from __future__ import annotations

from gateway.settings import GatewaySettings
from shared.work.migrations import migrate_from_command_line

if __name__ == "__main__":
    migrate_from_command_line("gateway", GatewaySettings().database_url)
