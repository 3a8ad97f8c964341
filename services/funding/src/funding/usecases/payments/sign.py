"""Prepare and approve instalments, many at a time and by two persons (F-01)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, Finding, Forbidden, Refusal


@dataclass(frozen=True, slots=True)
class Choice:
    """Which instalments: all of a session (and milestone) that are in the right state, or these."""

    session: str | None = None
    milestone: str | None = None
    instalments: Sequence[UUID] = ()


async def prepare_instalments(work: FundingWork, choice: Choice) -> list[Instalment]:
    """Put due instalments forward for payment; all or none.

    Raises:
        NotFound, Conflict (``nothing-to-do``, ``fund-frozen``, ``bulk-refused`` with every finding).
    """
    chosen = await choose(work, choice, InstalmentState.DUE)
    each_of(chosen, lambda each: each.prepare(work.actor))
    return chosen


async def approve_instalments(work: FundingWork, choice: Choice) -> list[Instalment]:
    """Approve prepared instalments; all or none, and none that the approver has prepared (F-01).

    Raises:
        NotFound, Conflict (``nothing-to-do``, ``fund-frozen``, ``bulk-refused``), Forbidden (``same-person``).
    """
    chosen = await choose(work, choice, InstalmentState.PREPARED)
    each_of(chosen, lambda each: each.approve(work.actor))
    return chosen


async def choose(work: FundingWork, choice: Choice, state: InstalmentState) -> list[Instalment]:
    """The chosen instalments, held for change, of funds that are not frozen."""
    if choice.instalments:
        chosen = await work.instalments.get_many(dict.fromkeys(choice.instalments))
    else:
        named: dict[str, Any] = {"session": choice.session}
        if choice.milestone:
            named["milestone"] = choice.milestone
        chosen = await work.instalments.list(state=state, **named)
    if not chosen:
        raise Conflict("nothing-to-do", f"No instalment is {state}.", state=str(state))
    for fund in sorted({each.fund for each in chosen}):
        (await work.funds.get(fund)).require_active()
    return chosen


def each_of(chosen: Sequence[Instalment], act: Callable[[Instalment], None]) -> None:
    """Do the same to each; when any refuses, all refusals are reported together."""
    refused: list[Refusal] = []
    findings: list[Finding] = []
    for nth, each in enumerate(chosen):
        try:
            act(each)
        except (Conflict, Forbidden) as refusal:
            refused.append(refusal)
            values = {"instalment": str(each.id)}
            findings.append(Finding(refusal.code, refusal.detail, f"/instalments/{nth}", refusal.rule, values=values))
    if not refused:
        return
    if all(isinstance(refusal, Forbidden) for refusal in refused):
        first = refused[0]
        raise Forbidden(first.code, first.detail, rule=first.rule, findings=findings)
    raise Conflict("bulk-refused", "Not every instalment allows this; nothing was done.", findings=findings)
