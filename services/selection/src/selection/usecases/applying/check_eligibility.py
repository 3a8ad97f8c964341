"""Answer the question of eligibility without applying (dry run)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.codes import UnitClass
from selection.domain.eligibility.rules import Eligibility, evaluate
from selection.usecases.applying.forms import Statement, checked_form, facts_of
from selection.usecases.ports import SelectionWork


async def check_eligibility(
    work: SelectionWork, call_id: UUID, statement: Statement, unit_class: UnitClass, age: int | None
) -> Eligibility:
    """What every rule of the call's profile says about these facts; nothing is stored.

    Raises:
        NotFound: ``call-not-found``.
        Malformed: ``bad-form``.
    """
    call = await work.readings.call(call_id)
    policy = await work.readings.policy(call.programme, call.policy_version)
    facts = facts_of(checked_form(statement, policy), unit_class, policy, age)
    return evaluate(policy.profile_rules(call.profile), facts)
