"""Sets sheets as PDF/A-3u with Typst: tagged, fonts embedded, the same bytes for the same sheet."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst

from assessment.adapters.papers.sheet import Sheet

STANDARD: Final = "a-3u"
_HERE = Path(str(files("assessment.adapters.papers")))


class Typesetter:
    """Holds the fonts and the template in memory, about 90 MB; made once per process and used many times."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            input=str(_HERE / "certificate.typ"), root=str(_HERE),
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")]
            ),
            ignore_system_fonts=True,
        )  # fmt: skip

    def pdf(self, sheet: Sheet) -> bytes:
        """The unsealed paper; it ends with a line end, so that what the seal appends begins on a line (PDF/A 6.1.9).

        Raises:
            typst.TypstError: the sheet does not fit the template, or breaks PDF/A-3u.
        """
        year, month, day = sheet["document"]["date"]
        made = self._compiler.compile(
            sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)}, format="pdf", pdf_standards=[STANDARD],
            timestamp=datetime(year, month, day, tzinfo=UTC),
        )  # fmt: skip
        assert isinstance(made, bytes)
        return made if made.endswith(b"\n") else made + b"\n"
