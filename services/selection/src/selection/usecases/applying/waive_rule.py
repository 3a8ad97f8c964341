"""Waive one rule for one person, with a reason, as a recorded act; and take a waiver back (S-09)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.form import Waiver
from selection.domain.applying.lifecycle import BEFORE_ROSTER, ApplicationState
from selection.domain.eligibility.waiver import RecordedWaiver, WaiverState, role_to_waive
from selection.usecases.applying.create_application import own_application
from selection.usecases.applying.forms import judged
from selection.usecases.judging.attested_rules import attested_checks
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import Role
from shared.kernel.refusals import Conflict, NotFound


async def waive_rule(work: SelectionWork, application_id: UUID, rule: str, reason: str) -> Application:
    """Record the waiver and ask the rules again.

    Rules over attested facts are waived by the selecting authority until the roster is drawn, all others while the
    application is submitted.

    Raises:
        Conflict: ``wrong-state``; by constraint ``waived-already``.
        Malformed: ``reason-missing``. RuleViolated: ``not-waivable``.
    """
    application = await own_application(work, application_id)
    call = await work.readings.call(application.call_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    row = policy.rules.get(rule)
    attested = row is not None and row.attested and work.actor.has(Role.REGIONAL_OFFICER)
    _undecided(application, attested)
    if attested:
        (check,) = await attested_checks(work, [application])
        eligibility = check.answers
    else:
        eligibility = judged(application, call.profile, policy, work.today)
    role = role_to_waive(eligibility, rule, reason, work.actor)
    work.waivers.add(
        RecordedWaiver(
            id=work.new_id(), application_id=application.id, rule=rule, role=role, reason=reason.strip(),
            policy_version=policy.version, attested=attested, given_by=work.actor.subject, given_at=work.now,
        )
    )  # fmt: skip
    await _ask_again(work, application)
    return application


async def withdraw_waiver(work: SelectionWork, application_id: UUID, waiver_id: UUID, reason: str) -> RecordedWaiver:
    """Take a waiver back before the decision that would rest on it, and ask the rules again.

    Raises:
        NotFound: the caller may not see the waiver. Conflict: ``wrong-state``. RuleViolated: ``not-waivable``.
    """
    application = await own_application(work, application_id)
    waiver = await work.waivers.find(id=waiver_id, application_id=application.id)
    if waiver is None or (waiver.attested and not work.actor.has(Role.REGIONAL_OFFICER)):
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    waiver = await work.waivers.get(waiver_id)
    _undecided(application, waiver.attested)
    waiver.withdraw(reason, work.actor, work.now)
    await _ask_again(work, application)
    return waiver


def _undecided(application: Application, attested: bool) -> None:
    allowed = BEFORE_ROSTER if attested else (ApplicationState.SUBMITTED,)
    if application.state not in allowed:
        raise Conflict(
            "wrong-state", "A rule is waived before the decision that rests on it.", state=str(application.state)
        )


async def _ask_again(work: SelectionWork, application: Application) -> None:
    call = await work.readings.call(application.call_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    standing = await work.waivers.list(application_id=application.id, state=WaiverState.GRANTED, attested=False)
    application.show_waivers(
        Waiver(each.rule, each.reason, each.given_by, each.given_at, each.role, each.policy_version)
        for each in standing
    )
    application.judge(judged(application, call.profile, policy, work.today))
