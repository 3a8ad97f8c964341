"""The ring of keys that sign and verify credentials: a file that may be replaced while the service runs.

The file is a JWKS, or one JWK. Of each algorithm the first entry that can sign and does not stand by signs; every other
entry verifies. An entry can sign when it has its private part, or when ``signer`` names the address of a key service.
``"standby": true`` publishes a key before it signs, ``"revoked": {"revoked_at", "reason"}`` ends a key for good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment.adapters.certificates.signers import LocalSigner, TransitSigner
from assessment.usecases.ports import Signer
from shared.credentials.keys import Algorithm, BadKey, IssuerKeys, PublicKey

_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """What the file said when it was read.

    Attributes:
        signers: what signs now, by algorithm.
        public: every key, for verifying and publishing.
    """

    signers: Mapping[Algorithm, Signer]
    public: IssuerKeys


class KeyRing:
    """The keys of the issuer; the file is read again whenever it was replaced.

    Args:
        path: the ring.
        retired: a JWKS of further keys that only verify, or None.
        controller: the issuer's DID.
        token: what key services ask for, or None.

    Raises:
        ValueError: a key of another kind, or without ``kid``; or nothing that signs.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path, retired: Path | None, controller: str, token: str | None = None) -> None:
        self._path, self._retired, self._controller, self._token = path, retired, controller, token
        self._stamp = self._now()
        self._held = self._read()

    @property
    def controller(self) -> str:
        """The issuer's DID."""
        return self._controller

    @property
    def held(self) -> Held:
        """The keys in force; a replacement that cannot be read leaves those in force that were."""
        try:
            stamp = self._now()
            if stamp != self._stamp:
                self._held, self._stamp = self._read(), stamp
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return self._held
        return self._held

    def signer(self, *algorithms: Algorithm) -> Signer | None:
        """What signs now with the first of these algorithms that there is."""
        signers = self.held.signers
        return next((signers[algorithm] for algorithm in algorithms if algorithm in signers), None)

    @property
    def public(self) -> IssuerKeys:
        """Every key, for verifying and publishing."""
        return self.held.public

    def _read(self) -> Held:
        entries = entries_of(self._path) + (entries_of(self._retired) if self._retired else [])
        signers: dict[Algorithm, Signer] = {}
        public: dict[str, PublicKey] = {}
        for entry in entries:
            key = PublicKey.of_jwk(entry)
            public.setdefault(key.kid, key)
            if key.algorithm in signers or entry.get("standby") or key.revoked is not None:
                continue
            if "signer" in entry:
                signers[key.algorithm] = TransitSigner(key, str(entry["signer"]), self._token)
            elif "d" in entry:
                signers[key.algorithm] = LocalSigner(entry)
        if not signers:
            raise BadKey(f"{self._path.name} holds no private key")
        return Held(signers, IssuerKeys(public.values(), self._controller))

    def _now(self) -> tuple[int, ...]:
        found = self._path.stat()
        return (found.st_mtime_ns, found.st_ino, found.st_size)


def entries_of(path: Path) -> list[dict[str, Any]]:
    """The entries of a JWKS, or the one JWK.

    Raises:
        ValueError: neither.
        OSError: the file cannot be read.
    """
    content = json.loads(path.read_text()[:_LONGEST])
    if not isinstance(content, dict):
        raise BadKey(f"{path.name} is no JWKS")
    entries: list[dict[str, Any]] = content.get("keys", [content])
    return entries
