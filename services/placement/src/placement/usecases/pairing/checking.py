"""Ask the pairing rules about a case and a host of the register (W-02 to W-07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from placement.domain.hosts import Host
from placement.domain.pairing.constraints import Receiver, Secondee, must_fit_pairing
from placement.domain.pairing.schemes import Pairings
from placement.domain.placements.placement import Placement
from placement.usecases.ports import PlacementWork

NOWHERE = Receiver(area=None, unit_class=None)


def secondee_of(case: Placement) -> Secondee:
    """What the pairing rules ask of a case."""
    return Secondee(
        direction=case.direction,
        origin_area=case.origin_area,
        position_class=case.position_class,
        term=case.term,
        planned_start=case.planned_start,
    )


def receiver_of(host: Host | None) -> Receiver:
    """What the pairing rules ask of a host; nothing is stated of one that is not in the register."""
    return Receiver(area=host.area, unit_class=host.unit_class) if host else NOWHERE


async def hosts_by_path(work: PlacementWork, paths: Iterable[str | None]) -> Mapping[str, Host]:
    """Hosts of the register by their path."""
    wanted = {path for path in paths if path}
    return {host.path: host for host in await work.hosts.list(path=wanted)} if wanted else {}


def must_pair(pairings: Pairings | None, case: Placement, host: Host | None) -> None:
    """Refuse a host that the pairing rules do not give to this person.

    Raises:
        RuleViolated: see ``must_fit_pairing``.
    """
    must_fit_pairing(pairings, secondee_of(case), receiver_of(host))
