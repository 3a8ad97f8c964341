"""Actors and keys for tests: every request carries a real internal token."""

from __future__ import annotations

import json
from pathlib import Path

from joserfc.jwk import OKPKey

from shared.identity.tokens import TokenSigner
from shared.kernel.actor import Actor, Role

NAMES = ("gateway", "selection", "placement", "assessment", "funding")


class Keys:
    """Private keys of gateway and services in ``directory`` and the public JWKS of all."""

    def __init__(self, directory: Path) -> None:
        self.public = directory / "internal-keys.json"
        self.private = {name: directory / f"{name}.jwk" for name in NAMES}
        keys = []
        for name, path in self.private.items():
            key = OKPKey.generate_key("Ed25519", {"kid": f"{name}-1"})
            path.write_text(json.dumps(key.as_dict(private=True)))
            keys.append(key.as_dict(private=False))
        self.public.write_text(json.dumps({"keys": keys}))
        self._signers: dict[str, TokenSigner] = {}

    def bearer(self, actor: Actor, audience: str, issuer: str = "gateway") -> dict[str, str]:
        """An ``Authorization`` header for ``actor`` at ``audience``."""
        signer = self._signers.setdefault(issuer, TokenSigner(self.private[issuer], issuer))
        return {"authorization": f"Bearer {signer.sign(actor, audience)}"}


def someone(*roles: Role, subject: str = "", organisation: str = "", purpose: str | None = None) -> Actor:
    """An actor with ``roles``; the subject defaults to the first role's name."""
    return Actor(subject or f"{roles[0]}-1", organisation, frozenset(roles), purpose)
