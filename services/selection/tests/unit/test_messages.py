"""Whatever selection refuses has Chinese words."""

from __future__ import annotations

import re
from pathlib import Path

import selection
from selection.adapters.http.messages import ZH
from shared.http.messages import ZH as PLUMBING

UNTRANSLATED = {"shape", "contradiction", "rule-unmet"}
"""Findings about the text of a policy name members of it; an unmet rule brings its own words."""


def test_every_refusal_has_chinese_words() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(next(iter(selection.__path__))).rglob("*.py"))
    raised = set(re.findall(r'(?:Malformed|NotFound|Forbidden|Conflict|RuleViolated|Finding)\(\s*"([a-z-]+)"', source))
    declared = set(re.findall(r'"uq_\w+": \("([a-z-]+)"', source))

    assert raised | declared
    assert (raised | declared) - UNTRANSLATED - set(ZH) - set(PLUMBING) == set()
