"""Register the classes and missions that may be claimed for, and find what bounds a claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import Bounds, CostObject, CostObjectKind
from funding.domain.participation import Participation
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Malformed, NotFound, RuleViolated


@dataclass(frozen=True, slots=True)
class Registration:
    """What is said of a class or mission; see ``CostObject``."""

    kind: CostObjectKind
    code: str
    session: str
    organisation: str
    starts_on: date
    ends_on: date
    persons: int
    province: str | None
    tier: str | None


async def register_cost_object(work: FundingWork, said: Registration) -> CostObject:
    """Let claims be made for a class or mission that the allocation of a session pays for.

    Raises:
        Malformed: ``bad-dates``.
        RuleViolated: ``no-allocation``.
        Conflict: ``cost-object-exists`` (by the database).
    """
    if said.ends_on < said.starts_on:
        raise Malformed("bad-dates", "The last day lies before the first.", pointer="/ends_on")
    await allocation_for(work, said.session)
    made = CostObject(
        id=work.new_id(),
        kind=said.kind,
        code=said.code,
        session=said.session,
        organisation=said.organisation,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        persons=said.persons,
        province=said.province,
        tier=said.tier,
        registered_by=work.actor.subject,
    )
    work.cost_objects.add(made)
    return made


async def allocation_for(work: FundingWork, session: str) -> tuple[UUID, str, str]:
    """Fund, programme and policy version of the session's open allocation. Raises ``RuleViolated``: ``no-allocation``."""
    pot = await work.allocation_of(session)
    if pot is None:
        raise RuleViolated("no-allocation", "No open allocation pays for this session.", rule="F-02", session=session)
    return pot.fund, pot.programme, pot.policy_version


async def find_participation(work: FundingWork, code: str) -> Participation:
    """The participation a claim names. Raises ``NotFound`` for what is none."""
    try:
        return await work.participations.get(UUID(code))
    except ValueError as error:
        raise NotFound("not-found", "There is no such participation.") from error


async def find_cost_object(work: FundingWork, kind: CostObjectKind, code: str) -> CostObject:
    """The registered class or mission, held. Raises ``NotFound``."""
    found = await work.cost_objects.find(kind=kind, code=code)
    if found is None:
        raise NotFound("not-found", "No such class or mission is registered.")
    return found


async def bounds_of(work: FundingWork, claim: Claim) -> Bounds:
    """What bounds a claim; its participation or cost object is held from here on, so that claims for it queue up.

    Raises:
        RuleViolated: ``not-placed`` for a participation without a placement.
    """
    if claim.cost_kind is CostObjectKind.PARTICIPATION:
        return term_of(await find_participation(work, claim.cost_object))
    found = await find_cost_object(work, claim.cost_kind, claim.cost_object)
    return Bounds(found.starts_on, found.ends_on, found.persons, found.province, found.tier)


def term_of(participation: Participation) -> Bounds:
    """The days that a participation is served, as far as is known (M-03). Raises ``RuleViolated``: ``not-placed``."""
    story = participation.story
    placing, start = story.placing, story.starts_on
    if placing is None or start is None or story.never_began is not None:
        raise RuleViolated("not-placed", "There is no placement to claim for.", rule="F-04")
    end = max([placing.planned_end, *(change.planned_end for change in story.changes)])
    if story.ending is not None:
        end = story.ending.on
    return Bounds(start, end, 1, placing.province, None)
