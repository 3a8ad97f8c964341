"""Every posting of the golden scenarios is the one in the file, which was checked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from funding.testing.golden.scenarios import SCENARIOS
from funding.testing.golden.text import golden

FILES = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_every_posting_is_the_one_in_the_file(name: str) -> None:
    """Anew: ``python -m funding.testing.golden services/funding/tests/golden``."""
    assert await golden(name) == (FILES / f"{name}.txt").read_text(encoding="utf-8")


def test_every_file_has_its_scenario() -> None:
    """No golden file is left behind."""
    assert {path.stem for path in FILES.glob("*.txt")} == set(SCENARIOS)
