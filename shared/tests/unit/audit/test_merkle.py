"""RFC 9162, section 2.1: roots, inclusion and consistency, and that nothing else is accepted."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audit.merkle import (
    EMPTY,
    Frontier,
    consistency_path,
    extends,
    includes,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
)

ENTRIES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first 1 … 8 entries: the test vectors of the Certificate Transparency reference code."""

leaves = st.integers(1, 70).map(lambda size: [leaf_hash(str(n).encode()) for n in range(size)])


def test_the_roots_are_those_of_certificate_transparency() -> None:
    """The published vectors for one to eight entries, and the empty tree."""
    hashes = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]

    assert [root_of(hashes[: n + 1]).hex() for n in range(len(hashes))] == ROOTS
    assert root_of([]) == EMPTY == hashlib.sha256(b"").digest()


def _definition(hashes: list[bytes]) -> bytes:
    """MTH of the RFC, word by word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(_definition(hashes[:split]), _definition(hashes[split:]))


@given(leaves)
def test_appending_gives_the_root_of_the_definition(hashes: list[bytes]) -> None:
    assert root_of(hashes) == _definition(hashes)


@given(leaves, st.data())
def test_a_frontier_that_is_kept_goes_on_where_it_was(hashes: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(hashes)))
    edge = Frontier()
    for leaf in hashes[:cut]:
        edge.append(leaf)

    kept = Frontier(edge.size, edge.peaks)
    for leaf in hashes[cut:]:
        kept.append(leaf)

    assert kept.root == root_of(hashes)


@given(leaves, st.data())
def test_every_entry_is_proved_and_no_other(hashes: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, root = inclusion_path(index, hashes), root_of(hashes)

    assert includes(hashes[index], index, len(hashes), path, root)
    assert not includes(leaf_hash(b"another"), index, len(hashes), path, root)
    assert not includes(hashes[index], index + 1, len(hashes), path, root) or len(hashes) == 1
    assert not includes(hashes[index], index, len(hashes), [*path, root], root)
    assert not includes(hashes[index], len(hashes), len(hashes), path, root)


@given(leaves, st.data())
def test_every_later_tree_extends_every_earlier_one(hashes: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(hashes)))
    path = consistency_path(old, hashes)
    before, after = root_of(hashes[:old]), root_of(hashes)

    assert extends(old, len(hashes), path, before, after)
    assert not extends(old, len(hashes), path, leaf_hash(b"forged"), after)
    assert not extends(old, len(hashes), path, before, leaf_hash(b"forged"))
    assert not extends(old, len(hashes), [*path, before], before, after)


@given(leaves, st.data())
def test_a_rewritten_past_is_not_consistent(hashes: list[bytes], data: st.DataObject) -> None:
    """Flip, drop or swap an entry below an earlier checkpoint: no proof leads from it to the new tree."""
    old = data.draw(st.integers(1, len(hashes)))
    at = data.draw(st.integers(0, old - 1))
    forged = [*hashes[:at], leaf_hash(b"forged"), *hashes[at + 1 :]]

    assert not extends(old, len(forged), consistency_path(old, forged), root_of(hashes[:old]), root_of(forged))


def test_what_is_no_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, [EMPTY])
    with pytest.raises(IndexError):
        inclusion_path(2, [EMPTY])
    with pytest.raises(IndexError):
        consistency_path(0, [EMPTY])
