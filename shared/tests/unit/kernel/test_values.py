"""Money, ids, organisation paths, relations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.actor import Actor, Facets, Relation, Role, lies_within, stands
from shared.kernel.clock import FileClock
from shared.kernel.ids import id_source, uuid7
from shared.kernel.money import fen, yuan
from shared.kernel.refusals import Malformed
from shared.testing.actors import someone

AT = datetime(2024, 3, 1, tzinfo=UTC)


@given(st.integers(min_value=-(10**17) + 1, max_value=10**17 - 1))
def test_money_survives_the_way_out_and_back(amount: int) -> None:
    """Integer fen inside, decimal string outside, nothing lost."""
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize("bad", ["1.234", "1e3", "", "01", ".5", "1.", "NaN", "１", " 1", "1,000", 12.5, None, True])
def test_what_is_not_money_is_refused(bad: object) -> None:
    """A float, a third decimal or an exponent is never rounded silently."""
    with pytest.raises(Malformed):
        fen(bad)  # type: ignore[arg-type]


def test_ids_are_version_7_ordered_by_time_and_derived_from_the_seed() -> None:
    """RFC 9562 5.7; docs/decisions/0002."""
    draw, again, other = id_source("k"), id_source("k"), id_source("l")
    first, second = draw(AT), draw(AT)

    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert [again(AT), again(AT)] == [first, second]
    assert other(AT) != first
    assert uuid7(AT, b"\xff" * 10) < uuid7(AT + timedelta(milliseconds=1), bytes(10))
    assert id_source(None)(AT) != id_source(None)(AT)


def test_an_organisation_lies_within_whole_segments_only() -> None:
    """cn/540 is not above cn/54, and nobody is above the empty path."""
    assert lies_within("cn/54/5401", "cn/54")
    assert lies_within("cn/54", "cn/54")
    assert not lies_within("cn/540", "cn/54")
    assert not lies_within("cn/54", "")
    assert not lies_within(None, "cn")


@pytest.mark.parametrize("relation", [relation for relation in Relation if relation is not Relation.ANY])
def test_an_absent_facet_never_matches(relation: Relation) -> None:
    """A person outside the tree must not match a thing that names no organisation."""
    assert not stands(Actor("someone"), relation, Facets())
    assert not stands(someone(Role.UNIT_OFFICER), relation, Facets(unit="", host="", reviewer=""))


def test_the_file_clock_follows_its_file(tmp_path: Path) -> None:
    """The single machine's clock stands where the file says and runs when there is no file."""
    file = tmp_path / "clock"
    clock = FileClock(file)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    file.write_text("2024-07-01T09:00:00+08:00\n")
    assert clock.now() == datetime(2024, 7, 1, 1, tzinfo=UTC)
