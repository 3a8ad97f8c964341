"""A question about a number that exists costs exactly what one about a number that does not costs (C-02)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event

from assessment.domain.certifying.numbering import check_character
from shared.vault import Vault


async def test_unknown_number_and_wrong_name_cost_the_same_work(road: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same statements, the same number of things unsealed, the same bytes in the answer: no clock is needed."""
    [certificate] = await road.certified(1)
    unknown = f"XZTP4-2024-9999-{check_character('XZTP4-2024-9999')}"
    work: Counter[str] = Counter()
    engine = road.service.running.engine.sync_engine
    unsealed = Vault.open

    def statement(*arguments: Any) -> None:
        work[arguments[2]] += 1

    def opened(vault: Vault, *arguments: Any) -> str:
        work["unsealed"] += 1
        return unsealed(vault, *arguments)

    monkeypatch.setattr(Vault, "open", opened)
    event.listen(engine, "before_cursor_execute", statement)
    costs, answers = [], []
    try:
        for number in (certificate["number"], unknown, certificate["number"], unknown):
            work.clear()
            answers.append(await road.verify(number=number, name="无此人"))
            costs.append(dict(work))
    finally:
        event.remove(engine, "before_cursor_execute", statement)

    assert costs[0] == costs[1] == costs[2] == costs[3]
    assert costs[0]["unsealed"] == 1
    assert len({answer.content for answer in answers}) == 1
