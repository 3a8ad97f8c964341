"""Stated numbers of a folder (``programmes/observations``) through the public interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from talent_local.trouble import Trouble

PATH = "/v1/observations"


def editions(folder: Path) -> list[dict[str, Any]]:
    """The content of every dataset of a folder in the order of their names; empty for a folder of policies.

    Raises:
        Trouble: a file is not YAML.
    """
    found = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise Trouble(f"{path} is not YAML: {error}") from error
        if isinstance(content, dict) and {"dataset", "rows"} <= content.keys():
            found.append(content)
    return found


def known_already(status: int, body: Any) -> bool:
    """True for the refusal of an edition that says what the newest one says."""
    return status == 409 and isinstance(body, dict) and body.get("code") == "same-edition"
