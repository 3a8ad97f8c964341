"""Prepare a proposal before the transaction that keeps it: read, compute elsewhere, hold no lock meanwhile."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any
from uuid import UUID

from selection.adapters.balancing.written import read_proposal, read_refusal
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.proposal import Proposal, propose
from selection.usecases.rostering.ask_balance import Prepared, question_of
from shared.http.running import Running
from shared.kernel.actor import Actor
from shared.kernel.refusals import Conflict, Refusal, RuleViolated
from shared.work.unit import Circumstances

INLINE = 500
"""Up to so many candidates under a plain tree are balanced at once: that takes milliseconds."""
_SECONDS = 900.0
_one_at_a_time: dict[int, asyncio.Lock] = {}


async def prepare(running: Running[Any], actor: Actor, session: UUID) -> Prepared | None:
    """The proposal for a session as it stands now, or why there is none; None when there is no question to ask.

    What is read here is read again by the command that keeps the proposal; a difference is refused there.
    """
    async with running.unit(Circumstances(actor)) as unit:
        assert isinstance(unit, SelectionUnit)
        try:
            question = await question_of(unit, session)
        except Refusal:
            return None
    try:
        proposal = await proposed(question.problem, question.policy.reserve_size)
    except RuleViolated as refusal:
        return Prepared(question.sha256, None, refusal)
    return Prepared(question.sha256, proposal, None)


async def proposed(problem: Problem, reserve_size: int) -> Proposal:
    """The proposal, by a process of its own unless it is a small matter.

    Raises:
        RuleViolated: ``quota-infeasible``.
        Conflict: ``balancing-too-long`` after a quarter of an hour.
    """
    if problem.is_tree and len(problem.people) <= INLINE:
        return propose(problem, reserve_size)
    lock = _one_at_a_time.setdefault(id(asyncio.get_running_loop()), asyncio.Lock())
    async with lock:
        answer = await _elsewhere({"input": problem.document(), "reserve_size": reserve_size})
    if "refusal" in answer:
        raise read_refusal(answer["refusal"])
    return read_proposal(answer["proposal"])


async def _elsewhere(question: dict[str, Any]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "selection.adapters.balancing.process",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(json.dumps(question).encode()), _SECONDS)
    except TimeoutError:
        raise Conflict("balancing-too-long", "Balancing takes too long; ask for help.", rule="S-06") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the balancing process ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(output)
    return answer
