"""Scanned pages that carry signatures on paper: what they may be, and what is kept of them (M-04)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.kernel.refusals import TooLarge, UnsupportedFile

LARGEST = 5 * 1024 * 1024
"""Bytes of one page."""
MAGIC = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
"""The first bytes of a file say what it is; its name and its declared type are not believed."""
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(kw_only=True)
class Page:
    """A scanned page of one edition. It is written once and never changed; ``uploaded_by`` is an account."""

    id: UUID
    agreement: UUID
    sha256: str
    media_type: str
    size: int
    uploaded_on: date
    uploaded_by: str
    content: bytes

    @property
    def name(self) -> str:
        """A file name without anything personal in it."""
        return f"agreement-page-{self.id}.{ENDINGS[self.media_type]}"


def page_of(content: bytes, *, id: UUID, agreement: UUID, on: date, by: str) -> Page:
    """Take a page in.

    Raises:
        TooLarge: ``file-too-large`` above ``LARGEST``.
        UnsupportedFile: ``not-a-page`` unless it begins as a PDF, a PNG or a JPEG does.
    """
    if len(content) > LARGEST:
        raise TooLarge("file-too-large", "The file is too large.", limit=LARGEST)
    kind = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    if kind is None:
        raise UnsupportedFile("not-a-page", "Send the page as PDF, PNG or JPEG.")
    return Page(
        id=id,
        agreement=agreement,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=kind,
        size=len(content),
        uploaded_on=on,
        uploaded_by=by,
        content=content,
    )
