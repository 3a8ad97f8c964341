"""Chinese wordings of placement's refusals, by code."""

from __future__ import annotations

from placement.adapters.http.messages.cases import CASES

ZH: dict[str, str] = {
    **CASES,
}
