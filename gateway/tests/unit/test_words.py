"""Words of the journey page: every member that a journey can hold has a Chinese and an English name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.adapters.pages.members import MEMBERS
from gateway.adapters.pages.words import WORDS
from gateway.domain.fingerprint import document
from gateway.testing.stories import ENDINGS, folded, story, woven

NOT_SHOWN = {"as_of", "currency", "amount"}


def members(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)


def test_every_member_of_every_ending_has_words() -> None:
    """gateway.md: zh-CN and en; a raw member name on a page is a missing word."""
    shown: set[str] = set()
    for number, ending in enumerate(ENDINGS):
        sections = document(folded(woven(story(number, ending), [])))["sections"]
        shown |= {name for section in sections.values() for name in members(section)}

    raw = {name for name in shown - set(WORDS) - set(MEMBERS) - NOT_SHOWN if len(name) < 30}
    assert shown
    assert raw == set()
