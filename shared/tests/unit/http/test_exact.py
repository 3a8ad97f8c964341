"""What a request says is taken as written: nothing of a near type becomes what the contract asks for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.http.exact import Day, Moment
from shared.http.resources import Body


class _Line(Body):
    count: int
    day: date | None = None


class _Order(Body):
    lines: list[_Line]
    by_code: dict[str, int] = {}
    at: datetime | None = None
    thing: UUID | None = None
    whole: bool = False
    ratio: float = 0.5
    kind: Literal["a", "b"] = "a"
    either: int | str = 0


def test_what_fits_is_taken() -> None:
    """The types of the contract pass, as JSON writes them."""
    taken = _Order.model_validate(
        {
            "lines": [{"count": 2, "day": "2024-09-01"}], "by_code": {"x": 1}, "at": "2024-09-01T08:00:00+08:00",
            "thing": "00000000-0000-7000-8000-000000000000", "whole": True, "ratio": 1, "kind": "b", "either": "x",
        }
    )  # fmt: skip

    assert taken.lines == [_Line(count=2, day=date(2024, 9, 1))]
    assert taken.at == datetime(2024, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("lines", [{"count": "2"}]), ("lines", [{"count": 2.5}]), ("lines", [{"count": True}]),
        ("lines", [{"count": 2, "day": 0}]), ("lines", [{"count": 2, "day": "0"}]),
        ("lines", [{"count": 2, "day": "2024-09-01T00:00:00Z"}]), ("lines", [{"count": 2, "day": "20240901"}]),
        ("by_code", {"x": "1"}), ("at", 0), ("at", 0.5), ("at", "1725148800"), ("at", "2024-09-01"),
        ("at", "2024-09-01T08:00:00"), ("whole", 1), ("whole", "yes"), ("ratio", "0.5"), ("thing", 1),
    ],
)  # fmt: skip
def test_what_is_near_is_refused(member: str, value: Any) -> None:
    """A number as text, a text as truth value, seconds since 1970 as a date: refused, wherever they stand."""
    with pytest.raises(ValidationError):
        _Order.model_validate({"lines": [{"count": 2}]} | {member: value})


@pytest.mark.parametrize("written", ["2.0", "2e0", "20e-1", "-0.0", "9007199254740992.0"])
def test_a_whole_number_may_be_written_with_a_point(written: str) -> None:
    """JSON Schema 2020-12: 2.0 is an integer. It is taken as one, wherever an integer is asked."""
    number = json.loads(written)
    taken = _Order.model_validate({"lines": [{"count": number}], "by_code": {"x": number}, "either": number})

    assert [taken.lines[0].count, taken.by_code["x"], taken.either] == [int(number)] * 3
    assert type(taken.lines[0].count) is int


@pytest.mark.parametrize("written", ["2.5", "1e400", "-1e400", "1e-9", "9007199254740994.0", "1e300", "NaN"])
def test_what_is_no_whole_number_of_its_own_is_refused(written: str) -> None:
    """A fraction, and a float so large that it stands for several whole numbers."""
    with pytest.raises(ValidationError):
        _Order.model_validate({"lines": [{"count": json.loads(written)}]})


def test_the_published_schema_says_no_more_than_before() -> None:
    """Being exact changes no schema."""
    shown = _Order.model_json_schema()["properties"]

    assert shown["at"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert shown["whole"]["type"] == "boolean"


@pytest.mark.parametrize(("kind", "value"), [(Day, "0"), (Day, "1725148800"), (Moment, "0.5"), (Moment, "2024-09-01")])
def test_days_and_moments_of_a_query_are_exact(kind: Any, value: str) -> None:
    """A query says `2024-09-01` or `2024-09-01T08:00:00Z`, not seconds since 1970."""
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)
