"""Answer the question of eligibility without applying (dry run), for every profile of a call or policy version."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from selection.domain.codes import UnitClass
from selection.domain.eligibility.rules import Eligibility, evaluate
from selection.usecases.applying.forms import Statement, checked_form, facts_of
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import Role
from shared.kernel.refusals import Finding, Forbidden, Malformed


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: about a call, or about a policy version of a programme; None means not known.

    Attributes:
        profile: the one wanted; None for the call's, or the first by name.
        reserve_listed: only a unit officer or the selecting authority may suppose it (domain.md 7.3).
    """

    call: UUID | None
    programme: str | None
    policy_version: str | None
    profile: str | None
    statement: Statement
    unit_class: UnitClass
    age: int | None = None
    unit_category: str | None = None
    direction: str | None = None
    reserve_listed: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The wanted profile, and what every profile says."""

    profile: str
    profiles: dict[str, Eligibility]


async def check_eligibility(work: SelectionWork, question: Question) -> Answer:
    """What every rule of every profile says about these facts today; nothing is stored.

    Raises:
        NotFound: ``call-not-found``, ``policy-not-found``.
        Malformed: ``bad-form``, ``bad-question``. Forbidden: ``attested-by-unit``.
    """
    if question.reserve_listed is not None and not work.actor.has(Role.UNIT_OFFICER, Role.REGIONAL_OFFICER):
        raise Forbidden("attested-by-unit", "This is attested by the unit, never stated by the applicant.", rule="S-10")
    call = None if question.call is None else await work.readings.call(question.call)
    named = (call.programme, call.policy_version) if call else (question.programme, question.policy_version)
    if named[0] is None or named[1] is None or (call and (question.programme or question.policy_version)):
        raise Malformed("bad-question", "Name a call, or a programme and a policy version.")
    policy = await work.readings.policy(named[0], named[1])
    profile = question.profile or (call.profile if call else min(policy.profiles))
    findings = []
    if profile not in policy.profiles:
        findings.append(Finding("unknown-code", f"The policy knows {sorted(policy.profiles)}.", "/profile"))
    if question.unit_category is not None and question.unit_category not in policy.unit_categories:
        findings.append(Finding("unknown-code", "The policy has no such unit category.", "/facts/unit_category"))
    if findings:
        raise Malformed("bad-form", "The question does not fit the code lists of the policy.", findings=findings)
    direction = question.direction or policy.plan_of(call.session if call else "").direction
    facts = facts_of(
        checked_form(question.statement, policy), question.unit_class, policy, question.age, question.unit_category,
        direction, question.reserve_listed,
    )  # fmt: skip
    supposed = question.reserve_listed is not None
    return Answer(
        profile,
        {
            name: evaluate(policy.profile_rules(name), facts, on=work.today, attested=supposed)
            for name in policy.profiles
        },
    )
