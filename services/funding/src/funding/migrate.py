"""Brings the database of funding to a revision: ``python -m funding.migrate [revision] [--wait SECONDS]``."""

from __future__ import annotations

from shared.settings import database_url
from shared.work.migrations import migrate_from_command_line


def main() -> None:
    """Migrate to the revision on the command line, by default the newest; with ``--wait`` only wait for it."""
    migrate_from_command_line("funding", database_url("funding"))


if __name__ == "__main__":
    main()
