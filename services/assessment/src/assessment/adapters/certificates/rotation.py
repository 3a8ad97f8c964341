"""Changes a ring of keys in one step: publish the next key, let it sign, end a key for good; no restart, no gap."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, OKPKey

from assessment.adapters.certificates.keys import entries_of
from shared.credentials.keys import Algorithm, PublicKey

Entry = dict[str, Any]
Change = Callable[[list[Entry]], list[Entry]]


class CannotRotate(ValueError):
    """The ring does not allow the change; the message says why."""


def prepare(ring: Path, algorithm: Algorithm) -> str:
    """Draw the next key of an algorithm and publish it; it does not sign yet. Gives its id.

    Raises:
        CannotRotate: one stands by already.
    """
    made = ""

    def change(entries: list[Entry]) -> list[Entry]:
        nonlocal made
        if _standing_by(entries, algorithm):
            raise CannotRotate(f"a key for {algorithm} stands by already; rotate first")
        made = _next_kid(entries)
        return [_drawn(algorithm, made) | {"standby": True}, *entries]

    _replace(ring, change)
    return made


def rotate(ring: Path, algorithm: Algorithm) -> str:
    """Let the key that stands by sign, or a new one when none does. Gives its id.

    What signed before loses its private part and goes on verifying.
    """
    made = ""

    def change(entries: list[Entry]) -> list[Entry]:
        nonlocal made
        ready = _standing_by(entries, algorithm) or [_drawn(algorithm, _next_kid(entries))]
        made = str(ready[0]["kid"])
        first = {name: value for name, value in ready[0].items() if name != "standby"}
        others = [entry for entry in entries if entry.get("kid") != made]
        return [first, *(_retired(entry) if _is(entry, algorithm) else entry for entry in others)]

    _replace(ring, change)
    return made


def revoke(ring: Path, kid: str, reason: str, at: datetime) -> None:
    """End a key for good: nothing it signed is believed any more, and a new key takes its place when it was signing.

    Raises:
        CannotRotate: there is no such key, or it was revoked before.
    """

    def change(entries: list[Entry]) -> list[Entry]:
        found = next((entry for entry in entries if entry.get("kid") == kid), None)
        if found is None or "revoked" in found:
            raise CannotRotate(f"there is no key {kid} to revoke")
        mark = {"revoked_at": int(at.timestamp()), "reason": reason}
        left = [_retired(entry) | {"revoked": mark} if entry is found else entry for entry in entries]
        algorithm = PublicKey.of_jwk(found).algorithm
        if any(_signs(entry) and _is(entry, algorithm) for entry in left):
            return left
        ready = _standing_by(left, algorithm)
        if ready:
            first = {name: value for name, value in ready[0].items() if name != "standby"}
            return [first, *(entry for entry in left if entry is not ready[0])]
        return [_drawn(algorithm, _next_kid(entries)), *left]

    _replace(ring, change)


def listed(ring: Path) -> list[dict[str, str]]:
    """Every key: id, algorithm and standing, never a private part."""
    said, signing = [], set[str]()
    for entry in entries_of(ring):
        key = PublicKey.of_jwk(entry)
        standing = "revoked" if key.revoked else "stands by" if entry.get("standby") else "verifies"
        if standing == "verifies" and _signs(entry) and key.algorithm not in signing:
            signing.add(key.algorithm)
            standing = "signs"
        said.append({"kid": key.kid, "algorithm": key.algorithm, "standing": standing})
    return said


def _replace(ring: Path, change: Change) -> None:
    """One change at a time; readers see the ring before it or after it, nothing between."""
    with ring.with_name(f".{ring.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        changed = json.dumps({"keys": change(entries_of(ring))}, indent=2)
        scratch = ring.with_name(f".{ring.name}.{os.getpid()}")
        scratch.touch(mode=0o600)
        scratch.write_text(changed)
        os.replace(scratch, ring)  # noqa: PTH105  keeps the old file readable for whoever has it open


def _drawn(algorithm: Algorithm, kid: str) -> Entry:
    if algorithm == "Ed25519":
        return dict(OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}, private=True).as_dict(private=True))
    return dict(ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}, private=True).as_dict(private=True))


def _next_kid(entries: list[Entry]) -> str:
    """``<name>-<n>`` after the highest of the ring; an id is never given again."""
    numbered = [str(entry["kid"]).rpartition("-") for entry in entries]
    taken = [int(number) for _, _, number in numbered if number.isdigit()]
    return f"{numbered[0][0] or 'certificate'}-{max(taken, default=0) + 1}"


def _retired(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name not in ("d", "signer", "standby")}


def _signs(entry: Entry) -> bool:
    return ("d" in entry or "signer" in entry) and "revoked" not in entry and not entry.get("standby")


def _is(entry: Entry, algorithm: Algorithm) -> bool:
    return PublicKey.of_jwk(entry).algorithm == algorithm


def _standing_by(entries: list[Entry], algorithm: Algorithm) -> list[Entry]:
    return [entry for entry in entries if entry.get("standby") and "revoked" not in entry and _is(entry, algorithm)]
