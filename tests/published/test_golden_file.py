"""What is published is what is committed, and no client of the last release breaks on it unless that was decided."""

from __future__ import annotations

import orjson

from gateway.testing import contract as files
from gateway.testing.compatibility import breaking_changes


def test_the_committed_document_is_what_is_published(published: bytes) -> None:
    """Every change of the interface is seen in review. ``make contract`` writes the file anew."""
    assert files.GOLDEN.read_bytes() == published, "docs/api/openapi.json is old; say: make contract"


def test_nobody_breaks_on_what_has_changed_since_the_release(published: bytes) -> None:
    """Only what is listed with its reason in ``accepted-breaks.txt`` may break a client; nothing is listed in vain."""
    found = breaking_changes(orjson.loads(files.RELEASED.read_bytes()), files.bare(orjson.loads(published)))

    assert found == sorted(files.accepted())
