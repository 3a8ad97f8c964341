"""The slip: a certificate in the least words, as a compact JWS that fits a printed QR code and is checked offline.

It says what the paper beside it says (number, holder, programme, dates) and where its status is, nothing else; the holder's
name is in it so that a QR code cannot be moved to another person's paper.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shared.credentials.jose import Compact, NotCompact, read_compact, to_sign
from shared.credentials.keys import IssuerKeys

TYPE: Final = "slip+jws"
MARK: Final = "#slip="
LONGEST: Final = 2000


class SlipRefused(ValueError):
    """Not a slip that a key of the issuer signed."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip says.

    Attributes:
        number: of the certificate.
        holder: name as it is printed first.
        programme: code.
        issued_on, valid_until: first and last day; no last day means without end.
        status: number of the status list and index in it, or None.
    """

    number: str
    holder: str
    programme: str
    issued_on: date
    valid_until: date | None = None
    status: tuple[int, int] | None = None

    def payload(self) -> bytes:
        """The slip as it is signed: one letter a member, because every character makes the QR code finer."""
        said: dict[str, Any] = {
            "n": self.number,
            "h": self.holder,
            "p": self.programme,
            "d": self.issued_on.isoformat(),
        }
        if self.valid_until is not None:
            said["u"] = self.valid_until.isoformat()
        if self.status is not None:
            said["s"] = list(self.status)
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

    def to_sign(self, kid: str, algorithm: str) -> bytes:
        """The signing input for a key."""
        return to_sign({"alg": algorithm, "kid": kid, "typ": TYPE}, self.payload())


def slip_address(public_url: str, slip: str) -> str:
    """What the QR code says: an address whose fragment, which browsers keep to themselves, is the slip."""
    return f"{public_url}/verify{MARK}{slip}"


def slip_text(scanned: str) -> str:
    """The slip in what was scanned or pasted: the address with the fragment, or the slip alone."""
    text = "".join(scanned.split())
    return text.partition(MARK)[2] if MARK in text else text


def is_slip(read: Compact) -> bool:
    """True when a compact JWS says that it is a slip."""
    return read.header.get("typ") == TYPE


def verified_slip(text: str, keys: IssuerKeys) -> Slip:
    """The slip in a text, once its signature is verified.

    Raises:
        SlipRefused: another form, an unknown or revoked key, another algorithm than the key's, or a wrong signature.
    """
    try:
        read = read_compact(text)
    except NotCompact as error:
        raise SlipRefused(str(error)) from error
    key = keys.find(read.kid)
    if len(text) > LONGEST or not is_slip(read) or key is None or read.algorithm != key.algorithm:
        raise SlipRefused("no key of the issuer signs slips like this")
    if not key.verifies(read.signature, read.signed):
        raise SlipRefused("the signature is of another slip or by another key")
    return _slip(read.payload)


def _slip(payload: bytes) -> Slip:
    try:
        said = json.loads(payload)
        status = said.get("s")
        return Slip(
            str(said["n"]), str(said["h"]), str(said["p"]), date.fromisoformat(said["d"]),
            date.fromisoformat(said["u"]) if "u" in said else None,
            None if status is None else (int(status[0]), int(status[1])),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise SlipRefused("signed, but no slip") from error
