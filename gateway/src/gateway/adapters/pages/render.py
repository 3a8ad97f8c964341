"""Renders the pages: Jinja with escaping always on, one language per page, a strict content security policy."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway.adapters.pages.members import MEMBERS
from gateway.adapters.pages.words import EVENTS, WORDS

LANGUAGES = ("zh-CN", "en")

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gateway.adapters.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = thousands
    return environment


def page(
    template: str, locale: str, status: int = 200, *, headers: dict[str, str] | None = None, **values: Any
) -> Response:
    """A page as response.

    Args:
        template: name of the template without ``.html``.
        locale: ``zh-CN`` or ``en``.
        status: of the answer.
        headers: in addition to the ones every page has.
        values: what the template needs.
    """
    index = 0 if locale == "zh-CN" else 1

    def word(code: str) -> str:
        found = WORDS.get(code) or MEMBERS.get(code)
        return found[index] if found else code

    def event(service: str, name: str) -> str:
        found = EVENTS.get(f"{service}.{name}") or EVENTS.get(name)
        return found[index] if found else name

    content = _environment().get_template(f"{template}.html").render(lang=locale, word=word, event=event, **values)
    return Response(
        content, status, HEADERS | {"content-language": locale} | (headers or {}), "text/html; charset=utf-8"
    )


def thousands(amount: str) -> str:
    """A decimal string with separators, for people (``"3600000.00"`` → ``3,600,000.00``)."""
    sign, digits = ("−", amount[1:]) if amount.startswith("-") else ("", amount)
    whole, _, part = digits.partition(".")
    return f"{sign}{int(whole):,}.{part or '00'}"
