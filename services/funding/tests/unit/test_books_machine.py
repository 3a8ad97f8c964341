"""The books hold in random lives; and the machine that says so notices when a rule is taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from funding.domain.ledger.book import Book
from funding.domain.payments.instalment import Instalment
from funding.domain.standing import position
from funding.testing.histories import lives
from funding.testing.machine import Books
from funding.usecases.participations import keep_position

LIVES = lives(250)
"""``python -m funding.testing.histories 2000`` lives all that the issue asks for."""
FEW = lives(200)


def test_the_books_hold_whatever_happens() -> None:
    """No overdraft, no imbalance, no double payment, no rewrite, and who is settled has what is owed (I4)."""
    run_state_machine_as_test(Books, settings=LIVES)


def _no_clawback(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(position, "_clawback", lambda *_: {})


def _no_overdraft_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Book, "_forbid_overdraft", lambda *_: None)
    patch.setattr(keep_position, "_shortage", lambda *_: 0)


def _void_without_a_move(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Instalment, "void", lambda _: None)


@pytest.mark.parametrize("bug", [_no_clawback, _no_overdraft_check, _void_without_a_move])
def test_the_machine_finds_a_seeded_bug(bug: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with a rule taken away the same lives break an invariant."""
    bug(monkeypatch)

    with pytest.raises((AssertionError, LookupError)):
        run_state_machine_as_test(Books, settings=settings(FEW, phases=(Phase.generate,), derandomize=True))
