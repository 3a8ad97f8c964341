"""Register objects of a pairing, link secondments with them, record contributions (W-08, W-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.pairing.links import (
    Contribution,
    ObjectKind,
    PairedObject,
    SecondmentLink,
    must_be_at_the_post,
    must_share_pairing,
)
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectText:
    """An object as it is registered."""

    programme: str
    policy_version: str
    scheme: str
    kind: ObjectKind
    code: str
    area: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionText:
    """A contribution as it is recorded."""

    kind: str
    made_on: date
    summary: str
    object: UUID | None = None


async def register_object(work: PlacementWork, text: ObjectText) -> PairedObject:
    """Register a project, fund or technology of a pairing; its code is taken once in a programme."""
    rules = await work.rules(text.programme, text.policy_version, use=True)
    found = PairedObject(id=work.new_id(), **{name: getattr(text, name) for name in ObjectText.__dataclass_fields__})
    found.must_lie_in(rules.pairings)
    work.paired_objects.add(found)
    return found


async def link_object(work: PlacementWork, participation: UUID, object_id: UUID) -> SecondmentLink:
    """Link a confirmed secondment with an object of its own pairing.

    Raises:
        Conflict: ``not-placed``, ``linked-already``.
        Malformed: ``unknown-object``.
        RuleViolated: ``object-of-other-pairing``.
    """
    case = await work.placements.get(participation, target=True)
    work.authorise(case.facets)
    case.must_be_placed("W-08")
    found = await work.paired_objects.find(id=object_id)
    if found is None:
        raise Malformed("unknown-object", "There is no such object.", rule="W-08")
    must_share_pairing(case, (await work.rules(case.programme, case.policy_version)).pairings, found)
    link = SecondmentLink(id=work.new_id(), participation=participation, object=object_id)
    work.secondment_links.add(link)
    return link


async def record_contribution(work: PlacementWork, participation: UUID, text: ContributionText) -> Contribution:
    """Record what a seconded person did at the post.

    Raises:
        Conflict: ``not-arrived``, ``contribution-exists`` for the same type on the same day.
        Malformed: ``unknown-contribution``, ``object-not-linked``.
        RuleViolated: ``date-in-future``, ``outside-term``.
    """
    case = await work.placements.get(participation, target=True)
    work.authorise(case.facets)
    pairings = (await work.rules(case.programme, case.policy_version)).pairings
    kinds = sorted(pairings.contributions) if pairings else []
    if text.kind not in kinds:
        raise Malformed("unknown-contribution", f"Use one of: {', '.join(kinds)}.", rule="W-11", kinds=kinds)
    must_be_at_the_post(case, text.made_on, work.today)
    if text.object is not None and not await work.secondment_links.count(
        participation=participation, object=text.object
    ):
        raise Malformed("object-not-linked", "Link the secondment with this object first.", rule="W-08")
    contribution = Contribution(
        id=work.new_id(), participation=participation, kind=text.kind, made_on=text.made_on, summary=text.summary,
        object=text.object, recorded_by=work.actor.subject,
    )  # fmt: skip
    work.contributions.add(contribution)
    return contribution
