"""Money and what every shape of funding shares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.http.resources import AmountText, Body, CodeText, Resource
from shared.kernel.money import fen, yuan

SessionCode = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Category = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Reference = CodeText


class MoneyIn(Body):
    """An amount of yuan; a JSON number or a third decimal is refused."""

    amount: AmountText
    currency: Literal["CNY"] = "CNY"

    @property
    def fen(self) -> int:
        """The amount in fen."""
        return fen(self.amount)


class Money(Resource):
    """An amount as decimal string of yuan."""

    amount: str = Field(examples=["12000.00"])
    currency: Literal["CNY"] = "CNY"


def money(amount: int) -> Money:
    """Fen as money."""
    return Money(amount=yuan(amount))


class CategoryAmount(Resource):
    """Money of one expense category."""

    category: str
    amount: Money


def parts_of(parts: dict[str, int]) -> list[CategoryAmount]:
    """Fen by category as a list, ordered by category."""
    return [CategoryAmount(category=category, amount=money(amount)) for category, amount in sorted(parts.items())]
