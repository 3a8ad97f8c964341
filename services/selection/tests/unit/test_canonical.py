"""Canonical JSON after RFC 8785: the rules of the text, each with its case."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from selection.domain.roster.canonical import canonical_json, is_canonical

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | some.text(some.characters(codec="utf-8")),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_members_are_ordered_by_utf16_code_units() -> None:
    """Section 3.2.3: a character beyond the basic plane sorts by its surrogates, before U+FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]

    written = json.loads(canonical_json(dict.fromkeys(names)))

    assert list(written) == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_strings_take_the_shortest_escapes_and_nothing_else() -> None:
    """Section 3.2.2.2: two-letter escapes, lower-case hexadecimal escapes below U+0020, everything else as itself."""
    assert canonical_json('€$\x0f\nA\'B"\\\\"/\x7f') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"'
    assert canonical_json("\b\t\f\r\x00\u2028") == '"\\b\\t\\f\\r\\u0000\u2028"'


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (True, "true"), (0, "0"), (-7, "-7"), (2**53 - 1, "9007199254740991"), ([], "[]"), ({}, "{}"),
     ({"b": [1, {"d": 1, "c": "x"}], "a": False}, '{"a":false,"b":[1,{"c":"x","d":1}]}')],
)  # fmt: skip
def test_literals_and_structure(value: object, text: str) -> None:
    """Section 3.2.1 and 3.2.2: no blanks, the order of arrays is kept."""
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {1: "x"}, "\ud800", {"\udfff": 1}, b"x", {1, 2}])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    """Section 3.2.2.3 and 3.2.4: no number that a double cannot hold, no lone surrogate."""
    with pytest.raises(ValueError):  # noqa: PT011 - several kinds of the same error
        canonical_json(value)


@given(VALUES)
def test_reading_and_writing_again_changes_nothing(value: object) -> None:
    """The form is a fixed point, whatever the order it came in; any blank or reordering is another text."""
    text = canonical_json(value)

    assert canonical_json(json.loads(text)) == text
    assert is_canonical(text)
    assert not is_canonical(text + " ")


@pytest.mark.parametrize("text", ['{"b":1,"a":2}', '{"a": 1}', '{"a":1,"a":1}', "1.0", "NaN", "[", '"\\u0041"'])
def test_other_texts_are_not_canonical(text: str) -> None:
    """A document that was rewritten is not the document."""
    assert not is_canonical(text)
