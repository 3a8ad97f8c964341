"""The API process: ``python -m selection.api``; with ``--with-worker`` also relay, consumer and due clock."""

from __future__ import annotations

from fastapi import FastAPI

from selection.service import SERVICE
from selection.settings import SelectionSettings
from shared.http.app import build_app
from shared.process import serve


def create_app(settings: SelectionSettings, *, with_worker: bool = False) -> FastAPI:
    """The application of selection."""
    return build_app(SERVICE, settings, with_worker=with_worker)


def main() -> None:
    """Serve until told to stop."""
    settings = SelectionSettings()
    serve("selection", settings, lambda with_worker: create_app(settings, with_worker=with_worker))


if __name__ == "__main__":
    main()
