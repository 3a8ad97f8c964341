"""The region inspects a host; the host answers findings; the region closes (D-03)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from placement.domain.inspections.inspection import Inspection, InspectionAnswer
from placement.domain.year_rules import InspectionRules
from placement.usecases.inspections.ports import InspectionWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Malformed


async def plan_inspection(
    work: InspectionWork, programme: str, session: str, host: str, planned_on: date
) -> Inspection:
    """Plan one by hand. Raises ``Malformed`` ``unknown-host``, ``Conflict`` ``inspection-planned``."""
    region = work.actor.organisation
    work.authorise(Facets(unit=region))
    hosts = await work.hosts_with_trainees(region, programme, session)
    if host not in hosts:
        raise Malformed("unknown-host", "Name a host where people of your region are in this session.", rule="D-03")
    Inspection.must_lie_ahead(planned_on, work.today)
    inspection = Inspection(
        id=work.new_id(), region=region, host=host, programme=programme, policy_version=hosts[host], session=session,
        planned_on=planned_on,
    )  # fmt: skip
    work.inspections.add(inspection)
    return inspection


async def reschedule_inspection(work: InspectionWork, id: UUID, planned_on: date) -> Inspection:
    """Choose another day."""
    inspection = await _theirs(work, id)
    inspection.reschedule(planned_on, work.today, by=work.actor)
    return inspection


async def cancel_inspection(work: InspectionWork, id: UUID) -> Inspection:
    """Do not carry it out."""
    inspection = await _theirs(work, id)
    inspection.cancel(by=work.actor)
    return inspection


async def conduct_inspection(work: InspectionWork, id: UUID, conducted_on: date) -> Inspection:
    """Record that it was carried out."""
    inspection = await _theirs(work, id)
    inspection.conduct(conducted_on, work.today, by=work.actor)
    return inspection


async def record_findings(work: InspectionWork, id: UUID, found: list[tuple[str, str]]) -> Inspection:
    """Record what was found, as (code, severity)."""
    inspection = await _theirs(work, id)
    inspection.find(found, await _rules(work, inspection), work.today, by=work.actor)
    return inspection


async def answer_findings(work: InspectionWork, id: UUID, answers: list[InspectionAnswer]) -> Inspection:
    """The host says what it did."""
    inspection = await _theirs(work, id)
    inspection.answer(answers, await _rules(work, inspection), work.today, by=work.actor)
    return inspection


async def demand_again(work: InspectionWork, id: UUID, numbers: set[int]) -> Inspection:
    """What was done about these findings is not enough."""
    inspection = await _theirs(work, id)
    inspection.demand(numbers, await _rules(work, inspection), work.today, by=work.actor)
    return inspection


async def close_inspection(work: InspectionWork, id: UUID) -> Inspection:
    """Everything was put right; from here on the world may hear of it."""
    inspection = await _theirs(work, id)
    work.announce(inspection.close(work.today, by=work.actor))
    return inspection


async def _theirs(work: InspectionWork, id: UUID) -> Inspection:
    """Decided before ``If-Match`` is looked at: a hidden one answers like one that is not there."""
    inspection = await work.inspections.get(id)
    work.authorise(inspection.facets)
    return await work.inspections.get(id, target=True)


async def _rules(work: InspectionWork, inspection: Inspection) -> InspectionRules:
    return (await work.rules(inspection.programme, inspection.policy_version)).year.inspections
