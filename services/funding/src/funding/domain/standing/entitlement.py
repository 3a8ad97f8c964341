"""What a participation is owed and when, from what was heard and the policy alone (M-03, F-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from funding.domain.payments.proration import WHOLE, running_shares
from funding.domain.policy import Basis, DueRule, FundingPolicy, InstalmentRule
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
        return policy.full_term()
    standard = (story.placing.planned_end - story.placing.planned_start).days + 1
    days = days_paid(story, standard, pay_extension=policy.pay_extension)
    return policy.served(days, standard, story.placing.province)


def days_paid(story: Story, standard: int, *, pay_extension: bool) -> int:
    """Days that are paid, of ``standard`` days of the agreed term."""
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
        rate.category: running_shares(amounts[rate.category], at_once if rate.basis is Basis.FIXED else shares)
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
            day = months_after(story.starts_on, rule.months_after_start) if story.starts_on else None
        case DueRule.CERTIFIED:
            day = story.certified_on
    if story.ended_early and story.ending is not None:
        return min(day or story.ending.on, story.ending.on)
    return day


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
