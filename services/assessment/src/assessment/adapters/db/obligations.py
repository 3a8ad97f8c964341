"""What is due from whom, read from the states of the things themselves, so that it can never disagree with them.

Days come from the policy's ``deadlines``; a duty without one has no day. A new kind is one more ``_due``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    Integer,
    Interval,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from assessment.adapters.db.tables import achievement, assessment, certificate, follow_up, participation, policy
from assessment.domain.assessing.states import AssessmentState as S
from assessment.domain.certifying.certificate import CertificateState as C
from assessment.domain.returning.achievement import AchievementState as A
from assessment.domain.returning.follow_up import FollowUpState as F

Column = ColumnElement[Any]
PLACE = "Asia/Shanghai"
BEFORE_THE_END = 30
"""Days before the planned end from which an evaluation is asked for."""


def _member(*path: str) -> Column:
    """A member of the policy, as text."""
    return func.jsonb_extract_path_text(policy.c.effective, *path)


def _within(anchor: Column, duty: str) -> Column:
    """``anchor`` plus the days that the policy sets for ``duty``; null where it sets none."""
    return cast(anchor, Date) + cast(_member("deadlines", duty), Integer)


def _day_of(value: Column) -> Column:
    """The business day of a moment in text form."""
    return cast(func.timezone(PLACE, cast(value, DateTime(timezone=True))), Date)


def _due(
    kind: str, thing: Table, owed_by: Any, due_on: Any, *, detail: Any = None, host: Any = None, mentor: Any = None
) -> Select[Any]:
    """Rows of one kind; host and mentor are named only where they are the ones who owe."""
    return select(
        literal(kind).label("kind"),
        thing.c.participation.label("participation"),
        thing.c.id.label("subject"),
        cast(owed_by if isinstance(owed_by, ColumnElement) else literal(owed_by), Text).label("owed_by"),
        cast(due_on, Date).label("due_on"),
        thing.c.state.label("state"),
        cast(null() if detail is None else detail, Text).label("detail"),
        thing.c.account.label("account"),
        thing.c.unit.label("unit"),
        cast(null() if host is None else host, Text).label("host"),
        cast(null() if mentor is None else mentor, Text).label("mentor"),
        (thing.c.authority if thing is assessment else cast(null(), Text)).label("authority"),
        thing.c.programme.label("programme"),
        thing.c.session.label("session"),
    )


def _of_assessment(found: Select[Any]) -> Select[Any]:
    same = and_(policy.c.programme == assessment.c.scheme, policy.c.policy_version == assessment.c.scheme_version)
    return found.select_from(assessment).join(policy, same)


def _of_certificate(found: Select[Any]) -> Select[Any]:
    same = and_(policy.c.programme == certificate.c.programme, policy.c.policy_version == certificate.c.scheme_version)
    return found.select_from(certificate).join(policy, same)


def _evaluations(today: Column) -> Select[Any]:
    """A missing evaluation is owed by everyone who may give it."""
    parts = func.jsonb_array_elements(func.jsonb_extract_path(policy.c.effective, "components"))
    part = parts.table_valued("value", name="part").render_derived()
    roles = func.jsonb_array_elements_text(func.jsonb_extract_path(part.c.value, "scored_by"))
    role = roles.table_valued("value", name="role").render_derived()
    code = func.jsonb_extract_path_text(part.c.value, "code")
    owed_by = case((role.c.value == "mentor", "mentor"), (role.c.value == "host_officer", "host"), else_="sending_unit")
    ends = func.coalesce(assessment.c.term_ended_on, assessment.c.planned_end)
    is_mentor, is_host = role.c.value == "mentor", role.c.value == "host_officer"
    rows = _due(
        "evaluate", assessment, owed_by, _within(ends, "evaluate"), detail=code,
        host=case((is_host, assessment.c.host)), mentor=case((is_mentor, assessment.c.mentor)),
    )  # fmt: skip
    return (
        _of_assessment(rows)
        .join(part, literal(True))
        .join(role, literal(True))
        .where(
            assessment.c.state == S.OPEN,
            func.jsonb_extract_path_text(part.c.value, "stage") == "evidence",
            ~func.jsonb_exists(assessment.c.sheets, code),
            ends - BEFORE_THE_END <= today,
        )
    )


def _assessing(today: Column) -> list[Select[Any]]:
    a = assessment.c
    recorded = _day_of(func.jsonb_extract_path_text(a.result, "recorded_at"))
    appealed = _day_of(func.jsonb_extract_path_text(a.appeal, "opened_at"))
    months = cast(_member("deferral", "within_months"), Integer)
    again = a.deferred_on + func.make_interval(0, months, type_=Interval())
    since = cast(func.timezone(PLACE, a.updated_at), Date)
    return [
        _of_assessment(_due("conduct", assessment, "assessor", _within(a.term_ended_on, "conduct"))).where(
            a.state == S.EVIDENCE_COMPLETE
        ),
        _of_assessment(_due("record-result", assessment, "assessor", _within(since, "record"))).where(
            a.state == S.CONDUCTED
        ),
        _of_assessment(_due("confirm-result", assessment, "region", _within(recorded, "confirm"))).where(
            a.state.in_([S.RESULT_RECORDED, S.DECIDED, S.CORRECTED])
        ),
        _of_assessment(_due("decide-appeal", assessment, "region", _within(appealed, "decide"))).where(
            a.state == S.APPEALED
        ),
        _of_assessment(_due("reopen", assessment, "assessor", again, detail=a.deferral_reason)).where(
            a.state == S.DEFERRED
        ),
        _of_assessment(_due("begin-resit", assessment, "assessor", a.resit_until)).where(
            a.state == S.CONFIRMED, a.resit_until >= today
        ),
    ]


def _certifying() -> list[Select[Any]]:
    c = certificate.c
    issue = _due("issue-certificate", certificate, "ministry", _within(c.requested_on, "issue"))
    reissue = _due("reissue-certificate", certificate, "ministry", null(), detail=c.reissue_wanted)
    return [
        _of_certificate(issue).where(c.state == C.REQUESTED),
        _of_certificate(reissue).where(c.reissue_wanted.is_not(None), c.state.in_([C.ISSUED, C.SUSPENDED])),
    ]


def _returning() -> list[Select[Any]]:
    holder = and_(
        policy.c.programme == participation.c.programme, policy.c.policy_version == participation.c.policy_version
    )
    verify = _due(
        "verify-achievement", achievement, "sending_unit", _within(achievement.c.recorded_on, "verify"),
        detail=achievement.c.kind,
    )  # fmt: skip
    return [
        verify.select_from(achievement)
        .join(participation, participation.c.id == achievement.c.participation)
        .join(policy, holder)
        .where(achievement.c.state == A.RECORDED),
        _due("correct-achievement", achievement, "trainee", null(), detail=achievement.c.return_reason).where(
            achievement.c.state == A.RETURNED
        ),
        _due("record-follow-up", follow_up, "sending_unit", follow_up.c.until, detail=follow_up.c.round).where(
            follow_up.c.state.in_([F.DUE, F.OVERDUE])
        ),
    ]


def obligations(today: Column) -> CompoundSelect[Any]:
    """All that is due on ``today``: kind, participation, subject, owed_by, due_on, state, detail and who may see it."""
    sources: Sequence[Select[Any]] = [_evaluations(today), *_assessing(today), *_certifying(), *_returning()]
    return union_all(*sources)
