"""The fields of a request as they came, kept with their connection: a client mostly says the same ones again."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.adapters.forwarding.sender import SENDER

LINE: Final = re.compile(
    rb"(GET|HEAD) ((/[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,2048})(?:\?([A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,4096}))?) HTTP/1\.1\r\n"
)
"""The line of a plain request, stricter than a parser reads it: what does not look like it is left to the parser."""
_END: Final = b"\r\n\r\n"
OURS: Final = "talent."
"""Beginning of the members that the door puts into a scope."""


@dataclass(frozen=True, slots=True)
class Said:
    """All that a request said but its line.

    A request is one line and then its fields (RFC 9112, 2.1), and what the fields mean does not hang on the line. So a
    whole piece that is a line of the form ``LINE`` and then exactly these bytes would be parsed to exactly this scope.

    Attributes:
        fields: from the end of the line to the end of the head.
        scope: of the request, without what is only its own.
    """

    fields: bytes
    scope: dict[str, Any]

    def again(self, line: re.Match[bytes]) -> dict[str, Any]:
        """The scope of another request with the same fields."""
        method, _, path, query = line.groups()
        scope = self.scope.copy()
        scope["method"], scope["path"] = method.decode("ascii"), path.decode("ascii")
        scope["raw_path"], scope["query_string"], scope["state"] = path, query or b"", scope["state"].copy()
        return scope


def said_of(piece: bytes, url: bytes, scope: MutableMapping[str, Any]) -> Said | None:
    """What a parsed request said; None when the piece it came in is not that request and nothing else.

    Args:
        piece: all that the parser was fed since it last was between two requests.
        url: of the request, as parsed.
        scope: of the request, with its ``Sender``.
    """
    line, sender = LINE.match(piece), scope.get(SENDER)
    if line is None or sender is None or line.group(2) != url or piece.find(_END) != len(piece) - len(_END):
        return None
    own = ("method", "path", "raw_path", "query_string")
    kept = {name: found for name, found in scope.items() if name not in own and not name.startswith(OURS)}
    return Said(piece[line.end() :], kept | {SENDER: sender})
