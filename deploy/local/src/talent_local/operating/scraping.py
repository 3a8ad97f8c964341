"""``python -m talent_local.operating.scraping FOLDER``: the shipped Prometheus configuration for the platform of this machine.

Only the addresses differ: the processes that `talent up` started, and the rules of this checkout. Then
``prometheus --config.file FOLDER/prometheus.yml``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import yaml

from talent_local.home import Home, checkout
from talent_local.operating.asked import RULES
from talent_local.running.plan import Plan
from talent_local.running.ports import HOST

SHIPPED: Final = Path("deploy/observability/prometheus/prometheus.yml")
OWN_SERVERS: Final = frozenset({"issuer"})
"""Programs of development that no real system has."""


def configuration(root: Path, plan: Plan) -> dict[str, Any]:
    """What is shipped, asking the programs of ``plan``."""
    content: dict[str, Any] = yaml.safe_load((root / SHIPPED).read_text(encoding="utf-8"))
    content["rule_files"] = [str(root / RULES / "*.yaml")]
    for job in content["scrape_configs"]:
        job["static_configs"] = [
            {"targets": [f"{HOST}:{each.port}" for each in plan.programs if each.name not in OWN_SERVERS]}
        ]
    return content


def main(folder: str) -> None:
    """Write it."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    content = configuration(checkout(), Plan.read(Home.find()))
    (place / "prometheus.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
