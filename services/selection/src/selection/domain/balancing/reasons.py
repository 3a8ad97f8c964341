"""Why somebody is in or out, as codes with values: sentences in any language follow from them (PIPL 24)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Reason = tuple[str, dict[str, Any]]


def reasons_of(line: Mapping[str, Any]) -> list[Reason]:
    """The reasons of one stored line.

    Args:
        line: ``outcome``, ``position``, ``score``, and where known ``binding_node``, ``margin_score``,
            ``minimum_node``, ``price``, ``distance``, ``swap_with``; scores as text or numbers.

    Returns:
        codes, the decisive one first: ``selected-on-merit``, ``selected-for-minimum``, ``reserve-place``,
        ``node-full``, ``below-margin``, ``lost-lot``, ``no-single-swap``, ``swapped``, ``worth-of-place``.
    """
    score = Decimal(str(line["score"]))
    reasons: list[Reason] = []
    if line.get("swapped"):
        reasons.append(("swapped", {}))
    if line["outcome"] in ("selected", "promoted"):
        if line.get("minimum_node"):
            reasons.append(("selected-for-minimum", {"node": line["minimum_node"], "score": score}))
        else:
            reasons.append(("selected-on-merit", {"position": line["position"], "score": score}))
        return reasons + _worth(line)
    if line["outcome"] == "reserve":
        reasons.append(("reserve-place", {"position": line["position"]}))
    if line.get("binding_node"):
        reasons.append(("node-full", {"node": line["binding_node"]}))
    if line.get("margin_score") is None:
        reasons.append(("no-single-swap", {}))
    else:
        margin = Decimal(str(line["margin_score"]))
        if margin == score:
            reasons.append(("lost-lot", {"score": score}))
        else:
            reasons.append(("below-margin", {"score": score, "margin_score": margin, "gap": abs(margin - score)}))
    return reasons + _worth(line)


def _worth(line: Mapping[str, Any]) -> list[Reason]:
    if line.get("price") is None or line.get("distance") is None:
        return []
    distance = Decimal(str(line["distance"]))
    return [("worth-of-place", {"price": Decimal(str(line["price"])), "distance": distance})]
