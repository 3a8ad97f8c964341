"""Brings the database of assessment to a revision: ``python -m assessment.migrate [revision] [--wait SECONDS]``."""

from __future__ import annotations

from shared.settings import database_url
from shared.work.migrations import migrate_from_command_line


def main() -> None:
    """Migrate to the revision on the command line, by default the newest; with ``--wait`` only wait for it."""
    migrate_from_command_line("assessment", database_url("assessment"))


if __name__ == "__main__":
    main()
