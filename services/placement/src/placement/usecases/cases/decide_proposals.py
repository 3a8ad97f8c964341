"""Hosts accept or decline what is proposed to them (M-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.hosts import Host
from placement.domain.offers import Offer
from placement.domain.placements.placement import Placement
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A host's answer; a declined proposal has a coded ``reason``."""

    participation: UUID
    accepted: bool
    reason: str | None = None


async def decide_proposals(
    work: PlacementWork, decisions: Sequence[Decision], *, alone: bool = False
) -> list[Placement]:
    """Answer proposals; an accepted one takes a place of the offer, so accepted never exceeds capacity.

    Raises:
        Conflict: ``wrong-state``, ``no-place-left``, ``offer-closed``.
        Malformed: ``unknown-reason`` for a decline whose reason is not on the policy's list.
    """
    batch = Batch(alone=alone)
    cases = await batch.load(work.placements, [d.participation for d in decisions], "participation")
    for number, decision in enumerate(decisions):
        with batch.at(number, "participation"):
            work.authorise(cases[decision.participation].facets)
    batch.settle()
    offers = by(await work.offers.list(id={case.offer for case in cases.values() if case.offer}), "id")
    hosts = {host.path: host for host in await work.hosts.list(path={c.host for c in cases.values() if c.host})}
    for number, decision in enumerate(decisions):
        with batch.at(number):
            await _decide(work, cases[decision.participation], decision, offers, hosts)
    batch.settle()
    return [cases[decision.participation] for decision in decisions]


async def _decide(
    work: PlacementWork, case: Placement, decision: Decision, offers: dict[UUID, Offer], hosts: dict[str, Host]
) -> None:
    if decision.accepted:
        case.accept(province=hosts[case.host].province if case.host in hosts else "", by=work.actor)
        assert case.offer is not None
        offers[case.offer].take_place()
        return
    rules = await work.rules(case.programme, case.policy_version)
    if decision.reason not in rules.decline_reasons:
        raise Malformed(
            "unknown-reason", f"Use one of: {', '.join(rules.decline_reasons)}.", reasons=list(rules.decline_reasons)
        )
    assert decision.reason is not None
    work.announce(case.decline(decision.reason, by=work.actor))
