"""The unit's recommendations, many at once, before or after the applications (S-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.recommendation import Recommendation, RecommendationState
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import each_row
from shared.kernel.actor import Facets
from shared.kernel.refusals import Finding, Malformed, NotFound


@dataclass(frozen=True, slots=True)
class Opinion:
    """One row: about an application, or about an account that has not applied in a call yet."""

    application: UUID | None
    call: UUID | None
    account: str | None
    opinion: str
    reason: str | None


async def recommend(work: SelectionWork, opinions: Sequence[Opinion]) -> list[Recommendation]:
    """Give or refuse recommendations of the caller's unit.

    Raises:
        Malformed: ``bad-opinion``, ``row-twice``; NotFound for applications of other units.
        Conflict: ``wrong-state``.
    """
    each_row(opinions, _check_shape)
    wanted = {opinion.application for opinion in opinions if opinion.application is not None}
    applications = {each.id: each for each in await work.applications.list(id=wanted)} if wanted else {}
    for call in {opinion.call for opinion in opinions if opinion.call is not None}:
        await work.readings.call(call)
    named = each_row(opinions, lambda opinion: _named(work, opinion, applications))
    if len(set(named)) != len(named):
        raise Malformed("row-twice", "A row names the same person as an earlier one.")
    standing = {
        (each.call_id, each.account): each
        for each in await work.recommendations.list(
            call_id={call for call, _ in named}, account={account for _, account in named}, unit=work.actor.organisation
        )
    }

    def state(row: tuple[Opinion, tuple[UUID, str]]) -> Recommendation:
        opinion, (call, account) = row
        recommendation = standing.get((call, account))
        if recommendation is None:
            recommendation = Recommendation(
                id=work.new_id(), call_id=call, account=account, unit=work.actor.organisation
            )
            work.recommendations.add(recommendation)
        recommendation.state_opinion(opinion.opinion, opinion.reason, work.actor, work.now)
        return recommendation

    return each_row(list(zip(opinions, named, strict=True)), state)


async def withdraw_recommendation(work: SelectionWork, recommendation_id: UUID, reason: str) -> Recommendation:
    """Take a recommendation back; a local review that already passed stays as it is."""
    recommendation = await work.recommendations.get(recommendation_id)
    work.authorise(recommendation.facets)
    recommendation = await work.recommendations.get(recommendation_id, target=True)
    recommendation.withdraw(reason, work.actor, work.now)
    return recommendation


def _check_shape(opinion: Opinion) -> None:
    by_application = opinion.application is not None and opinion.call is None and opinion.account is None
    by_account = opinion.application is None and opinion.call is not None and opinion.account is not None
    if not by_application and not by_account:
        raise Malformed("bad-opinion", "Name either an application, or a call and an account.")
    if opinion.opinion == RecommendationState.REFUSED and opinion.reason is None:
        raise Malformed(
            "reason-missing", "Give the reason.", findings=[Finding("reason-missing", "Give the reason.", "/reason")]
        )


def _named(work: SelectionWork, opinion: Opinion, applications: dict[UUID, Application]) -> tuple[UUID, str]:
    if opinion.call is not None and opinion.account is not None:
        work.authorise(Facets(account=opinion.account, unit=work.actor.organisation))
        return opinion.call, opinion.account
    application = applications.get(opinion.application) if opinion.application else None
    if application is None:
        raise NotFound(
            "not-found", "There is no such thing, or you may not see it.",
            findings=[Finding("not-found", "There is no such thing, or you may not see it.", "/application")],
        )  # fmt: skip
    work.authorise(application.facets)
    return application.call_id, application.account
