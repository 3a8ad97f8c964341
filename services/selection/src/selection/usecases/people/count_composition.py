"""Count the composition of a session's roster, once and for good (domain.md 7.3)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.people.composition import CompositionStatistic, compose
from selection.domain.people.register import Attribute, Extent
from selection.usecases.people.record_read import record_read
from selection.usecases.people.seal_person import opened
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict, RuleViolated

PURPOSE = "composition-statistic"


async def count_composition(work: SelectionWork, session_id: UUID) -> CompositionStatistic:
    """Open what the selected people declared, count it, forget it; the answer never changes afterwards.

    One fixed scope, one count: a second count over other people, or over the same people later, could be subtracted from
    the first and tell what one person declared.

    Raises:
        NotFound: ``session-not-found``.
        RuleViolated: ``no-composition-target``.
        Conflict: ``roster-not-fixed``; ``counted-already``.
    """
    session = await work.readings.session(session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    if policy.composition is None:
        raise RuleViolated("no-composition-target", "The policy states no composition target.", rule="7.3")
    if await work.people.statistic(session_id) is not None:
        raise Conflict("counted-already", "The composition of this session has been counted; it is not counted again.")
    selected = await work.people.selected_people(session_id)
    if not selected:
        raise Conflict("roster-not-fixed", "The composition is counted over the fixed roster; there is none yet.")
    items = await work.people.items(selected, Attribute.ETHNICITY)
    persons = {person.id: person for person in await work.people.persons(items)}
    values = []
    for id, item in items.items():
        values.append(opened(work, persons[id], item))
        record_read(work, id, None, Attribute.ETHNICITY, Extent.AGGREGATE, PURPOSE)
    statistic = compose(
        work.new_id(), session_id, session.policy_version, policy.composition, values, len(selected), work.now
    )
    work.statistics.add(statistic)
    return statistic
