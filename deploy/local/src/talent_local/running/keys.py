"""Keys and secrets of one deployment: made at the first start, kept in the state directory, never printed."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, OKPKey

from shared.identity.seals import make_development_seal
from talent_local.home import Home, replace


@dataclass(frozen=True, slots=True)
class Keys:
    """What the processes are given.

    Attributes:
        internal: path of the JWKS with the public Ed25519 keys of the gateway and every service.
        private: path of the private JWK of each process, by name.
        certificate: path of the ring of keys that sign certificates: P-256 for JWTs, Ed25519 for embedded proofs.
        seal: paths of key, chain and root of the seal on papers; the root is of this deployment's own making.
        secrets: random values by name (`cursor.selection`, `client.agency-hr`, …): 256 bits, base64.
    """

    internal: Path
    private: dict[str, Path]
    certificate: Path
    seal: tuple[Path, Path, Path]
    secrets: dict[str, str]


def ensure_keys(home: Home, names: Iterable[str], secret_names: Iterable[str]) -> Keys:
    """Make what is missing and leave what is there; a name that is new joins the published set."""
    private = {name: _ensure(home.keys / f"{name}.jwk.json", name, OKPKey, "Ed25519") for name in names}
    published = [OKPKey.import_key(json.loads(path.read_text())).as_dict(private=False) for path in private.values()]
    internal = home.keys / "internal.jwks.json"
    known = json.loads(internal.read_text())["keys"] if internal.exists() else []
    retired = [key for key in known if key.get("retired") is True]  # they tell what was signed before a rotation
    replace(internal, json.dumps({"keys": [*retired, *published]}, indent=2))
    certificate = _ensure_ring(home.keys)
    seal = (home.keys / "seal.pem", home.keys / "seal-chain.pem", home.keys / "seal-root.pem")
    if not all(path.exists() for path in seal):
        make_development_seal(*seal, organisation="Development deployment")
    return Keys(internal, private, certificate, seal, ensure_secrets(home, secret_names))


def _ensure(path: Path, owner: str, kind: type[OKPKey | ECKey], curve: Any) -> Path:
    """The private JWK at `path`, with the key id `<owner>-1`; drawn now when there is none."""
    if not path.exists():
        key = kind.generate_key(curve, {"kid": f"{owner}-1", "use": "sig"}, private=True)
        replace(path, json.dumps(key.as_dict(private=True)))
    return path


def _ensure_ring(folder: Path) -> Path:
    """The ring of certificate keys; a key from before there were rings stays the first of it."""
    ring = folder / "certificates.jwks.json"
    if not ring.exists():
        first = json.loads(_ensure(folder / "certificate.jwk.json", "certificate", ECKey, "P-256").read_text())
        second = OKPKey.generate_key("Ed25519", {"kid": "certificate-2", "use": "sig"}, private=True)
        replace(ring, json.dumps({"keys": [first, second.as_dict(private=True)]}, indent=2))
    return ring


def ensure_secrets(home: Home, names: Iterable[str]) -> dict[str, str]:
    """The secrets by name; those that are missing are drawn now."""
    path = home.keys / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: _draw() for name in names if name not in known}
    if missing:
        replace(path, json.dumps(known | missing, indent=2))
    return known | missing


def _draw() -> str:
    """32 random bytes in base64 that needs no escaping in URLs and forms."""
    while True:
        text = base64.b64encode(secrets.token_bytes(32)).decode()
        if "+" not in text and "/" not in text:
            return text
