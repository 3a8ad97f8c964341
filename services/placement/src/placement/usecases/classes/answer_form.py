"""The evaluation form (K-09)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from placement.domain.classes.evaluation import must_be_scores
from placement.domain.classes.seats import ClassSeatState
from placement.domain.classes.short_class import ClassState, ShortClass
from placement.usecases.classes.announce_class import class_rules
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import NotFound


async def answer_form(work: PlacementWork, id: UUID, scores: Mapping[str, int]) -> ShortClass:
    """A delegate's answers raise the counts; that the delegate has answered is kept, what was answered is not (K-09).

    Raises:
        Conflict: ``class-not-open`` unless in session, ``evaluated-already``.
        Malformed: ``scores-wrong``.
        NotFound: for who has no seat.
    """
    course = await work.classes.get(id)
    seats = await work.class_seats.list(class_id=id, account=work.actor.subject, state=ClassSeatState.SEATED)
    if not seats:
        raise NotFound("unknown-delegate", "You have no seat in this class.")
    work.authorise(seats[0].facets)
    course.must_be(ClassState.IN_SESSION)
    must_be_scores(scores, await class_rules(work, course))
    seats[0].evaluate()
    await work.count_scores(id, scores)
    return course
