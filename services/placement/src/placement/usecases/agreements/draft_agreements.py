"""Draft agreements and lay them before the parties (M-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from placement.domain.agreements import Agreement, AgreementState, Party, Terms
from placement.domain.placements.placement import Placement
from placement.domain.policies import PARTY_ROLES
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Malformed, RuleViolated

_LIVING = [AgreementState.DRAFT, AgreementState.OFFERED, AgreementState.IN_FORCE, AgreementState.FILED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An agreement to be; without ``parties`` those of the policy."""

    participation: UUID
    parties: list[str] | None
    terms: Terms


async def draft_agreements(work: PlacementWork, drafts: Sequence[Draft]) -> list[Agreement]:
    """Draft one agreement for each placement, which has to be confirmed.

    Raises:
        Conflict: ``not-placed``, ``agreement-exists``.
        Malformed: ``unknown-party``, ``duties-without-party``.
        RuleViolated: ``party-missing`` when a party that the policy demands is left out.
    """
    batch = Batch()
    ids = [draft.participation for draft in drafts]
    placements = await batch.load(work.placements, ids, "participation")
    living = {a.participation for a in await work.agreements.list(participation=ids, state=_LIVING)}
    made = []
    for number, draft in enumerate(drafts):
        with batch.at(number):
            placement = placements[draft.participation]
            work.authorise(placement.facets)
            placement.must_be_placed("M-04")
            if placement.id in living:
                raise Conflict("agreement-exists", "There is an agreement already; amend it.", rule="M-04")
            demanded = (await work.rules(placement.programme, placement.policy_version)).parties
            roles = check_parties(draft.parties or list(demanded), demanded)
            check_duties(draft.terms, roles)
            agreement = Agreement(
                id=work.new_id(),
                participation=placement.id,
                parties=[Party(role=role, identity=identity_of(role, placement)) for role in roles],
                duties=draft.terms.duties,
                service_years=draft.terms.service_years,
            )
            work.agreements.add(agreement)
            placement.agreement = agreement.id
            made.append(agreement)
    batch.settle()
    return made


async def offer_agreements(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Agreement]:
    """Lay drafts before their parties."""
    batch = Batch(alone=alone)
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    for number, id in enumerate(ids):
        with batch.at(number, "agreement"):
            work.authorise(facets_of(agreements[id], placements[agreements[id].participation]))
            agreements[id].offer(by=work.actor)
    batch.settle()
    return [agreements[id] for id in ids]


async def placements_of(work: PlacementWork, agreements: Iterable[Agreement]) -> dict[UUID, Placement]:
    """The placements that agreements belong to, by id."""
    ids = {agreement.participation for agreement in agreements}
    return {placement.id: placement for placement in await work.placements.list(id=ids)}


def check_parties(roles: list[str], demanded: tuple[str, ...]) -> list[str]:
    """The roles without repetition, once all are known and none that the policy demands is missing."""
    unknown = sorted(set(roles) - set(PARTY_ROLES))
    if unknown:
        raise Malformed("unknown-party", f"Use only: {', '.join(PARTY_ROLES)}.", parties=unknown)
    missing = [role for role in demanded if role not in roles]
    if missing:
        raise RuleViolated("party-missing", f"The policy demands: {', '.join(missing)}.", rule="M-04", parties=missing)
    return list(dict.fromkeys(roles))


def check_duties(terms: Terms, roles: list[str]) -> None:
    """Refuse duties of somebody who is no party, and a party without duties (M-04, M-10)."""
    strangers = sorted(set(terms.duties) - set(roles))
    if strangers:
        raise Malformed("duties-without-party", f"No party of the agreement: {', '.join(strangers)}.")
    idle = [role for role in roles if not terms.duties.get(role)]
    if idle:
        raise RuleViolated("duties-missing", f"State the duties of: {', '.join(idle)}.", rule="M-10", parties=idle)


def identity_of(role: str, placement: Placement) -> str:
    """Who stands behind a role: the trainee's account, or the path of unit or host."""
    return {
        "trainee": placement.account, "sending_unit": placement.sending_unit, "host": placement.host or "",
    }[role]  # fmt: skip


def facets_of(agreement: Agreement, placement: Placement) -> Facets:
    """Who stands how to the agreement: those of the placement, the host only when it is a party."""
    is_party = any(party.role == "host" for party in agreement.parties)
    return placement.facets if is_party else replace(placement.facets, host=None)
