"""Deferred acceptance with capacities, proposed by the trainees; and the proof that no better pair is left."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappush, heapreplace

from placement.domain.matching.instance import GROUP_ONLY, Instance

UNMATCHED = -1


def deferred_acceptance(instance: Instance) -> list[int]:
    """The stable matching that is best for every seeker: the encoded choice of each, or ``UNMATCHED``.

    Gale and Shapley 1962; seekers propose from best to worst, a place keeps the best within its capacity. The result
    does not depend on the order of the proposals. A place's heap holds negative scores, the worst on top; a score
    modulo the number of seekers is the seeker.
    """
    size = len(instance.seekers)
    result = [UNMATCHED] * size
    held: list[list[int]] = [[] for _ in instance.places]
    capacity, wished = instance.capacity, instance.wished
    asked = [0] * size
    later: dict[int, Iterator[int]] = {}
    for first in range(size):
        seeker = first
        while True:
            wishes, position = wished[seeker], asked[seeker]
            if position < len(wishes):
                choice = wishes[position]
                asked[seeker] = position + 1
            else:
                if seeker not in later:
                    later[seeker] = instance.unwished(seeker)
                choice = next(later[seeker], UNMATCHED)
                if choice == UNMATCHED:
                    break
            heap, entry = held[choice >> 1], -((choice & GROUP_ONLY) * size + seeker)
            if len(heap) < capacity[choice >> 1]:
                heappush(heap, entry)
                result[seeker] = choice
                break
            if heap and entry > heap[0]:
                result[seeker] = choice
                seeker = -heapreplace(heap, entry) % size
                result[seeker] = UNMATCHED
    return result


def blocking_pairs(instance: Instance, matching: list[int]) -> int:
    """How many (seeker, place) would both rather have each other than what ``matching`` gives them; 0 is stable.

    Counted independently of how the matching came about: a place would rather have somebody when it has room, or when
    that person's score is better than the worst score it holds.
    """
    size = len(instance.seekers)
    taken = [0] * len(instance.places)
    worst = [-1] * len(instance.places)
    for seeker, choice in enumerate(matching):
        if choice != UNMATCHED:
            taken[choice >> 1] += 1
            worst[choice >> 1] = max(worst[choice >> 1], instance.score(seeker, choice))
    limit = [2 * size if taken[place] < room else worst[place] for place, room in enumerate(instance.capacity)]
    count = 0
    for seeker, own in enumerate(matching):
        for choice in instance.choices(seeker):
            if choice == own:
                break
            if (choice & GROUP_ONLY) * size + seeker < limit[choice >> 1]:
                count += 1
    return count
