"""The JSON Schema of ``certificate.paper``: how a programme words and colours its printed certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.adapters.papers.coverage import missing
from assessment.domain.certifying.paper import BLANKS, LANGUAGES
from shared.kernel.refusals import Finding

_WORDS = {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[^{}]+$"}
_LINE = {
    "type": "string",
    "minLength": 1,
    "maxLength": 400,
    "pattern": rf"^([^{{}}]|\{{({'|'.join(BLANKS)})\}})+$",
    "description": f"one sentence or more; may name {', '.join(f'{{{blank}}}' for blank in BLANKS)}",
}
_COLOUR = {"type": "string", "pattern": "^#[0-9a-f]{6}$"}


def _members(names: tuple[str, ...], schema: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict.fromkeys(names, schema),
        "required": list(required),
        "additionalProperties": False,
    }


PAPER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "layout": {"enum": ["landscape", "portrait"]},
        "title": _members(LANGUAGES, _WORDS),
        "programme": _members(LANGUAGES, _WORDS),
        "seal": _members(LANGUAGES, _WORDS),
        "body": _members(LANGUAGES, _LINE, ("zh", "en")),
        "colours": _members(("ink", "accent", "frame"), _COLOUR),
        "clause": {"type": "string", "minLength": 1, "maxLength": 400},
    },
    "required": ["body"],
    "additionalProperties": False,
}


def unprintable(content: Mapping[str, Any]) -> list[Finding]:
    """Words of the paper with characters that its fonts do not have; of content that the schema has accepted or not."""
    certificate = content.get("certificate")
    paper = certificate.get("paper") if isinstance(certificate, Mapping) else None
    return [
        Finding("glyph-missing", f"The fonts of papers have no {', '.join(absent)}.", f"/certificate/paper/{name}/{at}")
        for name, words in (paper.items() if isinstance(paper, Mapping) else ())
        if isinstance(words, Mapping)
        for at, line in words.items()
        if isinstance(line, str) and (absent := missing(line))
    ]
