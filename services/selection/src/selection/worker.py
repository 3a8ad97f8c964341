"""The worker process: ``python -m selection.worker`` relays, consumes and keeps due dates, without the API."""

from __future__ import annotations

from selection.api import create_app
from selection.settings import SelectionSettings
from shared.messaging.worker import run_worker


def main() -> None:
    """Work until told to stop."""
    run_worker(create_app(SelectionSettings(), with_worker=True))


if __name__ == "__main__":
    main()
