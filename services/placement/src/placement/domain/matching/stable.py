"""Deferred acceptance with capacities, proposed by the trainees; and the proof that nobody is left with a better pair."""

from __future__ import annotations

from heapq import heappush, heapreplace

from placement.domain.matching.instance import Instance

UNMATCHED = -1


def deferred_acceptance(instance: Instance) -> list[int]:
    """The stable matching that is best for every seeker: the encoded choice of each, or ``UNMATCHED``.

    Gale and Shapley 1962; seekers propose from best to worst, a place keeps the best within its capacity. The result
    does not depend on the order of the proposals. Time is linear in the number of proposals, times log(capacity).
    """
    result = [UNMATCHED] * len(instance.seekers)
    held: list[list[tuple[int, int]]] = [[] for _ in instance.places]
    capacity = instance.capacity
    choices = [instance.choices(seeker) for seeker in range(len(instance.seekers))]
    for first in range(len(instance.seekers)):
        seeker = first
        while True:
            choice = next(choices[seeker], UNMATCHED)
            if choice == UNMATCHED:
                break
            place = choice >> 1
            entry = (-instance.score(seeker, choice), seeker)
            heap = held[place]
            if len(heap) < capacity[place]:
                heappush(heap, entry)
                result[seeker] = choice
                break
            if heap and entry > heap[0]:
                _, rejected = heapreplace(heap, entry)
                result[seeker] = choice
                result[rejected] = UNMATCHED
                seeker = rejected
    return result


def blocking_pairs(instance: Instance, matching: list[int]) -> int:
    """How many (seeker, place) would both rather have each other than what ``matching`` gives them; 0 is stable.

    Counted independently of how the matching came about.
    """
    worst: dict[int, int] = {}
    taken: dict[int, int] = {}
    for seeker, choice in enumerate(matching):
        if choice == UNMATCHED:
            continue
        place = choice >> 1
        taken[place] = taken.get(place, 0) + 1
        worst[place] = max(worst.get(place, -1), instance.score(seeker, choice))
    count = 0
    for seeker, own in enumerate(matching):
        for choice in instance.choices(seeker):
            if choice == own:
                break
            place = choice >> 1
            free = taken.get(place, 0) < instance.capacity[place]
            if free or (instance.capacity[place] and instance.score(seeker, choice) < worst[place]):
                count += 1
    return count
