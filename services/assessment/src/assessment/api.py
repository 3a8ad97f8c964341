"""The API process: ``python -m assessment.api``; with ``--with-worker`` also relay, consumer and due clock."""

from __future__ import annotations

from fastapi import FastAPI

from assessment.service import SERVICE
from assessment.settings import AssessmentSettings
from shared.http.app import build_app
from shared.process import serve


def create_app(settings: AssessmentSettings, *, with_worker: bool = False) -> FastAPI:
    """The application of this service."""
    return build_app(SERVICE, settings, with_worker=with_worker)


def main() -> None:
    """Serve until told to stop."""
    settings = AssessmentSettings()
    serve("assessment", settings, lambda with_worker: create_app(settings, with_worker=with_worker))


if __name__ == "__main__":
    main()
