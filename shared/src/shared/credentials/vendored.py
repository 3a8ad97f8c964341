"""The JSON-LD contexts that are part of this tree; everything else is refused, so nothing is fetched at run time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_V3: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
MULTIKEY_V1: Final = "https://w3id.org/security/multikey/v1"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"

VENDORED: Final = {
    CREDENTIALS_V2: "credentials-v2.json",
    OPEN_BADGES_V3: "ob-v3p0-context-3.0.3.json",
    MULTIKEY_V1: "security-multikey-v1.json",
    DATA_INTEGRITY_V2: "security-data-integrity-v2.json",
}
"""File name by address."""


class UnknownContext(ValueError):
    """A document names a context that is not vendored."""


@cache
def context(address: str) -> dict[str, Any]:
    """The context at an address.

    Raises:
        UnknownContext: it is none of ours.
    """
    if address not in VENDORED:
        raise UnknownContext(f"the context {address[:200]} is not part of this tree")
    content: dict[str, Any] = json.loads(
        files("shared.credentials").joinpath("contexts", VENDORED[address]).read_text()
    )
    return content


def load(address: str, options: object = None, more: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """The document loader for JSON-LD: the vendored contexts, those handed in, and nothing else.

    Raises:
        UnknownContext: it is none of ours.
    """
    del options
    found = more[address] if more and address in more else context(address)
    return {
        "contextUrl": None, "documentUrl": address, "document": found, "contentType": "application/ld+json",
    }  # fmt: skip
