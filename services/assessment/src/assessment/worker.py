"""The worker process: ``python -m assessment.worker`` relays, consumes and keeps due dates, without the API."""

from __future__ import annotations

from assessment.api import create_app
from assessment.settings import AssessmentSettings
from shared.logs import configure_logs
from shared.messaging.worker import run_worker


def main() -> None:
    """Work until told to stop."""
    settings = AssessmentSettings()
    configure_logs("assessment", settings.log_level)
    run_worker(create_app(settings, with_worker=True))


if __name__ == "__main__":
    main()
