"""Certificate numbers: no gaps, and a check character that finds what fingers do."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.domain.certifying.numbering import NumberSequence, check_character, is_well_formed, series_of, tidy

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
payloads = st.text(ALPHABET, min_size=3, max_size=20)


def test_the_check_character_is_that_of_iso_7064() -> None:
    """The published example of ISO 7064 MOD 37,36: the GRid A1-2425G-ABC1234002-M."""
    assert check_character("A12425GABC1234002") == "M"


@settings(deadline=None)
@given(payloads, st.data())
def test_a_single_wrong_character_is_found(payload: str, data: st.DataObject) -> None:
    number = f"{payload}-{check_character(payload)}"
    place = data.draw(st.sampled_from([i for i, c in enumerate(number) if c != "-"]))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != number[place]]))

    assert is_well_formed(number)
    assert not is_well_formed(number[:place] + other + number[place + 1 :])


def test_nearly_all_swaps_of_neighbours_are_found() -> None:
    """Every pair of characters in every place of a real number; the standard does not promise all."""
    found = [
        check_character(f"XZTP4-{left}{right}24-0001") != check_character(f"XZTP4-{right}{left}24-0001")
        for left, right in itertools.combinations(ALPHABET, 2)
    ]

    assert sum(found) / len(found) > 0.95


def test_numbers_have_no_gaps_and_name_their_session(kit: Any) -> None:
    sequence = NumberSequence(id=UUID(int=1), series=series_of(kit.a_scheme().certificate, "2024"))

    drawn = [sequence.draw(4) for _ in range(3)]

    assert [number.rpartition("-")[0] for number in drawn] == ["XZTP4-2024-0001", "XZTP4-2024-0002", "XZTP4-2024-0003"]
    assert all(is_well_formed(number) for number in drawn)


def test_numbers_are_read_as_people_type_them() -> None:
    assert tidy(" xztp4-2024 -0001-k ") == "XZTP4-2024-0001-K"


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_well_formed_or_not_but_never_an_error(text: str) -> None:
    assert is_well_formed(tidy(text)) in {True, False}
