"""A host (or the ministry for it) offers places (M-01)."""

from __future__ import annotations

from dataclasses import dataclass, field

from placement.domain.offers import Offer, OfferState, Priority
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Malformed, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferText:
    """What is offered."""

    host: str
    programme: str
    policy_version: str
    session: str
    specialty_group: str
    specialties: list[str]
    capacity: int
    priorities: list[Priority] = field(default_factory=list)


async def open_offer(work: PlacementWork, text: OfferText) -> Offer:
    """Open an offer; a host has one open offer per session and specialty group.

    Raises:
        Malformed: ``unknown-host``, ``unknown-code``.
        RuleViolated: ``specialty-not-taught`` for a group the host does not work in (M-03).
        Conflict: ``offer-exists``.
    """
    work.authorise(Facets(host=text.host))
    host = await work.hosts.find(path=text.host)
    if host is None:
        raise Malformed("unknown-host", "There is no such host in the register.", host=text.host)
    host.may_offer()
    rules = await work.rules(text.programme, text.policy_version, use=True)
    rules.must_know(text.specialty_group, text.specialties)
    if not host.teaches(text.specialty_group):
        raise RuleViolated(
            "specialty-not-taught", "The register says this host does not work in that group.", rule="M-03"
        )
    existing = await work.offers.find(
        host=text.host, session=text.session, specialty_group=text.specialty_group, state=OfferState.OPEN
    )
    if existing is not None:
        raise Conflict("offer-exists", "There is an open offer already; change its capacity.", offer=str(existing.id))
    offer = Offer(
        id=work.new_id(),
        host=text.host,
        programme=text.programme,
        policy_version=text.policy_version,
        session=text.session,
        specialty_group=text.specialty_group,
        specialties=text.specialties,
        capacity=text.capacity,
        priorities=text.priorities,
    )
    work.offers.add(offer)
    return offer
