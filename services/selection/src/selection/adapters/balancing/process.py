"""The process that balances once: a question on standard input, its answer on standard output, both JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from selection.adapters.balancing.written import written_proposal, written_refusal
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.proposal import propose
from shared.kernel.refusals import RuleViolated


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """The proposal for ``{"input": …, "reserve_size": …}``, or the refusal."""
    problem = Problem.read(question["input"])
    try:
        return {"proposal": written_proposal(propose(problem, question["reserve_size"]))}
    except RuleViolated as refusal:
        return {"refusal": written_refusal(refusal)}


def main() -> None:
    """Answer one question."""
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
