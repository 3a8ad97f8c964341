"""``python -m talent_local.operating.rules``: the alerts as ``PrometheusRule``s for Kubernetes.

The one source is ``deploy/observability/rules``, which Prometheus reads as it is; kustomize cannot wrap a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from talent_local.home import checkout

SOURCE: Final = Path("deploy/observability/rules")
TARGET: Final = Path("deploy/k8s/components/monitoring/rules")
_HEAD: Final = "# Written by `python -m talent_local.operating.rules` from deploy/observability/rules; do not edit.\n"


def resources(root: Path) -> dict[str, str]:
    """File name → content of everything that belongs into the component, its kustomization included."""
    found: dict[str, Any] = {}
    for path in sorted((root / SOURCE).glob("*.yaml")):
        labels = {"name": "talent", "component": "rules", "part-of": "talent"}
        found[path.name] = {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {
                "name": f"talent-{path.stem}",
                "labels": {f"app.kubernetes.io/{key}": value for key, value in labels.items()},
            },
            "spec": yaml.safe_load(path.read_text(encoding="utf-8")),
        }
    kinds = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": sorted(found)}
    return {name: _HEAD + _text(content) for name, content in (found | {"kustomization.yaml": kinds}).items()}


def _text(content: Any) -> str:
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    return text


def main() -> None:
    """Write what is to be there and take away what is not."""
    wanted, target = resources(checkout()), checkout() / TARGET
    target.mkdir(parents=True, exist_ok=True)
    for path in target.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (target / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
