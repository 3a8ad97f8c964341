"""Base shapes of requests and representations, and the page every list answers with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.http.exact import Exact

T = TypeVar("T")

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""One line of text."""
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""A reason, a comment: free text of a person."""
CodeText = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
"""A code or organisation path."""
AmountText = Annotated[str, Field(strict=True, pattern=r"^(0|[1-9]\d{0,14})(\.\d{1,2})?$", examples=["12000.00"])]
"""A non-negative amount of yuan as decimal string; a JSON number is refused."""


class Body(Exact, BaseModel):
    """A request body: unknown members and values of a near type are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Resource(BaseModel):
    """A representation; clients ignore members they do not know."""

    model_config = ConfigDict(frozen=True)


class PageOf(BaseModel, Generic[T]):
    """A page of a list.

    ``next_cursor`` leads to the next page and is absent on the last. ``watermark`` is the value of ``updated_since``
    for the next visit: whatever commits later than this answer is at or after it, so nothing is ever skipped.
    """

    items: list[T]
    next_cursor: str | None = None
    watermark: datetime
