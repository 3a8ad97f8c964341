"""The fast way to canonical N-Quads gives what the general way gives, or refuses."""

from __future__ import annotations

import copy
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.adapters.certificates.quads import OtherShape, quads
from assessment.domain.certifying.certificate import HolderName
from assessment.domain.certifying.credential import achievement_credential
from assessment.domain.certifying.standing import LENGTH, StatusSlot, scattered
from shared.credentials import bitstring, canonical, vendored
from shared.credentials.integrity import proof_options

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in (*range(9), 11, 12, *range(14, 32), 127)]),
    min_size=1, max_size=30,
)  # fmt: skip
NAME = st.builds(HolderName, TEXT, st.none() | TEXT, st.none() | TEXT)
CREATED = datetime(2025, 8, 1, 3, 4, 5, tzinfo=UTC)


def credential(kit: Any, name: HolderName, number: str = "X-1", **more: Any) -> dict[str, Any]:
    """A credential as the mint makes it."""
    said: dict[str, Any] = {
        "session": "2024", "issued_on": date(2025, 8, 1), "valid_until": None, "issuer": "did:web:talent.example",
        "status": ("https://talent.example/v1/assessment/status-lists/0", 42),
    }  # fmt: skip
    return achievement_credential(UUID(int=7), number, name, kit.a_scheme(), **(said | more))


@given(NAME, TEXT, st.none() | st.dates(date(2000, 1, 1)), st.none() | st.integers(0, LENGTH - 1))
@settings(max_examples=150, deadline=None)
def test_the_fast_way_equals_the_general_way(
    kit: Any, name: HolderName, number: str, until: date | None, index: int | None
) -> None:
    """Whatever names, numbers and dates: the same bytes as PyLD, which equals the specification's vectors."""
    status = None if index is None else ("https://talent.example/v1/assessment/status-lists/3", index)
    made = credential(kit, name, number, valid_until=until, status=status)

    assert quads(made) == canonical.quads(made)


def test_lists_and_proofs_too(kit: Any) -> None:
    made = bitstring.list_credential(
        "https://t.example/l/1/revocation", "revocation", bitstring.packed([1, 99]), issuer="did:web:t.example",
        since=CREATED, lasts=timedelta(days=1), ttl=timedelta(minutes=5), said="As of 2025-08-01",
    )  # fmt: skip
    for contexts in ([vendored.CREDENTIALS_V2], [vendored.CREDENTIALS_V2, vendored.OPEN_BADGES_V3]):
        options = {"@context": contexts, **proof_options("did:web:t.example#k", CREATED)}
        assert quads(options) == canonical.quads(options)
    assert quads(made) == canonical.quads(made)


def parts(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member and element of a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in inside for found in [(*path, key), *parts(part, (*path, key))]]


def test_no_member_can_be_taken_away_added_or_retyped(kit: Any) -> None:
    """The same shape to the letter, or refused; nothing is passed over in silence."""
    made = credential(kit, HolderName("次仁", "ཚེ་རིང་།", "Tsering"), valid_until=date(2030, 1, 1))
    same = quads(made)
    for path in parts(made):
        for change in ("drop", "number", "list"):
            broken = copy.deepcopy(made)
            part = broken
            for key in path[:-1]:
                part = part[key]
            if change == "drop":
                del part[path[-1]]
            else:
                part[path[-1]] = {"number": 0, "list": [1]}[change]
            try:
                assert quads(broken) != same, (path, change)
            except OtherShape:
                continue
            assert path[0] in ("validUntil", "credentialStatus") or "identifier" in path, (path, change)


@pytest.mark.parametrize("extra", [{"evil": 1}, {"@context": []}, {"type": ["VerifiableCredential"]}])
def test_documents_of_others_are_refused(kit: Any, extra: dict[str, Any]) -> None:
    made = credential(kit, HolderName("次仁"))
    with pytest.raises(OtherShape):
        quads(made | extra)


def test_places_are_given_once_and_scattered() -> None:
    """Every place of a list exactly once; neighbours in time are no neighbours in the list."""
    key = b"k" * 32
    places = [scattered(serial, key) for serial in range(LENGTH)]

    assert {place.index for place in places} == set(range(LENGTH))
    assert {place.list for place in places} == {0}
    assert scattered(LENGTH + 5, key) == StatusSlot(1, places[5].index)
    near = sum(abs(one.index - two.index) < 100 for one, two in itertools.pairwise(places))
    assert near < LENGTH // 200
    assert scattered(5, b"j" * 32) != places[5]
