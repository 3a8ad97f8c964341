"""Refusals: what the domain says when it cannot do what was asked.

Each refusal has a stable ``code`` (kebab-case), a message in English that tells the person what to do, the values
the person needs, and where it applies the rule id of ``domain.md`` and a JSON pointer into the request. Messages in
other languages come from the catalogues keyed by ``code``; only ``shared.http.problems`` knows status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where (``pointer``, RFC 6901), what (``code``), why (``detail``), by which rule.

    ``zh`` is the Chinese wording of ``detail`` where the caller of this class has one at hand (policies do);
    otherwise the catalogue is asked for ``code``.
    """

    code: str
    detail: str
    pointer: str = ""
    rule: str | None = None
    zh: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """The root of everything a use case refuses; never raised itself.

    Args:
        code: stable kebab-case code.
        detail: what the person should know or do, in English.
        rule: rule id of ``domain.md`` (``S-09``) or None.
        findings: all single problems when there are several; they are reported together.
        values: the values the message needs, also handed to the caller as members of the problem.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        rule: str | None = None,
        zh: str | None = None,
        findings: tuple[Finding, ...] | list[Finding] = (),
        **values: Any,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.rule = rule
        self.zh = zh
        self.findings = tuple(findings)
        self.values = values


class Malformed(Refusal):
    """The request itself is wrong: unknown code, impossible value, missing member (400)."""


class NotFound(Refusal):
    """There is no such thing, or the caller may not see it; the two are indistinguishable on purpose (404)."""


class Forbidden(Refusal):
    """The caller may see the thing but may not do this to it (403)."""


class Conflict(Refusal):
    """Wrong state, a lost race or a key used before (409); ``values`` say what is current."""


class StaleVersion(Refusal):
    """``If-Match`` names a version that is no longer current (412)."""


class RuleViolated(Refusal):
    """A rule of the programme says no (422); ``rule`` names it, ``findings`` list every broken rule."""


class TooLarge(Refusal):
    """What was sent is larger than is taken (413); ``values`` say the limit."""


class UnsupportedFile(Refusal):
    """A file of a kind that is not taken: macros, a password, links to elsewhere, no spreadsheet at all (415)."""


class TooEarly(Exception):
    """An event arrived before the one it depends on: keep it in the pending table and try again.

    Args:
        waiting_for: what is missing, in words for the operator (``"selected for this participation"``).
    """

    def __init__(self, waiting_for: str) -> None:
        super().__init__(waiting_for)
        self.waiting_for = waiting_for
