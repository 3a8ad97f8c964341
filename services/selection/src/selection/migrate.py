"""Migrates the database of selection: ``python -m selection.migrate [revision]``."""

from __future__ import annotations

from selection.settings import SelectionSettings
from shared.work.migrations import migrate_from_command_line

if __name__ == "__main__":
    migrate_from_command_line("selection", SelectionSettings().database_url)
