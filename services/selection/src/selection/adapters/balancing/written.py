"""Proposals and refusals as JSON between the two processes."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from selection.domain.balancing.balance import Balance
from selection.domain.balancing.explain import Explanation, Standing
from selection.domain.balancing.proposal import NodeCount, Proposal
from shared.kernel.refusals import Finding, RuleViolated


def written_proposal(proposal: Proposal) -> dict[str, Any]:
    """The JSON form."""
    return {
        "answer": proposal.balance.document(),
        "lines": [_line(line) for line in proposal.lines],
        "nodes": [asdict(node) | {"worth": _text(node.worth)} for node in proposal.nodes],
    }


def read_proposal(written: dict[str, Any]) -> Proposal:
    """The proposal of its JSON form."""
    answer = written["answer"]
    balance = Balance(
        tuple(UUID(id) for id in answer["selected"]), Decimal(answer["total"]), answer["method"], answer["proved"],
        answer["certificate"],
    )  # fmt: skip
    nodes = tuple(NodeCount(**(node | {"worth": _number(node["worth"])})) for node in written["nodes"])
    return Proposal(balance, tuple(_read_line(line) for line in written["lines"]), nodes)


def written_refusal(refusal: RuleViolated) -> dict[str, Any]:
    """The JSON form."""
    return {
        "code": refusal.code,
        "detail": refusal.detail,
        "rule": refusal.rule,
        "findings": [asdict(finding) for finding in refusal.findings],
    }


def read_refusal(written: dict[str, Any]) -> RuleViolated:
    """The refusal of its JSON form."""
    findings = [Finding(**finding) for finding in written["findings"]]
    return RuleViolated(written["code"], written["detail"], rule=written["rule"], findings=findings)


def _line(line: Explanation) -> list[Any]:
    return [
        str(line.application), line.standing.value, line.position, str(line.score), line.binding_node,
        _text(line.margin_score), None if line.swap_with is None else str(line.swap_with), line.minimum_node,
        _text(line.price), _text(line.distance), list(line.pressing),
    ]  # fmt: skip


def _read_line(row: list[Any]) -> Explanation:
    application, standing, position, score, binding, margin, partner, minimum, price, distance, pressing = row
    return Explanation(
        UUID(application), Standing(standing), position, Decimal(score), binding, _number(margin),
        None if partner is None else UUID(partner), minimum, _number(price), _number(distance), tuple(pressing),
    )  # fmt: skip


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
