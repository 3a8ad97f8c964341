"""The local review of many applications at once (S-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.form import LocalDecision
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.recommendation import Recommendation, RecommendationState
from selection.domain.codes import Step
from selection.domain.policy.policy import Policy
from selection.domain.programmes.call import Call
from selection.usecases.applying.forms import judged
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import release_held
from selection.usecases.sheet import each_row, no_twice
from shared.kernel.refusals import Finding, Malformed, NotFound, RuleViolated


@dataclass(frozen=True, slots=True)
class Review:
    """One row: ``approve``, ``return`` or ``reject``, with a coded reason for the last two."""

    application: UUID
    decision: str
    reason: str | None
    clause: str | None
    comment: str | None


async def review_applications(work: SelectionWork, reviews: Sequence[Review]) -> list[Application]:
    """Decide; all rows or none.

    Raises:
        NotFound: for applications that another authority reviews.
        RuleViolated: ``not-recommended`` (S-03), ``waiver-needed`` or ``not-eligible`` (S-09).
        Malformed: ``unknown-code``, ``row-twice``. Conflict: ``wrong-state``.
    """
    no_twice((review.application for review in reviews), "application")
    loaded = {each.id: each for each in await work.applications.list(id={review.application for review in reviews})}
    calls = {id: await work.readings.call(id) for id in sorted({each.call_id for each in loaded.values()})}
    policies = {
        (each.programme, each.policy_version): await work.readings.policy(each.programme, each.policy_version)
        for each in calls.values()
    }
    recommended = await work.readings.recommendations(loaded.values())

    def decide(review: Review) -> Application:
        application = loaded.get(review.application)
        if application is None:
            raise NotFound(
                "not-found", "There is no such thing, or you may not see it.",
                findings=[Finding("not-found", "There is no such thing, or you may not see it.", "/application")],
            )  # fmt: skip
        work.authorise(application.facets)
        call = calls[application.call_id]
        policy = policies[application.programme, application.policy_version]
        _decide(work, application, review, call, policy, recommended.get(application.id))
        return application

    decided = each_row(reviews, decide)
    for application in decided:
        if application.state is ApplicationState.REJECTED:
            await release_held(work, application)
    return decided


def _decide(
    work: SelectionWork,
    application: Application,
    review: Review,
    call: Call,
    policy: Policy,
    recommendation: Recommendation | None,
) -> None:
    clause = review.clause
    if review.decision != "approve":
        if review.reason not in policy.rejection_reasons:
            raise Malformed(
                "unknown-code", "The policy has no such reason.",
                findings=[Finding("unknown-code", f"The policy knows {sorted(policy.rejection_reasons)}.", "/reason")],
            )  # fmt: skip
        clause = clause or policy.rejection_reasons[review.reason or ""]
    decision = LocalDecision(review.decision, review.reason, clause, review.comment, work.actor.subject, work.now)
    match review.decision:
        case "return":
            application.send_back(decision, work.today, policy.correction_days, work.actor)
        case "reject":
            work.announce(application.reject(decision, work.actor))
        case _:
            given = recommendation is not None and recommendation.state is RecommendationState.GIVEN
            if call.requires(Step.RECOMMENDATION) and not given:
                raise RuleViolated("not-recommended", "The unit's recommendation is still missing.", rule="S-03")
            application.approve(judged(application, call.profile, policy, work.today), decision, work.actor)
