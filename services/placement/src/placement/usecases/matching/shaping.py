"""From cases and offers to the input of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from placement.domain.hosts import Host
from placement.domain.matching.instance import Instance, Method, Place, Seeker
from placement.domain.offers import Offer, OfferState
from placement.domain.pairing.constraints import Receiver, Secondee, pairing_findings
from placement.domain.placements.placement import Placement
from placement.domain.placements.states import MATCHABLE, PlacementState
from placement.domain.policies import Rules
from placement.usecases.pairing.checking import receiver_of
from placement.usecases.ports import PlacementWork, Waiting


def host_path(preference: str) -> str:
    """The organisation path of a wished host, given as code or as path."""
    return preference if preference.startswith("hosts/") else f"hosts/{preference}"


async def shape(work: PlacementWork, session: str) -> tuple[Instance, dict[str, Placement]]:
    """Lock the open cases and offers of a session and lay them out; cases come back by id as text."""
    cases = await work.placements.list(session=session, state=[*MATCHABLE, PlacementState.PROPOSED])
    instance = await laid_out(work, session, cases)
    return instance, {str(case.id): case for case in cases if case.state in MATCHABLE}


async def laid_out(work: PlacementWork, session: str, cases: Sequence[Waiting]) -> Instance:
    """The input of a run.

    Places under a proposal that waits for its host are not free. Only those are seekers who wait for a match or were
    declined, so a further run touches nobody else.
    """
    offers = await work.offers.list(session=session, state=OfferState.OPEN)
    seeking = [case for case in cases if case.state in MATCHABLE]
    pending = Counter(case.offer for case in cases if case.state == PlacementState.PROPOSED)
    rules = {key: await work.rules(*key) for key in {(case.programme, case.policy_version) for case in seeking}}
    paired = any(each.pairings for each in rules.values())
    hosts = {host.path: host for host in await work.hosts.list(path={offer.host for offer in offers})} if paired else {}
    members = sorted({each.by for offer in offers for each in offer.priorities} - {"specialty"})
    lanes: dict[str, tuple[Rules, Secondee]] = {}
    seekers = [_seeker(case, rules[case.programme, case.policy_version], members, lanes) for case in seeking]
    places = [_place(offer, max(0, offer.free - pending[offer.id]), hosts) for offer in offers]
    return Instance.of(seekers, places, method_of(rules), _barred(lanes, offers, hosts))


def method_of(rules: Mapping[tuple[str, str], Rules]) -> Method:
    """The method of a run: that of the latest policy version among its cases."""
    if not rules:
        return Method()
    matching = rules[max(rules)].matching
    return Method(matching.method, matching.beyond_wishes, matching.weights)


def _seeker(case: Waiting, rules: Rules, members: Sequence[str], lanes: dict[str, tuple[Rules, Secondee]]) -> Seeker:
    lane = ""
    if rules.pairings is not None:
        person = Secondee(
            direction=case.direction, origin_area=case.origin_area, position_class=case.position_class,
            term=case.term, planned_start=case.planned_start,
        )  # fmt: skip
        lane = "|".join((
            case.programme, case.policy_version, person.direction, person.origin_area, person.position_class or "",
            person.term, str(person.planned_start),
        ))  # fmt: skip
        lanes[lane] = rules, person
    return Seeker(
        participation=case.id,
        specialty=case.specialty,
        specialty_group=case.specialty_group,
        rank=case.rank,
        preferences=tuple(dict.fromkeys(host_path(host) for host in case.host_preferences)),
        excluded=frozenset(case.declined_hosts),
        accept_group=rules.matching.accept == "group",
        lane=lane,
        facts=tuple((member, getattr(case, member) or "") for member in members),
    )


def _place(offer: Offer, free: int, hosts: Mapping[str, Host]) -> Place:
    return Place(
        offer=offer.id,
        host=offer.host,
        specialty_group=offer.specialty_group,
        specialties=tuple(sorted(offer.specialties)),
        free=free,
        lane=_lane(receiver_of(hosts.get(offer.host))) if hosts else "",
        priorities=tuple((each.by, tuple(each.codes)) for each in offer.priorities),
    )


def _lane(host: Receiver) -> str:
    return f"{host.area or ''}|{host.unit_class or ''}"


def _barred(
    lanes: Mapping[str, tuple[Rules, Secondee]], offers: Sequence[Offer], hosts: Mapping[str, Host]
) -> list[tuple[str, str]]:
    """Pairs of lanes that the one function of the pairing rules has something against."""
    receivers = {_lane(host): host for host in (receiver_of(hosts.get(offer.host)) for offer in offers)}
    return [
        (mine, theirs)
        for mine, (rules, person) in lanes.items()
        if rules.pairings is not None
        for theirs, host in receivers.items()
        if pairing_findings(rules.pairings, person, host)
    ]
