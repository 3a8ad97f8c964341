"""Finding the rule that an accreditation or a card stands under."""

from __future__ import annotations

from assessment.domain.accrediting.rule import AccreditationRule, read_accreditation
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import NotFound


async def rule_of(work: AssessmentPort, programme: str, version: str) -> AccreditationRule:
    """The rule of a policy version. Raises ``NotFound`` ``no-policy`` when it is not loaded or accredits nobody."""
    policy = await work.policy(programme, version)
    if policy is None or not policy.accredits:
        raise NotFound("no-policy", "The policy version of this programme is not loaded, or accredits nobody.")
    return read_accreditation(policy.effective)
