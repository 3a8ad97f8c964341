"""One paper as the template reads it: words, colours, codes and attachments, as JSON and nothing else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import segno

from assessment.domain.certifying.paper import PaperText

Sheet = dict[str, Any]

_MASK: Final = 2
"""A fixed mask: the same bytes for the same content, and five times as fast as trying all eight."""
_MODULE_MM: Final = 0.42
"""Side of one module on paper; phones read 0.33 mm and more at arm's length."""

_LEAST_MM: Final = 23.0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF (ISO 32000-2, 14.13): ``relationship`` is alternative, source, data or supplement."""

    name: str
    content: str
    type: str
    relationship: str
    description: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: what it holds, what it is for, and the level of error correction (``l`` or ``m``)."""

    content: str
    alt: str
    caption: str
    error: str = "m"


def sheet_of(text: PaperText, codes: Sequence[Code], attachments: Sequence[Attachment]) -> Sheet:
    """The sheet of one certificate."""
    rule = text.rule
    return {
        "layout": rule.layout,
        "colours": dict(rule.colours),
        "document": {
            "title": f"{rule.title['zh']} {rule.title['en']} {text.number}",
            "author": rule.seal["zh"],
            "date": [text.day.year, text.day.month, text.day.day],
        },
        "title": dict(rule.title),
        "programme": dict(rule.programme),
        "body": dict(text.body),
        "seal": dict(rule.seal),
        "number": text.number,
        "issued_on": dict(text.issued_on),
        "codes": [_drawn(code) for code in codes],
        "attachments": [
            {name: getattr(one, name) for name in ("name", "content", "type", "relationship", "description")}
            for one in attachments
        ],
    }


def _drawn(code: Code) -> dict[str, Any]:
    made = segno.make(code.content, error=code.error, mask=_MASK, micro=False, boost_error=False)
    drawn = io.BytesIO()
    made.save(drawn, kind="svg", scale=1, border=4, xmldecl=False)
    side = max(made.symbol_size(border=4)[0] * _MODULE_MM, _LEAST_MM)
    return {"svg": drawn.getvalue().decode(), "alt": code.alt, "caption": code.caption, "millimetres": round(side, 2)}
