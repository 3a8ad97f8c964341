"""A person objects to a decision about them, or takes the objection back (PIPL 24)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from selection.domain.appeals.appeal import Appeal
from selection.domain.appeals.decisions import decision_of, last_day
from selection.usecases.appealing.explain_application import seen_application, taken_about
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict, NotFound, RuleViolated


async def file_appeal(work: SelectionWork, application_id: UUID, decision: str, grounds: str) -> Appeal:
    """File; whoever took part in the decision is written down as excluded from deciding.

    Raises:
        NotFound: ``not-found``.
        RuleViolated: ``no-such-decision`` naming what may be appealed.
        Conflict: ``appeal-late`` naming the last day; ``appealed-already`` (by constraint).
    """
    application = await seen_application(work, application_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    taken = await taken_about(work, application)
    found = decision_of(decision, taken)
    if found is None:
        raise RuleViolated(
            "no-such-decision", "No decision of this kind about you has been announced.",
            decisions=[each.kind.value for each in taken],
        )  # fmt: skip
    until = last_day(found, policy.appeals.file_within_days)
    if work.today > until:
        raise Conflict("appeal-late", "The time to object has passed.", last_day=until.isoformat())
    appeal = Appeal(
        id=work.new_id(), application_id=application.id, person_id=application.person_id, account=application.account,
        programme=application.programme, session_id=application.session_id, policy_version=application.policy_version,
        decision=found.kind.value, grounds=grounds, noticed_at=found.noticed_at, filed_at=work.now,
        due_by=work.today + timedelta(days=policy.appeals.decide_within_days),
        excluded=sorted(found.by | {each.by for each in application.waivers}),
    )  # fmt: skip
    work.appeals.add(appeal)
    work.announce(appeal.file())
    return appeal


async def withdraw_appeal(work: SelectionWork, appeal_id: UUID) -> Appeal:
    """Take it back. Raises ``NotFound``, ``Conflict`` ``wrong-state``."""
    appeal = await seen_appeal(work, appeal_id)
    appeal.withdraw(work.actor)
    return appeal


async def seen_appeal(work: SelectionWork, appeal_id: UUID) -> Appeal:
    """The appeal that the request names, once the caller may act on it. Raises ``NotFound`` ``not-found``."""
    try:
        appeal = await work.appeals.get(appeal_id)
    except NotFound:
        raise NotFound("not-found", "There is no such thing, or you may not see it.") from None
    work.authorise(appeal.facets)
    return await work.appeals.get(appeal_id, target=True)
