"""Divide the days of a placement among hosts, when an agreement that says so enters force (M-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from placement.domain.placements.placement import Placement
from placement.domain.placements.shares import HostShare, share_out
from placement.domain.placements.term import not_in_future
from placement.usecases.pairing.checking import hosts_by_path, must_pair
from placement.usecases.ports import PlacementWork


async def share_hosts(work: PlacementWork, placement: Placement, shares: Sequence[HostShare], on: date) -> None:
    """From ``on`` the days belong to these hosts; before the arrival the planned days are divided as a whole.

    Raises:
        RuleViolated: ``shares-not-whole``, ``share-twice``, ``main-host-missing``, ``outside-segment``, or
            ``date-in-future`` while the term runs; what the pairing rules say against one of the hosts (W-02 to W-07).
    """
    if placement.arrived_on is not None:
        not_in_future(on, work.today)
    pairings = (await work.rules(placement.programme, placement.policy_version)).pairings
    if pairings is not None:
        registered = await hosts_by_path(work, [each.host for each in shares])
        for each in shares:
            must_pair(pairings, placement, registered.get(each.host))
    segments = await work.segments.list(placement=placement.id)
    for segment in share_out(placement, segments, shares, on=on, new_id=work.new_id):
        work.segments.add(segment)
    hosts = [f"{each.host}:{each.share}" for each in shares]
    work.note("placement.share", "placement", str(placement.id), hosts=hosts, effective_on=str(on))
