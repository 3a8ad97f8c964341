"""Announce a class; open its registration, begin, evaluate and archive it (K-01, K-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.classes.attendance import ClassAttendance, attended, called, expected
from placement.domain.classes.facts import ClassCompleted
from placement.domain.classes.questions import Phase
from placement.domain.classes.rules import ClassRules
from placement.domain.classes.seats import ClassQuota, ClassSeatState
from placement.domain.classes.short_class import ShortClass
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Finding, Malformed, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassText:
    """What is announced."""

    programme: str
    policy_version: str
    batch: str
    session: str
    code: str
    title_zh: str
    title_en: str
    organiser: str
    host: str
    starts_on: date
    ends_on: date
    registers_until: date


async def class_rules(work: PlacementWork, course: ShortClass | ClassText, *, use: bool = False) -> ClassRules:
    """What the policy says about classes. Raises ``RuleViolated`` ``no-classes`` when it says nothing."""
    rules = await work.rules(course.programme, course.policy_version, use=use)
    if rules.short_class is None:
        raise RuleViolated("no-classes", "The policy of this programme has no classes.", rule="K-01")
    return rules.short_class


async def announce_class(work: PlacementWork, text: ClassText) -> ShortClass:
    """Announce a class with the seats that the policy gives each unit category.

    Raises:
        Malformed: ``class-wrong`` with a finding for an unknown host and for each impossible day.
        RuleViolated: ``no-classes``.
        Conflict: ``class-exists``.
    """
    work.authorise(Facets(unit=text.organiser, host=text.host))
    rules = await class_rules(work, text, use=True)
    host = await work.hosts.find(path=text.host)
    found = []
    if host is None:
        found.append(Finding("unknown-host", "There is no such host in the register.", "/host", "K-01"))
    if text.ends_on < text.starts_on:
        found.append(Finding("ends-before-start", "A class ends after it begins.", "/ends_on", "K-01"))
    if text.registers_until > text.ends_on:
        found.append(
            Finding("registration-after-class", "Registration ends with the class.", "/registers_until", "S-14")
        )
    if found or host is None:
        raise Malformed("class-wrong", "The class cannot be announced like this; see errors.", findings=found)
    members = {name: getattr(text, name) for name in ClassText.__dataclass_fields__}
    course = ShortClass(id=work.new_id(), host_province=host.province, **members)
    work.classes.add(course)
    for category in rules.categories:
        work.class_quotas.add(
            ClassQuota(
                id=work.new_id(), class_id=course.id, category=category.code, units=category.units, seats=category.seats
            )
        )
    await work.begin_scores(course.id, list(rules.dimensions), rules.scale)
    return course


async def the_class(work: PlacementWork, id: UUID) -> ShortClass:
    """The class that the request names, locked and authorised for its organiser (or venue)."""
    course = await work.classes.get(id, target=True)
    work.authorise(course.facets)
    return course


async def open_registration(work: PlacementWork, id: UUID) -> ShortClass:
    """Units may register."""
    course = await the_class(work, id)
    course.open_registration(by=work.actor)
    return course


async def begin_class(work: PlacementWork, id: UUID) -> ShortClass:
    """The class is in session. Raises ``RuleViolated`` ``class-too-early``."""
    course = await the_class(work, id)
    course.begin(today=work.today, by=work.actor)
    return course


async def evaluate_class(work: PlacementWork, id: UUID) -> ShortClass:
    """Close calls and evaluation, and tell of each participation what was attended (K-07).

    Raises:
        RuleViolated: ``class-too-early``, ``attendance-missing``.
    """
    course = await the_class(work, id)
    rules = await class_rules(work, course)
    seats = await work.class_seats.list(class_id=id, state=ClassSeatState.SEATED)
    sessions = await work.class_sessions.list(order="number", class_id=id, dropped=False)
    marked = await work.marked(id)
    missing = [
        Finding(
            "attendance-missing", f"Session {session.number} has no mark for {len(unmarked)} delegates.",
            f"/sessions/{session.number}", "K-07", values={"session": session.number, "missing": len(unmarked)},
        )
        for session in sessions
        if called(session, rules)
        and (unmarked := [seat for seat in expected(seats, session) if (session.id, seat.id) not in marked])
    ]  # fmt: skip
    course.evaluate(missing, today=work.today, by=work.actor)
    calls = await work.calls_of(id)
    questions = await work.questions_of([seat.id for seat in seats])
    lectures = sum(session.kind in rules.lectures for session in sessions)
    for seat in seats:
        if seat.participation is None:
            continue
        what = attended(((kind, ClassAttendance(mark)) for kind, mark in calls.get(seat.id, [])), rules)
        work.announce(
            ClassCompleted(
                participation=seat.participation,
                programme=course.programme,
                session=course.session,
                course=course.id,
                host=course.host,
                lectures_held=lectures,
                lectures_attended=what.lectures,
                attendance_share=what.share,
                questions=sum(questions.get(seat.id, {}).values()),
                questions_before=questions.get(seat.id, {}).get(Phase.BEFORE, 0),
                completed_on=course.ends_on,
            )
        )
    return course


async def archive_class(work: PlacementWork, id: UUID) -> ShortClass:
    """Put the class on the shelf."""
    course = await the_class(work, id)
    course.archive(by=work.actor)
    return course
