"""Bitstring Status List 1.0: the list itself, packed, and the credential around it, unsigned."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from shared.credentials.jose import decoded, encoded
from shared.credentials.vendored import CREDENTIALS_V2

LENGTH: Final = 131_072
"""Entries of a list: the least that the specification allows, so that one entry hides among many."""
PURPOSES: Final = ("revocation", "suspension")
"""What a check cannot do without."""
REPLACEMENT: Final = "replacement"
"""A purpose of our own (the specification leaves the set open): revoked, because another certificate took its place."""
PUBLISHED: Final = (*PURPOSES, REPLACEMENT)
_MOST_BYTES: Final = 16 * LENGTH // 8


class BadList(ValueError):
    """A status list that cannot be read, or an index that is not in it."""


def packed(marked: Iterable[int], length: int = LENGTH) -> str:
    """The list with these entries set: gzip, base64url, multibase ``u``; the same entries give the same text."""
    bits = bytearray(length // 8)
    for index in marked:
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + encoded(gzip.compress(bytes(bits), 6, mtime=0)).decode()


def unpacked(written: str) -> bytes:
    """The bits of a packed list, the first entry leftmost.

    Raises:
        BadList: another form, shorter than the specification allows, or larger than two million entries.
    """
    if not written.startswith("u"):
        raise BadList("the list is not written in base64url")
    try:
        unzipper = zlib.decompressobj(wbits=31)
        bits = unzipper.decompress(decoded(written[1:].encode()), _MOST_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise BadList("the list is not packed as the specification says") from error
    if not LENGTH // 8 <= len(bits) <= _MOST_BYTES:
        raise BadList("the list has too few or too many entries")
    return bits


def is_marked(bits: bytes, index: int) -> bool:
    """Whether an entry is set. Raises ``BadList`` for an index outside the list."""
    if not 0 <= index < len(bits) * 8:
        raise BadList("the index is not in the list")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


def list_credential(
    address: str, purpose: str, packed_list: str, *, issuer: str, since: datetime, lasts: timedelta, ttl: timedelta,
    said: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The status list credential, unsigned.

    Args:
        address: where it is published; its id.
        purpose: one of ``PUBLISHED``.
        packed_list: see ``packed``.
        issuer: DID of the issuer.
        since: when it becomes valid, by the clock of the machines that check it.
        lasts: how long it may be believed at most.
        ttl: after how long somebody who kept it should look again.
        said: what a person should know of it, such as the business day of which it tells.
    """
    made: dict[str, Any] = {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _written(since),
        "validUntil": _written(since + lasts),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": packed_list,
            "ttl": int(ttl / timedelta(milliseconds=1)),
        },
    }
    if said is not None:
        made["credentialSubject"]["description"] = said
    return made


def marks(credential: Mapping[str, Any], lists: Mapping[str, Mapping[str, Any]]) -> dict[str, bool] | None:
    """Which purposes are set for a credential, or None when a list of ``PURPOSES`` that it names is missing.

    Args:
        credential: with ``credentialStatus``.
        lists: verified status list credentials by their id.

    Raises:
        BadList: an entry that is not written as the specification says, or that points outside its list.
    """
    entries: Any = credential.get("credentialStatus")
    found: dict[str, bool] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        try:
            if entry["type"] != "BitstringStatusListEntry":
                raise BadList("a status entry of another kind")
            purpose, at = str(entry["statusPurpose"]), str(entry["statusListIndex"])
            known = lists.get(str(entry["statusListCredential"]))
            if known is None and purpose not in PURPOSES:
                continue
            if known is None:
                return None
            subject = known["credentialSubject"]
            if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] != purpose or not at.isascii():
                raise BadList("the list serves another purpose")
            found[purpose] = is_marked(unpacked(str(subject["encodedList"])), int(at))
        except (KeyError, TypeError, ValueError) as error:
            raise error if isinstance(error, BadList) else BadList("a status entry that we cannot read") from error
    return found


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
