"""What is looked at before a file is parsed: size, type, macros, encryption, links to elsewhere, decompressed size."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from shared.kernel.refusals import Malformed, Refusal, TooLarge, UnsupportedFile

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_CHUNK: Final = 1 << 18
_BINARY: Final = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip"), (b"MZ", "program"), (b"\x7fELF", "program"), (b"PK\x05\x06", "empty zip"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be; anything above is refused, never cut.

    Attributes:
        bytes: of the file.
        unpacked: bytes of all parts of a workbook together.
        parts: number of parts of a workbook.
        rows: with content, in one sheet.
        columns: in one sheet.
        cell: characters in one cell.
    """

    bytes: int = 20 * 1024 * 1024
    unpacked: int = 400_000_000
    parts: int = 500
    rows: int = 100_000
    columns: int = 200
    cell: int = 8_000


def kind_of(head: bytes) -> str:
    """``xlsx`` or ``csv`` by the first bytes, whatever the name says.

    Raises:
        UnsupportedFile: an encrypted or old workbook, or some other kind of file.
    """
    if head.startswith(_OLE):
        raise UnsupportedFile("encrypted-file", "Save the workbook as .xlsx without a password and send it again.")
    if head.startswith(_ZIP):
        return "xlsx"
    for signature, name in _BINARY:
        if head.startswith(signature):
            raise UnsupportedFile("not-a-sheet", "Send a .xlsx or .csv file.", found=name)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnsupportedFile("not-a-sheet", "Send a .xlsx or .csv file.", found="binary")
    return "csv"


def check_workbook(content: bytes, limits: Limits) -> None:
    """Look into every part of a workbook without keeping any.

    Raises:
        TooLarge: ``file-too-large`` when it unpacks to more than allowed.
        UnsupportedFile: macros, a password, links to other files, active parts, or no workbook at all.
        Malformed: ``broken-file``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            _check_parts(book.infolist(), limits)
            unpacked = 0
            for part in book.infolist():
                with book.open(part) as stream:
                    while piece := stream.read(_CHUNK):
                        unpacked += len(piece)
                        if unpacked > limits.unpacked:
                            raise TooLarge("file-too-large", "The workbook unpacks to too much.", limit=limits.unpacked)
                        _check_piece(part.filename, piece)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Malformed("broken-file", "The workbook cannot be read; save it again and send it.") from error


def _check_parts(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = {part.filename.lower() for part in parts}
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise TooLarge("file-too-large", "The workbook unpacks to too much.", limit=limits.unpacked)
    if len(names) != len(parts) or any(".." in name or name.startswith("/") for name in names):
        raise Malformed("broken-file", "The workbook cannot be read; save it again and send it.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnsupportedFile("encrypted-file", "Save the workbook as .xlsx without a password and send it again.")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise UnsupportedFile("not-a-sheet", "Send a .xlsx or .csv file.", found="zip")
    for name in names:
        if "vbaproject" in name or name.startswith(("xl/macrosheets/", "xl/activex/", "xl/ctrlprops/")):
            raise _macros()
        if name.startswith(("xl/externallinks/", "xl/embeddings/", "xl/querytables/")) or name == "xl/connections.xml":
            raise UnsupportedFile("external-links", "The workbook points to other files or holds some; remove them.")


def _check_piece(name: str, piece: bytes) -> None:
    if name.lower() == "[content_types].xml" and (b"macroEnabled" in piece or b"vbaProject" in piece):
        raise _macros()
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise Malformed("broken-file", "The workbook holds a document type, which no spreadsheet program writes.")


def _macros() -> Refusal:
    return UnsupportedFile("macro-file", "Save the workbook without macros (.xlsx) and send it again.")
