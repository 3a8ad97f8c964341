"""Merkle tree hash, inclusion and consistency proofs over SHA-256 (RFC 9162, section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of no entries."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: enough to append to it and to know its root.

    Args:
        size: number of leaves.
        peaks: roots of the perfect subtrees, largest first; one for every bit of ``size`` that is set.

    Raises:
        ValueError: when size and peaks do not fit together.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"{size} leaves have {size.bit_count()} peaks, not {len(self.peaks)}")

    def append(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        carry, rest = leaf, self.size
        while rest & 1:
            carry, rest = node_hash(self.peaks.pop(), carry), rest >> 1
        self.peaks.append(carry)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The tree's root."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over hashes of leaves."""
    edge = Frontier()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root


def inclusion_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root of ``leaves``.

    Raises:
        IndexError: when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_path(index, leaves[:split]), root_of(leaves[split:])]
    return [*inclusion_path(index - split, leaves[split:]), root_of(leaves[:split])]


def consistency_path(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that show that the first ``old`` of ``leaves`` are the tree of an earlier checkpoint.

    Raises:
        IndexError: unless 0 < old ≤ number of leaves.
    """
    if not 0 < old <= len(leaves):
        raise IndexError(old)
    return _subproof(old, leaves, whole=True)


def _subproof(old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = _split(len(leaves))
    if old <= split:
        return [*_subproof(old, leaves[:split], whole=whole), root_of(leaves[split:])]
    return [*_subproof(old - split, leaves[split:], whole=False), root_of(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True when ``path`` proves that ``leaf`` is entry ``index`` of the tree of ``size`` with ``root`` (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """True when ``path`` proves that the tree of ``new`` leaves begins with that of ``old`` (2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, each)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
