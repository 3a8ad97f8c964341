"""Expert missions over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, select

from placement.adapters.db.mission_years import mission_years
from placement.adapters.db.tables import missions as tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.classes.courses import ClassCount
from placement.adapters.http.schemas.common import NOTHING, Items, NoMembers, ReasonText
from placement.adapters.http.schemas.missions import (
    MissionActivitiesOut,
    MissionActivityIn,
    MissionActivityOut,
    MissionCounted,
    MissionDepartureIn,
    MissionExpertIn,
    MissionIn,
    MissionOut,
    MissionPlanIn,
    MissionReportIn,
    MissionYearOut,
    MissionYearsOut,
    told,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.usecases.missions.prepare_mission import (
    approve_mission,
    decline_mission,
    form_team,
    plan_mission,
    request_mission,
)
from placement.usecases.missions.run_mission import close_mission, depart, record_activities, report_mission
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Facets, Relation

router = APIRouter(prefix=PREFIX, tags=["missions"])
table = tables.mission
Preparing = Annotated[Command[SqlPlacementWork], Depends(command("mission.prepare"))]
Running = Annotated[Command[SqlPlacementWork], Depends(command("mission.run"))]
Reading = Annotated[Query, Depends(query("mission.read"))]


def _seen(scope: Scope) -> Select[Any]:
    columns = {
        Relation.DESCENDANT: table.c.region,
        Relation.REVIEWER: table.c.locality,
        Relation.ASSIGNED: table.c.team.contains([scope.actor.subject]),
    }
    return select(table).where(scope.where(columns))


@router.post("/missions", status_code=201, response_model=MissionOut, responses=PROBLEMS)
async def post_mission(
    body: MissionIn, command: Annotated[Command[SqlPlacementWork], Depends(command("mission.request"))]
) -> Response:
    """Ask for a mission: needs by topic and kind (P-06, X-01)."""
    return await command.run(
        lambda work: request_mission(work, body.request()),
        present=MissionOut.of,
        status=201,
        location=lambda mission: f"{PREFIX}/missions/{mission.id}",
    )


@router.post("/missions/{mission_id}/decline", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_decline(mission_id: UUID, body: ReasonText, command: Preparing) -> Response:
    """Send no mission."""
    return await command.run(lambda work: decline_mission(work, mission_id, body.reason), present=MissionOut.of)


@router.post("/missions/{mission_id}/plan", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_plan(mission_id: UUID, body: MissionPlanIn, command: Preparing) -> Response:
    """Set days and itinerary."""
    return await command.run(
        lambda work: plan_mission(work, mission_id, body.starts_on, body.ends_on, body.stops()), present=MissionOut.of
    )


@router.post("/missions/{mission_id}/team", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_team(mission_id: UUID, body: Items[MissionExpertIn], command: Preparing) -> Response:
    """Name the team and its leader; before the approval it may be named anew."""
    experts = [item.expert() for item in body.items]
    return await command.run(lambda work: form_team(work, mission_id, experts), present=MissionOut.of)


@router.post("/missions/{mission_id}/approve", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_approve(
    mission_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("mission.approve"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Agree; experts whom selection chose are placed with the region."""
    return await command.run(lambda work: approve_mission(work, mission_id), present=MissionOut.of)


@router.post("/missions/{mission_id}/depart", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_depart(mission_id: UUID, body: MissionDepartureIn, command: Running) -> Response:
    """The team is in the field."""
    return await command.run(lambda work: depart(work, mission_id, body.departed_on), present=MissionOut.of)


@router.post("/missions/{mission_id}/activities", status_code=201, response_model=ClassCount, responses=PROBLEMS)
async def post_mission_activities(
    mission_id: UUID,
    body: Items[MissionActivityIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("mission.record"))],
) -> Response:
    """Record what the team did, with whom and for whom (X-02)."""
    texts = [item.text() for item in body.items]
    return await command.run(
        lambda work: record_activities(work, mission_id, texts), present=ClassCount.of, status=201
    )  # fmt: skip


@router.post("/missions/{mission_id}/report", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_report(
    mission_id: UUID,
    body: MissionReportIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("mission.report"))],
) -> Response:
    """The leader reports, with the technologies handed over (X-02)."""
    return await command.run(
        lambda work: report_mission(
            work, mission_id, body.text, body.reference, body.returned_on, body.handed_over()
        ),
        present=MissionOut.of,
    )  # fmt: skip


@router.post("/missions/{mission_id}/close", response_model=MissionOut, responses=PROBLEMS)
async def post_mission_close(mission_id: UUID, command: Running, _: NoMembers = NOTHING) -> Response:
    """Accept the report; the experts' terms end."""
    return await command.run(lambda work: close_mission(work, mission_id), present=MissionOut.of)


@router.get("/missions", response_model=PageOf[MissionOut], responses=READ_PROBLEMS)
async def list_missions(
    query: Reading,
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: str | None = None,
    session: str | None = None,
    state: str | None = None,
    year: int | None = None,
) -> Response:
    """Missions the caller may see."""
    filters = {
        table.c.programme: programme,
        table.c.session: session,
        table.c.state: state,
        table.c.year: year,
    }
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: MissionOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/missions/{mission_id}", response_model=MissionOut, responses=READ_PROBLEMS)
async def read_mission(mission_id: UUID, query: Reading) -> Response:
    """One mission."""
    row = await query.one(_seen(query.scope).where(table.c.id == mission_id))
    return query.answer(MissionOut.row(row, query.actor))


@router.get("/missions/{mission_id}/activities", response_model=MissionActivitiesOut, responses=READ_PROBLEMS)
async def list_mission_activities(mission_id: UUID, query: Reading) -> Response:
    """What the team did."""
    mission = await query.one(_seen(query.scope).where(table.c.id == mission_id))
    activity = tables.mission_activity
    rows = await query.all(select(activity).where(activity.c.mission_id == mission_id).order_by(activity.c.number))
    facets = Facets(unit=mission.region, reviewer=mission.locality, assigned=frozenset(mission.team))
    where = told(facets, query.actor)
    return query.answer(
        MissionActivitiesOut(
            items=[
                MissionActivityOut(**dict(row._mapping) | {"county": row.county if where else None}) for row in rows
            ]
        )
    )  # fmt: skip


@router.get("/mission-years", response_model=MissionYearsOut, responses=READ_PROBLEMS)
async def list_mission_years(
    query: Annotated[Query, Depends(query("mission-summary.read"))], programme: str | None = None
) -> Response:
    """Year by year: missions the policy plans and missions there were, experts, activities, people reached (P-07)."""
    years, kinds, reached = await mission_years(query.connection, programme)

    def of(rows: list[Any], year: Any) -> list[Any]:
        key = (year.programme, year.policy_version, year.year)
        return [row for row in rows if (row.programme, row.policy_version, row.year) == key]

    items = [
        MissionYearOut(
            **year._mapping,
            activities={row.kind: row.held for row in of(kinds, year)},
            beneficiaries=[
                MissionCounted(kind=row.kind, count=row.count, precision=row.precision) for row in of(reached, year)
            ],
        )
        for year in years
    ]
    return query.answer(MissionYearsOut(items=items))
