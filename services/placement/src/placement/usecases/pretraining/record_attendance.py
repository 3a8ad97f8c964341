"""The region records who was at the pre-training (M-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.pretraining import Invitation, PreTraining, PreTrainingState
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed, NotFound, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Whether a person was there; ``excuse`` is a coded reason of the policy for an absence."""

    participation: UUID
    attended: bool
    excuse: str | None = None


async def record_attendance(work: PlacementWork, id: UUID, lines: Sequence[Attendance]) -> list[Invitation]:
    """Record a list; the event counts as held from the first record on. Who was absent may be excused later.

    Raises:
        NotFound: ``not-invited``.
        Malformed: ``unknown-reason``, ``excuse-without-absence``, ``duplicate-item``.
        RuleViolated: ``not-held-yet``.
        Conflict: ``wrong-state``.
    """
    event = await work.pre_trainings.get(id, target=True)
    work.authorise(event.facets)
    if event.state is PreTrainingState.PLANNED:
        event.hold(today=work.today, by=work.actor)
    elif event.state is PreTrainingState.CANCELLED:
        raise RuleViolated("pre-training-cancelled", "It did not take place.", rule="M-11")
    return await _record(work, event, lines)


async def _record(work: PlacementWork, event: PreTraining, lines: Sequence[Attendance]) -> list[Invitation]:
    ids = [line.participation for line in lines]
    placements = by(await work.placements.list(id=ids), "id")
    invited = by(await work.invitations.list(pre_training=event.id, participation=ids), "participation")
    rules = (await work.rules(event.programme, event.policy_version)).pre_training
    counted = Counter(ids)
    batch = Batch()
    for number, line in enumerate(lines):
        with batch.at(number):
            invitation = invited.get(line.participation)
            if invitation is None:
                raise NotFound("not-invited", "This person is not invited to this event.")
            if counted[line.participation] > 1:
                raise Malformed("duplicate-item", "The list names this twice.")
            placement = placements[line.participation]
            if line.attended and line.excuse is not None:
                raise Malformed("excuse-without-absence", "Who was there needs no excuse.", rule="M-11")
            if line.attended:
                invitation.attend(on=work.today, by=work.actor)
                placement.pre_training_on = placement.pre_training_on or event.ends_on
            elif line.excuse is None:
                invitation.miss(on=work.today, by=work.actor)
            elif line.excuse not in rules.excuses:
                raise Malformed("unknown-reason", f"Use one of: {', '.join(rules.excuses)}.", rule="M-11")
            else:
                invitation.excuse_for(line.excuse, on=work.today, by=work.actor)
                if rules.excused_may_leave:
                    placement.pre_training_on = placement.pre_training_on or event.ends_on
    batch.settle()
    return [invited[id] for id in ids]
