"""Sentences for the reasons of balancing, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from selection.domain.balancing.problem import UNIT
from selection.domain.balancing.reasons import reasons_of
from selection.domain.balancing.tree import ROOT
from shared.http.resources import Resource

_SENTENCES: dict[str, tuple[str, str]] = {
    "selected-on-merit": (
        "按总分{score}分排在入选名单第{position}位。", "Selected on merit: place {position} with a score of {score}.",
    ),
    "selected-for-minimum": (
        "“{node}”须达到最低名额，因此以{score}分入选。", "Selected with {score} because '{node}' is owed its minimum.",
    ),
    "reserve-place": ("列为候补第{position}位。", "In the reserve, place {position}."),
    "node-full": ("“{node}”的名额已满。", "'{node}' has no place left."),
    "below-margin": (
        "总分{score}分；可替换的入选者中最低分为{margin_score}分，相差{gap}分。",
        "The score is {score}; the lowest score that holds a place they could take is {margin_score}, {gap} away.",
    ),
    "lost-lot": (
        "与可替换的入选者同为{score}分，按公布的抽签次序在后。",
        "Equal at {score} with somebody whose place they could take; the published lot came out later.",
    ),
    "no-single-swap": (
        "没有任何一名入选者可以单独与其调换而不突破名额限制。", "No single exchange with a selected person keeps the quotas.",
    ),
    "swapped": ("确认人员说明理由后作了调换。", "Changed by the person who confirmed, with a reason."),
    "worth-of-place": (
        "同类名额的分数界线为{price}分，与界线相差{distance}分。",
        "A place of this kind stands at {price}; the distance from that margin is {distance}.",
    ),
}  # fmt: skip


class BalanceReasonOut(Resource):
    """One reason: a stable code and the sentence in both languages."""

    code: str
    text_zh: str
    text_en: str


def sentences(line: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> list[BalanceReasonOut]:
    """The reasons of a stored line in words.

    Args:
        line: see ``reasons_of``.
        names: code of a node → its Chinese and English name.
    """
    found = []
    for code, values in reasons_of(line):
        zh, en = _SENTENCES[code]
        shown = {name: _plain(value) for name, value in values.items()}
        node = str(values.get("node", ""))
        zh_name, en_name = names.get(node) or _known(node)
        found.append(
            BalanceReasonOut(
                code=code, text_zh=zh.format(**(shown | {"node": zh_name})), text_en=en.format(**(shown | {"node": en_name}))
            )
        )  # fmt: skip
    return found


def _known(node: str) -> tuple[str, str]:
    if node == ROOT:
        return "本期", "the session"
    if node.startswith(UNIT):
        return f"单位{node.removeprefix(UNIT)}", f"the unit {node.removeprefix(UNIT)}"
    return node, node


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
