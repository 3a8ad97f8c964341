"""A person applies for a tier, or selection has chosen the person for accreditation (T-02)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from assessment.domain.accrediting.accreditation import OPEN, Accreditation, AccreditationState, Evidence, require_tier
from assessment.domain.participation import Participation
from assessment.usecases.accrediting.rules import rule_of
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import Conflict, Finding, RuleViolated


async def apply_for_tier(
    work: AssessmentPort, programme: str, version: str, unit: str, tier: str, evidence: Sequence[Evidence]
) -> Accreditation:
    """Open an accreditation of the caller.

    Args:
        work: the unit of work.
        programme: code.
        version: of the policy.
        unit: organisation path of the employer, whose reviewers see the case.
        tier: asked for.
        evidence: documents, each of a kind that the policy lists.

    Raises:
        RuleViolated: ``unknown-tier``; ``unknown-evidence`` with every kind that the policy does not list;
            ``tier-held`` when the caller's tier is as high already.
        Conflict: ``accreditation-open``.
    """
    rule = await rule_of(work, programme, version)
    asked = require_tier(rule, tier)
    wrong = [
        Finding("unknown-evidence", "The policy does not list this kind of evidence.", f"/evidence/{n}/kind", "T-02")
        for n, one in enumerate(evidence)
        if one.kind not in rule.evidence
    ]
    if wrong:
        raise RuleViolated("unknown-evidence", "Some evidence is of a kind that is not listed.", findings=wrong)
    account = work.actor.subject
    known = await work.accreditations.list(account=account, programme=programme)
    if any(one.state in OPEN for one in known):
        raise Conflict("accreditation-open", "You have an application in progress; withdraw it first.")
    held = next((one for one in known if one.state is AccreditationState.TIER_ASSIGNED), None)
    if held is not None and held.tier is not None:
        has = rule.tier(held.tier)
        if has is not None and has.order <= asked.order:
            raise RuleViolated("tier-held", "You hold this tier or a higher one.", rule="T-02", tier=held.tier)
    id = work.new_id()
    opened = Accreditation(
        id=id, participation=id, account=account, programme=programme, policy_version=version, unit=unit,
        asked_tier=tier, evidence=list(evidence), applied_on=work.today, supersedes=held.id if held else None,
    )  # fmt: skip
    work.authorise(opened.facets)
    work.accreditations.add(opened)
    return opened


async def open_for_selected(work: AssessmentPort, participation: Participation) -> None:
    """Open the accreditation of somebody whom selection has chosen, where the programme accredits; once."""
    policy = await work.policy(participation.programme, participation.policy_version)
    if policy is None or not policy.accredits or await work.accreditations.find(participation=participation.id):
        return
    known = await work.accreditations.list(account=participation.account, programme=participation.programme)
    if any(one.state in OPEN for one in known):
        return
    held = next((one.id for one in known if one.state is AccreditationState.TIER_ASSIGNED), None)
    work.accreditations.add(_selected(work.new_id(), participation, held, work))


def _selected(id: UUID, one: Participation, held: UUID | None, work: AssessmentPort) -> Accreditation:
    return Accreditation(
        id=id, participation=one.id, account=one.account, programme=one.programme, policy_version=one.policy_version,
        unit=one.unit, asked_tier=None, applied_on=work.today, supersedes=held,
    )  # fmt: skip
