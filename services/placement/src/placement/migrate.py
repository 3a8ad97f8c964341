"""``python -m placement.migrate``: bring the database to the head of the migrations."""

from __future__ import annotations

from placement.settings import PlacementSettings
from shared.work.migrations import migrate_from_command_line


def main() -> None:
    """Migrate the database the settings name."""
    migrate_from_command_line("placement", PlacementSettings().database_url)


if __name__ == "__main__":
    main()
