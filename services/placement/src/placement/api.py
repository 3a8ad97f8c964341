"""``python -m placement.api``: serve placement; ``--with-worker`` relays and consumes in the same process."""

from __future__ import annotations

from fastapi import FastAPI

from placement.service import SERVICE
from placement.settings import PlacementSettings
from shared.http.app import build_app
from shared.process import serve


def create_app(settings: PlacementSettings, *, with_worker: bool = False) -> FastAPI:
    """The application of placement."""
    return build_app(SERVICE, settings, with_worker=with_worker)


def main() -> None:
    """Serve until told to stop."""
    settings = PlacementSettings()
    serve("placement", settings, lambda with_worker: create_app(settings, with_worker=with_worker))


if __name__ == "__main__":
    main()
