"""What a statistic is: a definition as data, and the numbers it is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gateway.domain.statistics.formulas import FORMULAS
from gateway.domain.statistics.quantity import Rounding, Unit

Combine = Literal["sum", "each"]


@dataclass(frozen=True, slots=True)
class Operand:
    """Where an operand's numbers come from: a loaded series, a measure of the journeys, or another statistic.

    Attributes:
        series: name of a loaded series.
        measure: name of a measure of the read models.
        statistic: code of another statistic.
        period: ``$period`` is the asked one, ``$previous`` the one before it in the same series, ``*`` all, ``$last`` the
            last five; anything else is a period by name. For measures only ``$period``.
        where: dimensions that the numbers must have.
        combine: ``sum`` adds the numbers up, ``each`` hands them over one by one.
    """

    series: str | None = None
    measure: str | None = None
    statistic: str | None = None
    period: str = "$period"
    where: Mapping[str, str] = field(default_factory=dict)
    combine: Combine = "sum"


@dataclass(frozen=True, slots=True)
class Definition:
    """A statistic of the registry.

    Attributes:
        number: which of the nineteen kinds of ``domain.md`` 1.6 it belongs to.
        needs: parameters without which it cannot be asked (``programme``, ``batch``, ``period``).
        by: dimensions that it can be broken down by.
        small_cells: True when cells below ten are hidden, because it counts persons of the platform.
    """

    code: str
    number: int
    zh: str
    en: str
    counts_zh: str
    counts_en: str
    formula: str
    operands: Mapping[str, Operand]
    unit: Unit
    owner: str
    sources: tuple[str, ...]
    version: int = 1
    decimals: int = 1
    rounding: Rounding = Rounding.HALF_UP
    denominator_zh: str | None = None
    denominator_en: str | None = None
    needs: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    small_cells: bool = False

    def faults(self, known: Mapping[str, Definition]) -> list[str]:
        """What is wrong with the definition itself: unknown formula or operand, statistics that do not exist."""
        if self.formula not in FORMULAS:
            return [f"{self.code}: no formula {self.formula}"]
        _, names = FORMULAS[self.formula]
        wrong = []
        if set(self.operands) != set(names):
            wrong.append(f"{self.code}: {self.formula} takes {', '.join(names)}")
        for name, one in self.operands.items():
            if sum(source is not None for source in (one.series, one.measure, one.statistic)) != 1:
                wrong.append(f"{self.code}/{name}: exactly one of series, measure and statistic")
            if one.statistic is not None and one.statistic not in known:
                wrong.append(f"{self.code}/{name}: no statistic {one.statistic}")
        return wrong


def definition_of(said: Mapping[str, Any]) -> Definition:
    """A definition out of its YAML. Raises ``TypeError``, ``KeyError`` or ``ValueError`` for what cannot be read."""
    members = dict(said)
    zh, en = members.pop("title")
    counts_zh, counts_en = members.pop("counts")
    denominator = members.pop("denominator", (None, None))
    operands = {name: Operand(**one) for name, one in members.pop("of").items()}
    members["unit"] = Unit(members["unit"])
    for name in ("sources", "needs", "by"):
        members[name] = tuple(members.get(name, ()))
    return Definition(
        zh=zh, en=en, counts_zh=counts_zh, counts_en=counts_en, denominator_zh=denominator[0],
        denominator_en=denominator[1], operands=operands, rounding=Rounding(members.pop("rounding", "half_up")), **members,
    )  # fmt: skip
