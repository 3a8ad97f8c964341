"""A person confirms a proposal, with swaps and their reasons; only then is there a roster (S-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from selection.domain.balancing.explain import Standing
from selection.domain.balancing.problem import broken_rows
from selection.domain.policy.policy import Policy
from selection.domain.programmes.programme import Session
from selection.domain.roster.roster import Entry, EntryStanding, Roster, Swap, swapped
from selection.domain.roster.run import BalancingRun
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, RuleViolated


@dataclass(frozen=True, slots=True)
class WantedSwap:
    """One change to the proposal."""

    out: UUID
    into: UUID
    reason: str


async def confirm_run(work: SelectionWork, run_id: UUID, wanted: Sequence[WantedSwap]) -> Roster:
    """Confirm and stand the roster for fixing.

    Raises:
        Conflict: ``wrong-state``; ``roster-open`` when the session has a roster already (by constraint).
        Malformed: ``bad-swap``.
        RuleViolated: ``quota-broken`` (S-06) when the swaps leave a node's bounds.
    """
    run = await work.runs.get(run_id, target=True)
    session = await work.readings.session(run.session_id)
    run.confirm(work.actor)
    policy = await work.readings.policy(session.programme, session.policy_version)
    entries = await _entries(work, run, policy, {swap.into for swap in wanted})
    scores = {entry.application: entry.score for entry in entries}
    swaps = [
        Swap(
            each.out, each.into, each.reason, work.actor.subject,
            scores.get(each.out, Decimal(0)) - scores.get(each.into, Decimal(0)),
        )
        for each in wanted
    ]  # fmt: skip
    entries = swapped(entries, swaps)
    if swaps:
        _within(session, policy, entries)
    roster = Roster(
        id=work.new_id(), session_id=session.id, programme=session.programme, batch=session.batch,
        session=session.session, policy_version=run.policy_version, run_id=run.id,
        entries=sorted(
            (entry for entry in entries if entry.standing is not EntryStanding.LEFT),
            key=lambda entry: (not entry.holds_place, entry.position),
        ),
        swaps=swaps,
    )  # fmt: skip
    roster.propose(work.actor)
    work.rosters.add(roster)
    return roster


async def _entries(work: SelectionWork, run: BalancingRun, policy: Policy, wanted_in: set[UUID]) -> list[Entry]:
    """The proposal's lines as entries; of those left out only the ones a swap names, standing as ``left``."""
    lines = [line for line in run.outcomes if line.standing is not Standing.OUT or line.application in wanted_in]
    people = {each.id: each for each in await work.readings.applications([line.application for line in lines])}
    standing = {Standing.SELECTED: EntryStanding.SELECTED, Standing.RESERVE: EntryStanding.RESERVE}
    return [
        Entry(
            application=line.application, standing=standing.get(line.standing, EntryStanding.LEFT),
            position=line.position, score=line.score, study_direction=people[line.application].study_direction,
            unit=people[line.application].unit, title_level=people[line.application].form.title_level.value,
            traits=policy.traits(people[line.application]),
        )
        for line in lines
    ]  # fmt: skip


def _within(session: Session, policy: Policy, entries: Sequence[Entry]) -> None:
    """Refuse swaps that leave a quota, of the tree or across it: nobody may override a quota, only change it."""
    crossing = policy.balancing.crossing(session.session, session.quota)
    holding = [entry.traits for entry in entries if entry.holds_place]
    findings = [
        Finding(
            "quota-node-broken", f"Node '{code}' would hold {count} of {low} to {high}.", "/swaps", "S-06",
            values={"node": code, "count": count, "min": low, "max": high},
        )
        for code, low, high, count in broken_rows(session.tree, crossing, policy.balancing.unit_cap, holding)
    ]  # fmt: skip
    if findings:
        raise RuleViolated("quota-broken", "The swaps break the quotas.", rule="S-06", findings=findings)
