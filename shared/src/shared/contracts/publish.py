"""Writes the JSON Schema of every event beside the code: ``python -m shared.contracts.publish``.

The files are what other teams read; a contract test holds them equal to the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shared.contracts.envelope import SERVICES
from shared.contracts.event import REGISTRY, Event

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
SAMPLES = HERE / "samples"


def schema_of(contract: type[Event]) -> dict[str, Any]:
    """The JSON Schema 2020-12 of an event's payload."""
    name = contract.type_name()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:talent:schema:{name}",
    } | contract.model_json_schema()


def file_of(contract: type[Event]) -> Path:
    """Where the schema of ``contract`` is kept."""
    return SCHEMAS / contract.service / f"{contract.event}.v{contract.major}.json"


def publish() -> list[Path]:
    """Write every schema file and give the paths of those that changed."""
    changed = []
    for contract in REGISTRY.values():
        path, text = file_of(contract), json.dumps(schema_of(contract), indent=2, sort_keys=True) + "\n"
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            changed.append(path)
    return changed


if __name__ == "__main__":
    print(f"{len(publish())} schemas changed; {len(REGISTRY)} events of {len(SERVICES)} services")  # noqa: T201
