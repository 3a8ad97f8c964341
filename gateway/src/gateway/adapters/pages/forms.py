"""Reading what a form sends: ``application/x-www-form-urlencoded`` and flat ``multipart/form-data``, bounded."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from shared.kernel.refusals import Malformed

_MOST = 4
_MULTIPART = re.compile(r"multipart/form-data;\s*boundary=\"?([A-Za-z0-9'()+_,./:=?-]{1,70})\"?", re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:\s*form-data;[^\r\n]*?\bname="([a-z_]{1,40})"', re.IGNORECASE)

Fields = dict[str, bytes]


def read_form(content_type: str, body: bytes) -> Fields:
    """The fields by name, as they were sent; names of files are not looked at.

    Raises:
        Malformed: ``bad-form``; another type, more than four fields, or parts that do not fit together.
    """
    kind = _MULTIPART.fullmatch(content_type.strip())
    if kind is None:
        return _plain(body)
    pieces = (b"\r\n" + body).split(b"\r\n--" + kind[1].encode())
    if len(pieces) > _MOST + 2 or not pieces[-1].startswith(b"--"):
        raise _bad()
    fields: Fields = {}
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not blank or name is None:
            raise _bad()
        fields.setdefault(name[1].decode(), content)
    return fields


def _plain(body: bytes) -> Fields:
    try:
        found = parse_qs(body.decode(), max_num_fields=_MOST)
    except ValueError:
        raise _bad() from None
    return {name: values[0].encode() for name, values in found.items()}


def _bad() -> Malformed:
    return Malformed("bad-form", "The form cannot be read.")
