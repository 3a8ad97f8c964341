"""Check-ins are an input to no decision: no event carries them and no other service knows the word (domain.md 7.4)."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from shared.contracts.event import REGISTRY

WORD = re.compile(r"check_?-?in|welfare.?contact", re.IGNORECASE)


def test_no_event_speaks_of_them() -> None:
    """Neither in its name nor in a member, of any service."""
    names = set(REGISTRY) | {member for each in REGISTRY.values() for member in each.model_fields}

    assert len(names) > 100
    assert {name for name in names if WORD.search(name)} == set()


def test_no_other_service_and_no_read_model_knows_them() -> None:
    """Selection, assessment, funding and the gateway have no line of code that could ask for one."""
    found = []
    for package in ("selection", "assessment", "funding", "gateway"):
        root = Path(str(import_module(package).__file__)).parent
        files = list(root.rglob("*.py"))
        assert len(files) > 40
        found += [
            str(path) for path in files if re.search(r"checkins?\b|welfare.?contact", path.read_text(encoding="utf-8"))
        ]

    assert found == []
