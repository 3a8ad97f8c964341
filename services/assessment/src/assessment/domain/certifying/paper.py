"""The words on a printed certificate: a template of the programme, filled in for one certificate (C-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from assessment.domain.certifying.certificate import Certificate, HolderCard
from assessment.domain.schemes.scheme import Title

LANGUAGES = ("zh", "bo", "en")
BLANKS = ("name", "session", "programme", "number", "issued_on")
"""What a line of the body may ask for, in braces."""

Words = Mapping[str, str]
"""Language code → words; ``zh`` and ``en`` always, ``bo`` where the programme has it."""

_SENTENCE_END = "། "
"""Ends a Tibetan title; inside a sentence it would cut the sentence in two."""
_TIBETAN_DIGITS = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperRule:
    """How a programme prints its certificates.

    Attributes:
        layout: ``landscape`` or ``portrait``.
        title, programme, seal: printed as they are; the seal is the name of the body that issues.
        body: one sentence or more per language, with blanks in braces (``BLANKS``).
        colours: ``ink``, ``accent`` and ``frame`` as ``#rrggbb``.
    """

    layout: str
    title: Words
    programme: Words
    body: Words
    seal: Words
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaperText:
    """Everything that is written on one certificate; ``issued_on`` per language."""

    rule: PaperRule
    body: Words
    number: str
    issued_on: Words
    day: date


PLAIN_COLOURS = MappingProxyType({"ink": "#1c2430", "accent": "#0b4a6f", "frame": "#6b7f92"})
PLAIN_BODY = MappingProxyType(
    {
        "zh": "{name}参加{programme}（{session}），考核合格，特发此证。",
        "en": "{name} has completed {programme}, session {session}, and passed the assessment.",
    }
)


def read_paper(content: Mapping[str, Any] | None, *, title: Title, programme: Title, seal: Title) -> PaperRule:
    """The template in ``certificate.paper`` of a policy; without one, a plain template of the scheme's own titles."""
    found = content or {}
    plain = {"title": title, "programme": programme, "seal": seal}
    words = {name: {"zh": given.zh, "en": given.en} | found.get(name, {}) for name, given in plain.items()}
    return PaperRule(
        layout=found.get("layout", "landscape"),
        title=words["title"],
        programme=words["programme"],
        body=found.get("body", PLAIN_BODY),
        seal=words["seal"],
        colours=dict(PLAIN_COLOURS) | found.get("colours", {}),
    )


def paper_text(rule: PaperRule, certificate: Certificate, card: HolderCard) -> PaperText:
    """The words of one issued certificate; where the name has no form in a language, the Chinese one stands."""
    assert certificate.number is not None
    assert certificate.issued_on is not None
    on = certificate.issued_on
    names = {"zh": card.name.zh, "bo": card.name.bo or card.name.zh, "en": card.name.latin or card.name.zh}
    days = {"zh": f"{on.year}年{on.month}月{on.day}日", "bo": _tibetan(on), "en": _english(on)}
    body = {
        language: line.format(
            name=names[language], session=certificate.session, number=certificate.number, issued_on=days[language],
            programme=rule.programme.get(language, rule.programme["en"]).rstrip(_SENTENCE_END),
        )
        for language, line in rule.body.items()
    }  # fmt: skip
    return PaperText(rule, body, certificate.number, days, on)


def printed(text: PaperText) -> str:
    """Every character that the template and the certificate put on the page, for looking them up in the fonts."""
    rule = text.rule
    words = [*rule.title.values(), *rule.programme.values(), *rule.seal.values(), *text.body.values()]
    return "".join([*words, *text.issued_on.values(), text.number])


def _english(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _tibetan(day: date) -> str:
    return f"{day.year}ལོའི་ཟླ་{day.month}པའི་ཚེས་{day.day}".translate(_TIBETAN_DIGITS)
