"""What the page on balancing says is true: its command proves its example, which the program answers the same today."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from selection.adapters.balancing.process import answer
from selection.adapters.balancing.written import read_proposal, read_refusal, written_proposal
from selection.adapters.http.reasons import sentences
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.proposal import propose

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "balancing.md"


def package() -> dict[str, Any]:
    """The example of the page."""
    read: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "balancing.json").read_text(encoding="utf-8"))
    return read


def test_the_command_of_the_page_proves_its_example(tmp_path: Path) -> None:
    """The checker alone in an empty folder, without the project; one changed score and it says no."""
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    _, checker, example = shlex.split(block)
    shutil.copy(ROOT / checker, tmp_path / "check.py")
    shutil.copy(ROOT / example, tmp_path / "good.json")
    changed = package()
    changed["input"]["candidates"][0]["score"] = "99.9"
    (tmp_path / "bad.json").write_text(json.dumps(changed), encoding="utf-8")

    said = [
        subprocess.run(
            [sys.executable, "-I", "check.py", name], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        for name in ("good.json", "bad.json")
    ]

    assert [each.returncode for each in said] == [0, 1]
    assert said[0].stdout == "Proved: this is the one right answer to this input.\n"


def test_the_example_is_answered_the_same_today() -> None:
    """Repeatable from the input document alone."""
    example = package()

    again = answer({"input": example["input"], "reserve_size": 5})["proposal"]

    assert again["answer"]["selected"] == example["answer"]["selected"]
    assert (again["answer"]["method"], again["answer"]["proved"]) == ("duals", True)


def test_a_proposal_comes_through_the_pipe_unchanged() -> None:
    """What one process writes the other reads."""
    proposal = propose(Problem.read(package()["input"]), 5)

    assert read_proposal(json.loads(json.dumps(written_proposal(proposal)))) == proposal


def test_a_refusal_comes_through_the_pipe_with_its_findings() -> None:
    """Demands that contradict are named on the other side too."""
    given = package()["input"]
    given["crossing"][0] |= {"min": 9, "max": 9}

    refusal = read_refusal(answer({"input": given, "reserve_size": 5})["refusal"])

    assert refusal.code == "quota-infeasible"
    assert refusal.findings


def test_every_explanation_of_the_example_is_true() -> None:
    """The swap keeps every quota and gains nothing; the price is the sum of the worths; sentences are whole."""
    problem = Problem.read(package()["input"])
    proposal = propose(problem, 5)
    chosen = set(proposal.balance.selected)
    members = dict(zip((each.participation for each in problem.people), problem.memberships, strict=True))
    worth = [node.worth or Decimal(0) for node in proposal.nodes]

    for line in proposal.lines:
        assert line.price == sum(worth[row] for row in members[line.application])
        assert line.price is not None
        assert line.distance == line.score - line.price
        if line.swap_with is not None:
            after = chosen - {line.swap_with} | {line.application}
            counts = [sum(row in members[id] for id in after) for row in range(len(problem.rows))]
            assert all(low <= n <= high for (_, low, high), n in zip(problem.rows, counts, strict=True))
            assert line.margin_score is not None
            assert line.margin_score >= line.score
        shown = {
            "outcome": line.standing.value, "position": line.position, "score": line.score, "price": line.price,
            "binding_node": line.binding_node, "margin_score": line.margin_score, "distance": line.distance,
            "minimum_node": line.minimum_node,
        }  # fmt: skip
        words = sentences(shown, problem.names)
        assert words
        assert all(not re.search(r"[{}]|None", each.text_zh + each.text_en) for each in words)


@pytest.mark.parametrize(("code", "zh"), [("session", "本期"), ("unit:cn/54/5401/U1", "单位cn/54/5401/U1")])
def test_nodes_without_a_name_are_still_named(code: str, zh: str) -> None:
    """The session and a unit's cap."""
    line = {"outcome": "out", "position": 3, "score": "80", "binding_node": code, "margin_score": "80"}

    words = {each.code: each.text_zh for each in sentences(line, {})}

    assert words["node-full"] == f"“{zh}”的名额已满。"
    assert "抽签" in words["lost-lot"]


def test_an_idle_service_has_no_solver_in_memory() -> None:
    """Numpy and HiGHS live in the process that balances, and end with it."""
    program = "import sys, selection.api; print(sorted({'numpy', 'highspy'} & set(sys.modules)))"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert said.stdout == "[]\n"
