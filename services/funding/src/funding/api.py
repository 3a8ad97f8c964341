"""The API process: ``python -m funding.api``; with ``--with-worker`` also relay, consumer and due clock."""

from __future__ import annotations

from fastapi import FastAPI

from funding.service import SERVICE
from funding.settings import FundingSettings
from shared.http.app import build_app
from shared.process import serve


def create_app(settings: FundingSettings, *, with_worker: bool = False) -> FastAPI:
    """The application of this service."""
    return build_app(SERVICE, settings, with_worker=with_worker)


def main() -> None:
    """Serve until told to stop."""
    settings = FundingSettings()
    serve("funding", settings, lambda with_worker: create_app(settings, with_worker=with_worker))


if __name__ == "__main__":
    main()
