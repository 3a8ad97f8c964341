"""Draft agreements, amend them, and lay them before the parties (M-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from placement.domain.agreements import Agreement, AgreementState, Party, Terms
from placement.domain.agreements.composing import compose, hosts_beside, must_be_sound, named_by_default
from placement.domain.agreements.parties import Named
from placement.domain.agreements.states import LIVING
from placement.domain.placements.placement import Placement
from placement.domain.preparing import AgreementRules
from placement.usecases.agreements.finding import facets_of, placements_of
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, Malformed, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An agreement to be; without ``parties`` those of the policy."""

    participation: UUID
    parties: list[Named] | None
    terms: Terms


async def draft_agreements(work: PlacementWork, drafts: Sequence[Draft]) -> list[Agreement]:
    """Draft one agreement for each placement, which has to be confirmed.

    Raises:
        Conflict: ``not-placed``, ``agreement-exists``.
        Malformed: ``unknown-party``, ``organisation-missing``, ``unknown-host``.
        RuleViolated: everything wrong with parties, shares, duties and responsibilities, ``specialty-not-taught``.
    """
    batch = Batch()
    ids = [draft.participation for draft in drafts]
    placements = await batch.load(work.placements, ids, "participation")
    living = {a.participation for a in await work.agreements.list(participation=ids, state=LIVING)}
    made = []
    for number, draft in enumerate(drafts):
        with batch.at(number):
            placement = placements[draft.participation]
            work.authorise(placement.facets)
            placement.must_be_placed("M-04")
            if placement.id in living:
                raise Conflict("agreement-exists", "There is an agreement already; amend it.", rule="M-04")
            rules = (await work.rules(placement.programme, placement.policy_version)).agreement
            parties, terms = await _sound(work, draft.parties or named_by_default(rules), draft.terms, placement, rules)
            agreement = Agreement(
                id=work.new_id(),
                participation=placement.id,
                parties=parties,
                duties=terms.duties,
                responsibilities=terms.responsibilities,
                service_years=terms.service_years,
            )
            work.agreements.add(agreement)
            placement.agreement = agreement.id
            made.append(agreement)
    batch.settle()
    return made


async def amend_agreement(
    work: PlacementWork, id: UUID, terms: Terms, reason: str, parties: list[Named] | None = None
) -> Agreement:
    """Draft the next edition; the present one binds until the next is in force, and stays if that is refused.

    Raises:
        Conflict: ``not-in-force``, ``amendment-open``.
        RuleViolated: what a first draft is refused for, and ``signatory-dropped``.
    """
    agreement = await work.agreements.get(id, target=True)
    placement = (await placements_of(work, [agreement]))[agreement.participation]
    work.authorise(facets_of(agreement, placement, work.actor))
    rules = (await work.rules(placement.programme, placement.policy_version)).agreement
    terms = replace(terms, responsibilities=terms.responsibilities or agreement.responsibilities)
    amendment = agreement.amended(work.new_id(), terms, agreement.parties if parties is None else [
        *compose(parties, placement, rules)
    ], reason)  # fmt: skip
    if await work.agreements.list(amends=id, state=[AgreementState.DRAFT, AgreementState.OFFERED]):
        raise Conflict("amendment-open", "An amendment of this agreement is open already.", rule="M-04")
    await _hosts_must_fit(work, amendment.parties, placement)
    must_be_sound(amendment.parties, terms, rules)
    work.agreements.add(amendment)
    return amendment


async def offer_agreements(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Agreement]:
    """Lay drafts before their parties."""
    batch = Batch(alone=alone)
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    for number, id in enumerate(ids):
        with batch.at(number, "agreement"):
            agreement = agreements[id]
            work.authorise(facets_of(agreement, placements[agreement.participation], work.actor))
            agreement.offer(on=work.today, by=work.actor)
    batch.settle()
    return [agreements[id] for id in ids]


async def _sound(
    work: PlacementWork, named: Sequence[Named], terms: Terms, placement: Placement, rules: AgreementRules
) -> tuple[list[Party], Terms]:
    parties = compose(named, placement, rules)
    await _hosts_must_fit(work, parties, placement)
    terms = replace(
        terms, responsibilities=terms.responsibilities or {area: list(sides) for area, sides in rules.matrix.items()}
    )
    must_be_sound(parties, terms, rules)
    return parties, terms


async def _hosts_must_fit(work: PlacementWork, parties: Sequence[Party], placement: Placement) -> None:
    beside = hosts_beside(parties, placement)
    if not beside:
        return
    known = {host.path: host for host in await work.hosts.list(path=beside)}
    for path in beside:
        if path not in known:
            raise Malformed("unknown-host", f"The register has no host {path}.", host=path)
        if not known[path].teaches(placement.specialty_group):
            raise RuleViolated("specialty-not-taught", "This host does not work in that group.", rule="M-03", host=path)
