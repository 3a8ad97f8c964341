"""Whatever this service refuses has a Chinese wording."""

from __future__ import annotations

import re
from pathlib import Path

import assessment
from assessment.adapters.http.messages import ZH
from shared.http.messages import ZH as PLUMBING

RAISED = re.compile(
    r'(?:Conflict|NotFound|Forbidden|RuleViolated|Malformed|StaleVersion|Unavailable|Finding)\(\s*"([a-z-]+)"'
)


def test_every_code_has_a_chinese_wording() -> None:
    source = Path(assessment.__file__).parent
    raised = {code for path in source.rglob("*.py") for code in RAISED.findall(path.read_text(encoding="utf-8"))}

    assert len(raised) > 40
    assert raised - set(ZH) - set(PLUMBING) == set()


def test_no_wording_is_left_over() -> None:
    source = Path(assessment.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py") if path.name != "messages.py")

    assert {name for name in ZH if f'"{name}"' not in code} == set()
