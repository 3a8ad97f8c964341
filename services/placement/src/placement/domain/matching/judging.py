"""Blocking pairs, counted from a matching alone, whatever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from placement.domain.matching.layout import _SHIFT, GROUP, MASK, UNMATCHED, Layout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger[Any]]


def blocking_pairs(layout: Layout, matching: list[int]) -> int:
    """How many (seeker, place) would both rather have each other than what ``matching`` gives them; 0 is stable.

    A place would rather have somebody when it has room, or when that person's score is better than the worst it holds.
    """
    import numpy as np

    size = layout.size
    own = np.asarray(matching, np.int64)
    limit = _limits(layout, own)
    matched = own >= 0
    level = np.full(size, GROUP * 2, np.int64)
    level[matched] = layout.level[layout.instance.cell[matched], own[matched]]
    count = 0
    wished = np.zeros(size, bool)
    for related, start, entries in (
        (False, layout.exact_start, layout.exact),
        (True, layout.related_start, layout.related),
    ):
        who = np.repeat(np.arange(size, dtype=np.int32), np.diff(start))
        place = (entries >> _SHIFT).astype(np.int32)
        better = (entries & MASK) * size + who < limit[place]
        number = (np.arange(len(who)) - start[who]).astype(np.int32)
        mine = place == own[who]
        at = np.full(size, len(who) + 1, np.int64)
        at[who[mine]] = number[mine]
        wished |= at <= len(who)
        here = (level >= GROUP) if related else np.ones(size, bool)
        count += int((better & (number < at[who]) & here[who]).sum())
        worse = ~(wished if not related else wished | (level < GROUP))
        count += _beyond(layout, own, limit, np.flatnonzero(worse), (who, place, better), related=related)
    return count


def _limits(layout: Layout, own: Ints) -> Ints:
    import numpy as np

    matched = np.flatnonzero(own >= 0)
    places = own[matched]
    taken = np.bincount(places, minlength=len(layout.capacity))
    worst = np.full(len(layout.capacity), -1, np.int64)
    score = layout.level[layout.instance.cell[matched], places].astype(np.int64) * layout.size + matched
    np.maximum.at(worst, places, score)
    limits: Ints = np.where(taken < np.array(layout.capacity, np.int64), layout.size * GROUP * 4, worst)
    return limits


def _beyond(
    layout: Layout,
    own: Ints,
    limit: Ints,
    seekers: Ints,
    wishes: tuple[Ints, Ints, NDArray[np.bool_]],
    *,
    related: bool,
) -> int:
    """Pairs with places beyond the wishes, for people who are matched there or further down."""
    import numpy as np

    who, place, better = wishes
    cells = layout.instance.cell
    counted = np.bincount(who[better], minlength=layout.size)
    found = 0
    for cell in np.unique(cells[seekers]).tolist():
        places, add = layout.block(cell, related)
        if not len(places):
            continue
        mine = seekers[cells[seekers] == cell]
        room = np.sort(limit[places] - add)
        some = mine[len(room) - np.searchsorted(room, mine, side="right") > counted[mine]]
        for seeker in some.tolist():
            open_ = limit[places] > add + seeker
            open_ &= layout.free_of(seeker, places)
            open_ &= ~np.isin(places, place[who.searchsorted(seeker) : who.searchsorted(seeker, side="right")])
            turn = seeker % len(places)
            ahead = np.arange(len(places))
            ahead = np.where(ahead >= turn, ahead - turn, ahead - turn + len(places))
            at = np.flatnonzero(places == own[seeker])
            if own[seeker] != UNMATCHED and len(at):
                open_ &= ahead < ahead[at[0]]
            found += int(open_.sum())
    return found
