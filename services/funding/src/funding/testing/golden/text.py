"""A golden file: the story and its figures by hand, then the journal."""

from __future__ import annotations

import inspect

from funding.testing.golden.journal import journal
from funding.testing.golden.scenarios import SCENARIOS, names


async def golden(name: str) -> str:
    """What the golden file of a scenario must say."""
    story = SCENARIOS[name]
    said = inspect.cleandoc(story.__doc__ or "").splitlines()
    head = "\n".join(f"# {line}".rstrip() for line in said)
    office = await story()
    return f"{head}\n\n{journal(office.shelf.entries, names(office))}"
