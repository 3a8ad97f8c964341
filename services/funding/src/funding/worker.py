"""The worker process: ``python -m funding.worker`` relays, consumes and keeps due dates, without the API."""

from __future__ import annotations

from funding.api import create_app
from funding.settings import FundingSettings
from shared.messaging.worker import run_worker


def main() -> None:
    """Work until told to stop."""
    run_worker(create_app(FundingSettings(), with_worker=True))


if __name__ == "__main__":
    main()
