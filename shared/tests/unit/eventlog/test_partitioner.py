"""The partitioner equals Kafka's."""

from __future__ import annotations

import pytest
from aiokafka.partitioner import murmur2 as aiokafka_murmur2
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.embedded_groups import deal
from shared.eventlog.partitioner import murmur2, partition_of
from shared.eventlog.port import Partition


@pytest.mark.parametrize(
    ("key", "signed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_murmur2_equals_the_vectors_of_kafka(key: bytes, signed: int) -> None:
    """The vectors are those of Kafka's own UtilsTest."""
    assert murmur2(key) == signed & 0xFFFFFFFF


@given(st.binary(max_size=64))
def test_murmur2_equals_the_client_library(key: bytes) -> None:
    """Any key, any length."""
    assert murmur2(key) == aiokafka_murmur2(key)


@given(st.text(max_size=40), st.integers(1, 64))
def test_every_key_has_a_partition(key: str, partitions: int) -> None:
    """Partitions are numbered from 0."""
    assert 0 <= partition_of(key, partitions) < partitions


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(1, 12), st.integers(1, 3))
def test_partitions_are_dealt_evenly_and_once(members: set[str], partitions: int, topics: int) -> None:
    """Every partition has one owner and no two members differ by more than one."""
    names = [f"t{nth}" for nth in range(topics)]
    places = [Partition(name, number) for name in names for number in range(partitions)]

    owners = deal(places, {member: set(names) for member in members})

    shares = [list(owners.values()).count(member) for member in members]
    assert set(owners) == set(places)
    assert max(shares) - min(shares) <= 1
