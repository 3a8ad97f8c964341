"""An expert's score sheets, many at once; blind of all others (S-05, P-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.panel.assigned import AssignmentState
from selection.domain.panel.panel import Panel, ScoreSheet, weighted_total
from selection.usecases.deliberating.assign_candidates import barred_experts
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import each_row, no_twice
from shared.kernel.refusals import Conflict, Finding, Forbidden, NotFound

CANDIDATE_STATES = (ApplicationState.SUBMITTED, ApplicationState.LOCAL_APPROVED)


@dataclass(frozen=True, slots=True)
class Scores:
    """One row: the scores of one candidate by criterion, 0 to 100."""

    application: UUID
    scores: Mapping[str, int]
    comment: str | None


async def score_candidates(work: SelectionWork, panel_id: UUID, rows: Sequence[Scores]) -> list[ScoreSheet]:
    """Keep the caller's sheets; a sheet given again replaces the earlier one while the panel is open.

    Raises:
        Forbidden: ``conflict-of-interest`` for candidates the expert stood aside for, of their own unit, or themself.
        Malformed: ``bad-sheet`` (P-11), ``row-twice``. NotFound: not a candidate of this panel.
        Conflict: ``panel-concluded``, ``not-under-deliberation``.
    """
    panel = await panel_for_expert(work, panel_id)
    no_twice((row.application for row in rows), "application")
    expert = work.actor.subject
    candidates = await panel_candidates(work, panel, [row.application for row in rows])
    mine = await _assigned(work, panel, expert)
    declared = {(each.application_id, expert) for each in await work.conflicts.list(panel_id=panel.id, expert=expert)}
    aside = {
        each.id
        for each in candidates.values()
        if expert in barred_experts(panel, each, declared) or each.unit == work.actor.organisation
    }
    earlier = {
        each.application_id: each
        for each in await work.sheets.list(panel_id=panel.id, expert=expert, application_id=set(candidates))
    }

    def score(row: Scores) -> ScoreSheet:
        if row.application in aside:
            raise Forbidden(
                "conflict-of-interest", "You declared a conflict of interest for this candidate.", rule="S-05",
                findings=[Finding("conflict-of-interest", "You stood aside for this candidate.", "/application", "S-05")],
            )  # fmt: skip
        if mine is not None and row.application not in mine:
            raise not_before_this_panel()
        total = weighted_total(row.scores, panel.criteria, "")
        sheet = earlier.get(row.application)
        if sheet is None:
            sheet = ScoreSheet(
                id=work.new_id(), panel_id=panel.id, application_id=row.application, expert=expert,
                scores=dict(row.scores), total=total, comment=row.comment,
            )  # fmt: skip
            work.sheets.add(sheet)
        sheet.scores, sheet.total, sheet.comment = dict(row.scores), total, row.comment
        return sheet

    return each_row(rows, score)


async def _assigned(work: SelectionWork, panel: Panel, expert: str) -> set[UUID] | None:
    """What is assigned to the expert; None where every expert sees every candidate."""
    if not panel.assigned:
        return None
    standing = await work.assignments.list(panel_id=panel.id, expert=expert, state=AssignmentState.ASSIGNED)
    return {each.application_id for each in standing}


def not_before_this_panel() -> NotFound:
    """The answer for candidates whom the expert does not judge, existing or not."""
    detail = "There is no such candidate before this panel."
    return NotFound("not-found", detail, findings=[Finding("not-found", detail, "/application")])


async def panel_for_expert(work: SelectionWork, panel_id: UUID) -> Panel:
    """The panel, when the caller sits on it and it is open."""
    panel = await work.panels.get(panel_id)
    work.authorise(panel.facets)
    panel.takes_sheets()
    return panel


async def panel_candidates(work: SelectionWork, panel: Panel, ids: Sequence[UUID]) -> dict[UUID, Application]:
    """The named candidates by id, as read: nothing of them is changed here.

    Raises:
        NotFound: for each that this panel does not see.
        Conflict: ``not-under-deliberation`` for each that is not (or no longer) before the panel.
    """
    found = {each.id: each for each in await work.readings.applications(ids)}

    def candidate(id: UUID) -> Application:
        application = found.get(id)
        if (
            application is None
            or application.session_id != panel.session_id
            or not panel.sees(application.form.specialty_group)
        ):
            raise not_before_this_panel()
        if application.state not in CANDIDATE_STATES:
            raise Conflict(
                "not-under-deliberation", "The candidate is not before the panel at this stage.",
                findings=[Finding("not-under-deliberation", f"The application is '{application.state}'.", "/application")],
            )  # fmt: skip
        return application

    return {application.id: application for application in each_row(ids, candidate)}
