"""Deferred acceptance with capacities, proposed by the trainees."""

from __future__ import annotations

from heapq import heappush, heapreplace
from typing import TYPE_CHECKING, Final

from placement.domain.matching.layout import _SHIFT, MASK, UNMATCHED, Layout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK: Final = 1 << 16
_OPEN: Final = 1 << 62


def deferred_acceptance(layout: Layout) -> list[int]:
    """The stable matching that is best for every seeker: the place of each, or ``UNMATCHED``.

    Gale and Shapley 1962, one proposal at a time; the result does not depend on the order of the proposals. People
    propose in the order of the roster, which places share within a level, so that few are ever sent away again; who is,
    begins anew, because a place that refused once refuses for ever. Beyond the wishes a person's next place is found in
    one look at the scores that places still take.
    """
    return _Acceptance(layout).run()


class _Acceptance:
    """The places, with the scores they hold: heaps of negative scores, the worst on top."""

    def __init__(self, layout: Layout) -> None:
        import numpy as np

        self.layout = layout
        self.size = layout.size
        self.held: list[list[int]] = [[] for _ in layout.capacity]
        self.limit: NDArray[np.int64] = np.array([_OPEN if free else -1 for free in layout.capacity], np.int64)
        self.result = [UNMATCHED] * self.size
        self.closed: dict[tuple[int, bool], int] = {}

    def run(self) -> list[int]:
        """Seat everybody."""
        start = self.layout.exact_start
        for low in range(0, self.size, _CHUNK):
            high = min(low + _CHUNK, self.size)
            bounds = start[low : high + 1].tolist()
            base = bounds[0]
            entries = self.layout.exact[base : bounds[-1]].tolist()
            for seeker in range(low, high):
                first, last = bounds[seeker - low] - base, bounds[seeker - low + 1] - base
                gone = self.wished(seeker, entries, first, last)
                if gone == seeker:
                    gone = self.later(seeker)
                while gone != UNMATCHED:
                    gone = self.again(gone)
        return self.result

    def again(self, seeker: int) -> int:
        """Somebody who was sent away; returns whom that sends away in turn."""
        start = self.layout.exact_start
        entries = self.layout.exact[start[seeker] : start[seeker + 1]].tolist()
        gone = self.wished(seeker, entries, 0, len(entries))
        return self.later(seeker) if gone == seeker else gone

    def wished(self, seeker: int, entries: list[int], first: int, last: int) -> int:
        """Ask wished places in turn; the seeker when none takes them, else who is sent away or ``UNMATCHED``."""
        size, held, capacity = self.size, self.held, self.layout.capacity
        for index in range(first, last):
            entry = entries[index]
            place = entry >> _SHIFT
            heap, score = held[place], -((entry & MASK) * size + seeker)
            free = capacity[place]
            if len(heap) < free:
                heappush(heap, score)
                self.result[seeker] = place
                if len(heap) == free:
                    self.limit[place] = -heap[0]
                return UNMATCHED
            if heap and score > heap[0]:
                self.result[seeker] = place
                gone = -heapreplace(heap, score) % size
                self.limit[place] = -heap[0]
                self.result[gone] = UNMATCHED
                return gone
        return seeker

    def later(self, seeker: int) -> int:
        """What comes after the wished places of the specialty; returns who is sent away, or ``UNMATCHED``."""
        layout = self.layout
        gone = self.beyond(seeker, related=False)
        if gone != seeker:
            return gone
        start = layout.related_start
        entries = layout.related[start[seeker] : start[seeker + 1]].tolist()
        gone = self.wished(seeker, entries, 0, len(entries))
        if gone != seeker:
            return gone
        gone = self.beyond(seeker, related=True)
        return UNMATCHED if gone == seeker else gone

    def beyond(self, seeker: int, *, related: bool) -> int:
        """Ask the places beyond the wishes in turn. Once none takes somebody, none takes a later one of the cell."""
        layout = self.layout
        cell = int(layout.instance.cell[seeker])
        key = (cell, related)
        places, add = layout.block(cell, related)
        if not len(places) or self.closed.get(key, self.size) <= seeker:
            return seeker
        taking = self.limit[places] > add + seeker
        if seeker in layout.declined:
            taking &= layout.free_of(seeker, places)
        turn = seeker % len(places)
        at = int(taking[turn:].argmax()) + turn
        if not taking[at]:
            at = int(taking.argmax())
        if not taking[at]:
            if seeker not in layout.declined:
                self.closed[key] = seeker
            return seeker
        entry = int(places[at]) << _SHIFT | int(add[at]) // self.size
        return self.wished(seeker, [entry], 0, 1)
