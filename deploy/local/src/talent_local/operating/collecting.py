"""``python -m talent_local.operating.collecting``: the collector's configuration where kustomize can see it.

The one source is ``deploy/observability/collector``; kustomize reads no file outside its component.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from talent_local.home import checkout

SOURCE: Final = Path("deploy/observability/collector/collector.yaml")
TARGET: Final = Path("deploy/k8s/components/otel/settings/collector.yaml")
_HEAD: Final = (
    "# Written by `python -m talent_local.operating.collecting` from deploy/observability/collector; do not edit.\n"
)


def copied(root: Path) -> str:
    """What belongs into the component."""
    return _HEAD + (root / SOURCE).read_text(encoding="utf-8")


def main() -> None:
    """Write it."""
    (checkout() / TARGET).write_text(copied(checkout()), encoding="utf-8")


if __name__ == "__main__":
    main()
