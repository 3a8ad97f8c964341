"""Obligations of short classes and expert missions: calls, questions, the end of a class, reports of teams."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Date, Table, case, exists, func, literal, select
from sqlalchemy import cast as sql_cast

from placement.adapters.db.obligations.source import Source, said_days, source
from placement.adapters.db.tables.classes import (
    class_copy,
    class_mark,
    class_material,
    class_question,
    class_seat,
    class_session,
    class_unit,
    short_class,
)
from placement.adapters.db.tables.missions import mission
from placement.domain.classes.questions import ClassQuestionState
from placement.domain.classes.seats import ClassSeatState
from placement.domain.classes.short_class import ClassState
from placement.domain.missions.mission import MissionState
from shared.kernel.actor import Role

_ORGANISER = case((short_class.c.organiser.contains("/"), literal("region")), else_=literal("ministry"))
_OF_CLASS: dict[str, Any] = {
    "unit": short_class.c.organiser,
    "host": short_class.c.host,
    "session": short_class.c.session,
    "programme": short_class.c.programme,
    "policy_version": short_class.c.policy_version,
}
_OF_MISSION: dict[str, Any] = {
    "unit": mission.c.region,
    "session": mission.c.session,
    "programme": mission.c.programme,
    "policy_version": mission.c.policy_version,
}
_RUNNING = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.HOST_OFFICER, Role.AUDITOR})
_OFFICES = _RUNNING - {Role.HOST_OFFICER}
_TEAM = _OFFICES | {Role.APPLICANT}

_expected = (
    (class_seat.c.class_id == class_session.c.class_id)
    & (class_seat.c.state == ClassSeatState.SEATED)
    & (class_session.c.breakout.is_(None) | (class_session.c.breakout == class_seat.c.breakout))
)
_call: Any = (
    select(
        class_session.c.id,
        class_session.c.class_id,
        class_session.c.dropped,
        class_session.c.version,
        class_session.c.updated_at,
        class_session.c.kind.label("state"),
        sql_cast(func.timezone("Asia/Shanghai", class_session.c.ends_at), Date).label("held_on"),
    )
    .where(~exists().where(class_mark.c.session_id == class_session.c.id), exists().where(_expected))
    .subquery("class_session")
)
"""Sessions that somebody is expected at and nobody has called; the state shown is the kind of session."""

_asked: Any = (
    select(
        class_unit.c.id,
        class_unit.c.class_id,
        class_unit.c.unit,
        class_unit.c.category.label("state"),
        class_unit.c.version,
        class_unit.c.updated_at,
    )
    .where(class_unit.c.registered == 0)
    .subquery("class_unit")
)
"""Units on the roll that have registered nobody; the state shown is their category."""

_undelivered: Any = (
    select(
        class_material.c.id,
        class_material.c.class_id,
        class_material.c.code.label("state"),
        class_material.c.version,
        class_material.c.updated_at,
    )
    .where(
        exists().where(
            class_seat.c.class_id == class_material.c.class_id,
            class_seat.c.state == ClassSeatState.SEATED,
            ~exists().where(class_copy.c.material_id == class_material.c.id, class_copy.c.seat_id == class_seat.c.id),
        )
    )
    .subquery("class_material")
)
"""Materials that a delegate was not given; the state shown is the code of the material."""

CLASSES: list[Source] = [
    source(
        "register-delegates",
        cast(Table, _asked),
        owed_by="sending_unit",
        due_on=short_class.c.registers_until,
        rows=_asked.join(short_class, short_class.c.id == _asked.c.class_id),
        where=short_class.c.state == ClassState.REGISTRATION,
        of_placement=False,
        seen_by=_OFFICES | {Role.UNIT_OFFICER},
        **_OF_CLASS | {"unit": _asked.c.unit},
    ),
    source(
        "distribute-material",
        cast(Table, _undelivered),
        owed_by=_ORGANISER,
        due_on=func.coalesce(
            short_class.c.starts_on + said_days("distribute-material", short_class), short_class.c.ends_on
        ),
        rows=_undelivered.join(short_class, short_class.c.id == _undelivered.c.class_id),
        where=short_class.c.state == ClassState.IN_SESSION,
        of_placement=False,
        seen_by=_OFFICES,
        **_OF_CLASS,
    ),
    source(
        "follow-up-question",
        class_question,
        owed_by=_ORGANISER,
        due_on=class_question.c.followed_up_on + said_days("follow-up-question", short_class),
        rows=class_question.join(short_class, short_class.c.id == class_question.c.class_id),
        where=(class_question.c.state == ClassQuestionState.FOLLOW_UP)
        & said_days("follow-up-question", short_class).is_not(None),
        of_placement=False,
        seen_by=_OFFICES,
        **_OF_CLASS,
    ),
    source(
        "call-class-session",
        cast(Table, _call),
        owed_by="host",
        due_on=_call.c.held_on,
        rows=_call.join(short_class, short_class.c.id == _call.c.class_id),
        where=(short_class.c.state == ClassState.IN_SESSION) & _call.c.dropped.is_(False),
        of_placement=False,
        seen_by=_RUNNING,
        **_OF_CLASS,
    ),
    source(
        "answer-question",
        class_question,
        owed_by=_ORGANISER,
        due_on=class_question.c.due_on,
        rows=class_question.join(short_class, short_class.c.id == class_question.c.class_id),
        where=class_question.c.state == ClassQuestionState.RECEIVED,
        of_placement=False,
        seen_by=_OFFICES,
        **_OF_CLASS,
    ),
    source(
        "evaluate-class",
        short_class,
        owed_by=_ORGANISER,
        due_on=short_class.c.ends_on,
        where=short_class.c.state == ClassState.IN_SESSION,
        of_placement=False,
        seen_by=_OFFICES,
        **_OF_CLASS,
    ),
    source(
        "answer-mission-request",
        mission,
        owed_by="region",
        due_on=mission.c.wanted_from,
        where=mission.c.state == MissionState.REQUESTED,
        of_placement=False,
        seen_by=_OFFICES,
        **_OF_MISSION,
    ),
    source(
        "approve-mission",
        mission,
        owed_by="ministry",
        due_on=mission.c.starts_on,
        where=mission.c.state == MissionState.TEAM_FORMED,
        of_placement=False,
        seen_by=_OFFICES,
        **_OF_MISSION,
    ),
    source(
        "file-mission-report",
        mission,
        owed_by="trainee",
        due_on=mission.c.report_due_on,
        where=mission.c.state == MissionState.IN_FIELD,
        of_placement=False,
        seen_by=_TEAM,
        account=mission.c.leader,
        **_OF_MISSION,
    ),
]
"""Every kind of obligation that classes and missions bring."""
