"""Two hosts and more at the same time: each has a share of the days, and together never more than the whole (M-04)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment, SegmentState, live
from shared.kernel.refusals import RuleViolated

WHOLE = 100


@dataclass(frozen=True, slots=True)
class HostShare:
    """The share of one host, in percent; the first of a list is the host that answers for the placement."""

    host: str
    share: int


def must_be_whole(placement: Placement, shares: Sequence[HostShare]) -> None:
    """Check shares.

    Raises:
        RuleViolated: ``shares-not-whole``, ``share-twice`` or ``main-host-missing``.
    """
    if any(each.share < 1 for each in shares) or sum(each.share for each in shares) != WHOLE:
        raise RuleViolated(
            "shares-not-whole", "The shares of the hosts are each at least 1 and 100 together.", rule="M-04"
        )
    if len({each.host for each in shares}) != len(shares):
        raise RuleViolated("share-twice", "A host has one share.", rule="M-04")
    if shares[0].host != placement.host:
        raise RuleViolated("main-host-missing", "The first share is that of the host of the placement.", rule="M-04")


def share_out(
    placement: Placement, segments: list[Segment], shares: Sequence[HostShare], *, on: date, new_id: Callable[[], UUID]
) -> list[Segment]:
    """Divide the days from ``on`` among hosts: what was planned or active is cut there; gives the new segments.

    Raises:
        RuleViolated: what ``must_be_whole`` says, or ``outside-segment`` for a day that no segment reaches.
    """
    must_be_whole(placement, shares)
    standing = [each for each in segments if each.state is SegmentState.PLANNED] or live(segments)
    if not standing or not placement.planned_start <= max(on, placement.planned_start) <= placement.planned_end:
        raise RuleViolated("outside-segment", "Choose a day of the term that is still to come or runs.", rule="M-04")
    planned = standing[0].state is SegmentState.PLANNED
    first = max(on, standing[0].starts_on)
    made = []
    for each in standing:
        if planned:
            each.void()
        else:
            each.close(min(each.ends_on, first - timedelta(days=1)))
    start = 0
    for share in shares:
        made.append(
            Segment(
                id=new_id(), placement=placement.id, account=placement.account, host=share.host, share=share.share,
                share_from=start, starts_on=standing[0].starts_on if planned else first, ends_on=placement.planned_end,
                state=SegmentState.PLANNED if planned else SegmentState.ACTIVE,
            )
        )  # fmt: skip
        start += share.share
    return made


def whole(placement: Placement, id: UUID, starts_on: date) -> Segment:
    """All days from ``starts_on`` at the placement's host."""
    assert placement.host is not None
    return Segment(
        id=id, placement=placement.id, account=placement.account, host=placement.host, starts_on=starts_on,
        ends_on=placement.planned_end, state=SegmentState.ACTIVE,
    )  # fmt: skip


def again(
    placement: Placement, before: Iterable[Segment], new_id: Callable[[], UUID], starts_on: date
) -> list[Segment]:
    """Segments from ``starts_on`` at the hosts and with the shares of those before; none before means the host alone."""
    shared = [(each.host, each.share, each.share_from) for each in before]
    if len(shared) < 2:
        return [whole(placement, new_id(), starts_on)]
    return [
        Segment(
            id=new_id(), placement=placement.id, account=placement.account, host=host, share=share, share_from=start,
            starts_on=starts_on, ends_on=placement.planned_end, state=SegmentState.ACTIVE,
        )
        for host, share, start in shared
    ]  # fmt: skip
