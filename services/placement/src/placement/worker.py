"""``python -m placement.worker``: relay, consumer and due clock without the API."""

from __future__ import annotations

from placement.api import create_app
from placement.settings import PlacementSettings
from shared.messaging.worker import run_worker


def main() -> None:
    """Work until told to stop."""
    run_worker(create_app(PlacementSettings(), with_worker=True))


if __name__ == "__main__":
    main()
