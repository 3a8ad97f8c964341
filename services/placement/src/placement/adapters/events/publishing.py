"""Which fact the world hears, and in which words: fact → contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from placement.domain import facts
from placement.domain.classes import facts as class_facts
from placement.domain.missions import facts as mission_facts
from shared.contracts import placement as contracts
from shared.contracts.event import Event

_TRANSLATIONS: dict[type, Callable[[Any], Event]] = {
    facts.MatchProposed: lambda f: contracts.MatchProposed(participation=f.participation, host=f.host, run=f.run),
    facts.MatchDeclined: lambda f: contracts.MatchDeclined(participation=f.participation, host=f.host, reason=f.reason),
    facts.PlacementConfirmed: lambda f: contracts.Placed(
        participation=f.participation,
        programme=f.programme,
        batch=f.batch,
        session=f.session,
        host=f.host,
        host_province=f.host_province,
        specialty=f.specialty,
        planned_start=f.planned_start,
        planned_end=f.planned_end,
    ),
    facts.AgreementInForce: lambda f: contracts.AgreementInForce(
        participation=f.participation,
        agreement=f.agreement,
        agreement_version=f.edition,
        shares=None
        if not f.shares
        else tuple(contracts.HostShare(host=s.host, percent=s.percent, leading=s.leading) for s in f.shares),
    ),
    facts.MentorActivated: lambda f: contracts.MentorActive(
        participation=f.participation, mentor=f.mentor, account=f.account
    ),
    facts.PlanInForce: lambda f: contracts.PlanInForce(
        participation=f.participation, plan=f.plan, plan_version=f.edition
    ),
    facts.TraineeArrived: lambda f: contracts.PlacementArrived(
        participation=f.participation, host=f.host, arrived_on=f.arrived_on, punctuality=f.punctuality
    ),
    facts.PlacementChanged: lambda f: contracts.PlacementChanged(
        participation=f.participation,
        change=f.change,
        effective_on=f.effective_on,
        host=f.host,
        planned_end=f.planned_end,
        corrects=f.corrects,
        recorded_on=f.recorded_on,
    ),
    facts.ReportAcknowledged: lambda f: contracts.ReportAcknowledged(
        participation=f.participation,
        report=f.report,
        period=f.period,
        due_on=f.due_on,
        submitted_on=f.submitted_on,
        complete=f.complete,
    ),
    facts.ReportOverdue: lambda f: contracts.ReportOverdue(
        participation=f.participation, report=f.report, period=f.period, due_on=f.due_on
    ),
    facts.GroupChanged: lambda f: contracts.GroupChanged(participation=f.participation, group=f.group, change=f.change),
    facts.InspectionClosed: lambda f: contracts.InspectionClosed(**asdict(f)),
    facts.PlacementEnded: lambda f: contracts.PlacementEnded(
        participation=f.participation,
        host=f.host or None,
        started=f.started,
        ended_on=f.ended_on,
        kind=f.kind,
        reason=f.reason,
        days_served=f.days_served,
    ),
    class_facts.ClassCompleted: lambda f: contracts.ClassCompleted(**asdict(f)),
    mission_facts.MissionCompleted: lambda f: contracts.MissionCompleted(**asdict(f)),
}


def translate(fact: object) -> Event | None:
    """The published form of a fact.

    Raises:
        KeyError: for a fact that this table does not know; every fact of placement is published.
    """
    return _TRANSLATIONS[type(fact)](fact)
