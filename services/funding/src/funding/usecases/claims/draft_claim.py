"""Draft a claim, change it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObjectKind
from funding.domain.claims.lines import ClaimLine
from funding.usecases.approvals.ask import withdraw_approvals
from funding.usecases.claims.cost_objects import allocation_for, find_cost_object, find_participation
from funding.usecases.ports import FundingWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import RuleViolated


async def draft_claim(work: FundingWork, kind: CostObjectKind, code: str, lines: Sequence[ClaimLine]) -> Claim:
    """Begin a claim; who drafts it is paid: the person, the host, the unit, or who runs the class or mission.

    Raises:
        NotFound: no such cost object, or one of others.
        RuleViolated: ``not-selected``, ``no-allocation``.
    """
    participation: UUID | None = None
    if kind is CostObjectKind.PARTICIPATION:
        person = await find_participation(work, code)
        participation, session = person.id, person.session
        facets = Facets(account=person.account, unit=person.sending_unit, host=person.host)
    else:
        found = await find_cost_object(work, kind, code)
        session, facets = found.session, Facets(unit=found.organisation, host=found.organisation)
    work.authorise(facets)
    if session is None:
        raise RuleViolated("not-selected", "The participation has no session that pays.", rule="F-04")
    fund, programme, version = await allocation_for(work, session)
    payee, payee_kind = _payee(work, facets, person=participation is not None)
    claim = Claim(
        id=work.new_id(),
        cost_kind=kind,
        cost_object=code if participation is None else str(participation),
        participation=participation,
        session=session,
        fund=fund,
        programme=programme,
        policy_version=version,
        account=facets.account,
        unit=facets.unit,
        host=facets.host,
        payee=payee,
        payee_kind=payee_kind,
        lines=list(lines),
        drafted_by=work.actor.subject,
    )
    work.claims.add(claim)
    return claim


async def revise_claim(work: FundingWork, claim_id: UUID, lines: Sequence[ClaimLine]) -> Claim:
    """Put other lines in place of a draft's or a returned claim's. Raises ``NotFound``, ``StaleVersion``, ``Conflict``."""
    claim = await held(work, claim_id)
    claim.revise(lines, work.actor)
    return claim


async def withdraw_claim(work: FundingWork, claim_id: UUID) -> Claim:
    """Take a claim back that nobody has approved yet. Raises ``NotFound``, ``StaleVersion``, ``Conflict``."""
    claim = await held(work, claim_id)
    claim.withdraw(by=work.actor)
    await withdraw_approvals(work, ApprovalKind.CLAIM, [claim.id])
    return claim


async def held(work: FundingWork, claim_id: UUID) -> Claim:
    """The claim that the request names, held, when the caller may do this to it. Raises ``NotFound``, ``Forbidden``."""
    claim = await work.claims.get(claim_id, target=True)
    work.authorise(claim.facets)
    return claim


def _payee(work: FundingWork, facets: Facets, *, person: bool) -> tuple[str, str]:
    own = work.actor.organisation
    if not person:
        return own, "organiser"
    if facets.account == work.actor.subject:
        return work.actor.subject, "person"
    return own, "host" if facets.host == own else "sending_unit"
