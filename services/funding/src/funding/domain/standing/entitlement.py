"""What a participation is owed and when, from what was heard and the policy alone (M-03, F-04)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from funding.domain.payments.proration import WHOLE, running_shares
from funding.domain.payments.rates import Circumstance, Span
from funding.domain.policy import DueRule, FundingPolicy, InstalmentRule
from funding.domain.standing.story import Story


@dataclass(frozen=True, slots=True)
class Owed:
    """One step of the payment plan.

    Attributes:
        rule: the instalment rule.
        upto: fen by category owed in all once this step is reached.
        due_on: the day it is or will be due; None while unknown.
        reached: True when it is due today.
    """

    rule: InstalmentRule
    upto: dict[str, int]
    due_on: date | None
    reached: bool


def entitled(story: Story, policy: FundingPolicy) -> dict[str, int]:
    """Fen by category for the days that are served, as far as is known: all of them, unless something was heard.

    Before there is a placement this is the whole term at the standard rate; after an end before the start, nothing.
    A punctual arrival counts from the planned start; a late one from its own day; an early end by the days served.
    """
    if story.selection is None or story.never_began is not None:
        return dict.fromkeys(policy.purposes, 0)
    if story.placing is None:
        return reservation(story, policy)
    agreed = Span(story.placing.planned_start, story.placing.planned_end)
    where = Circumstance(story.placing.province, story.selection.term)
    return policy.served(paid_spans(story, agreed, policy), agreed, where)


def reservation(story: Story, policy: FundingPolicy) -> dict[str, int]:
    """Fen by category held for a selected person: the whole term, as long as there is no place."""
    if story.selection is None:
        return {}
    term = Span(story.selection.planned_start, story.selection.planned_end)
    return policy.full_term(term, Circumstance(term=story.selection.term))


def paid_spans(story: Story, agreed: Span, policy: FundingPolicy) -> list[Span]:
    """The days that are paid of a term: from the start to the last paid day, without suspensions that are not paid."""
    days = days_paid(story, agreed.days, pay_extension=policy.pay_extension)
    if days == 0:
        return []
    first = story.starts_on or agreed.first
    whole = Span(first, first + timedelta(days - 1))
    if policy.pay_suspension or story.ended_early:
        return [whole]
    return _without(whole, list(_suspensions(story)))


def _suspensions(story: Story) -> Iterator[Span]:
    """The days on which the placement was suspended; one that goes on lasts to the end of days."""
    begun: date | None = None
    for change in story.changes:
        if change.kind == "suspended":
            begun = begun or change.effective_on
        elif change.kind == "resumed" and begun is not None:
            if change.effective_on > begun:
                yield Span(begun, change.effective_on - timedelta(1))
            begun = None
    if begun is not None:
        yield Span(begun, date.max)


def _without(whole: Span, gaps: Sequence[Span]) -> list[Span]:
    """What is left of ``whole`` outside the gaps, which are in order and apart."""
    left: list[Span] = []
    first = whole.first
    for gap in gaps:
        if gap.first > whole.last or gap.last < first:
            continue
        if gap.first > first:
            left.append(Span(first, gap.first - timedelta(1)))
        if gap.last >= whole.last:
            return left
        first = gap.last + timedelta(1)
    return [*left, Span(first, whole.last)]


def days_paid(story: Story, standard: int, *, pay_extension: bool) -> int:
    """Days from the first to the last paid one, of ``standard`` days of the agreed term."""
    placing, start = story.placing, story.starts_on
    if placing is None or start is None:
        return standard
    extra = max(0, (story.changes[-1].planned_end - placing.planned_end).days) if story.changes else 0
    limit = standard + (extra if pay_extension else 0)
    if story.ended_early and story.ending is not None:
        return max(0, min(story.ending.days, limit))
    return max(0, limit - (start - placing.planned_start).days)


def payment_plan(story: Story, policy: FundingPolicy, today: date) -> list[Owed]:
    """The steps of the plan with what is owed after each of them; fixed rates are owed whole with the first.

    An early end makes everything due at once; a failed assessment or a revoked certificate takes the step of the
    certificate out, so that the step before it is the last word.
    """
    amounts = entitled(story, policy)
    shares = [rule.share for rule in policy.instalments]
    at_once = [WHOLE, *[0] * (len(shares) - 1)]
    by_category = {
        rate.category: running_shares(amounts[rate.category], shares if rate.is_divided else at_once)
        for rate in policy.rates
    }
    steps: list[Owed] = []
    before = dict.fromkeys(amounts, 0)
    for nth, rule in enumerate(policy.instalments):
        upto = {category: owed[nth] for category, owed in by_category.items()}
        if rule.due is DueRule.CERTIFIED and (story.failed or story.revoked) and not story.ended_early:
            upto = before
        if story.ended_early:
            upto = amounts
        due_on = _due_on(rule, story)
        steps.append(Owed(rule, upto, due_on, _is_reached(rule, story, due_on, today)))
        before = upto
    return steps


def _due_on(rule: InstalmentRule, story: Story) -> date | None:
    """The day of the milestone; an early end is the milestone of all that would have come later."""
    day: date | None
    match rule.due:
        case DueRule.ARRIVAL:
            day = story.arrival.on if story.arrival is not None else None
        case DueRule.DATE:
            day = _dated(rule, story)
        case DueRule.CERTIFIED:
            day = story.certified_on
    if story.ended_early and story.ending is not None:
        return min(day or story.ending.on, story.ending.on)
    return day


def _dated(rule: InstalmentRule, story: Story) -> date | None:
    """Some months after the start, or when a part of the agreed term is over."""
    start, placing = story.starts_on, story.placing
    if start is None or placing is None:
        return None
    if not rule.term_share:
        return months_after(start, rule.months_after_start)
    return start + timedelta(Span(placing.planned_start, placing.planned_end).days * rule.term_share // WHOLE)


def _is_reached(rule: InstalmentRule, story: Story, due_on: date | None, today: date) -> bool:
    if due_on is None or story.never_began is not None:
        return False
    if rule.due is DueRule.DATE and not story.ended_early:
        return story.arrival is not None and due_on <= today
    return True


def months_after(start: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(start.day, (following - first).days))
