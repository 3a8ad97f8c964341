"""The worker process: ``python -m assessment.worker`` relays, consumes and keeps due dates, without the API."""

from __future__ import annotations

from assessment.api import create_app
from assessment.settings import AssessmentSettings
from shared.messaging.worker import run_worker


def main() -> None:
    """Work until told to stop."""
    run_worker(create_app(AssessmentSettings(), with_worker=True), probe_port=None)


if __name__ == "__main__":
    main()
