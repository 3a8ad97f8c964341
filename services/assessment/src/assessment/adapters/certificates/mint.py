"""The mint: signs the credential, seals card and credential, derives the verification token."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from assessment.adapters.certificates.keys import LocalKeys
from assessment.domain.certifying.certificate import Certificate, HolderCard, HolderName, Minted
from assessment.domain.certifying.credential import achievement_credential
from assessment.domain.schemes.scheme import Scheme, Title
from shared.vault import Vault

_URN = "urn:uuid:"
_DECOY = UUID(int=0)


class LocalMint:
    """Implements ``usecases.ports.Mint`` with the vault and local keys.

    Args:
        vault: seals under a key per certificate.
        keys: sign and verify.
        issuer: URI of the issuer in credentials.
    """

    def __init__(self, vault: Vault, keys: LocalKeys, issuer: str) -> None:
        self._vault, self._keys, self._issuer = vault, keys, issuer
        self._decoy_key = vault.new_key(str(_DECOY))
        self._decoy = self._seal(
            self._decoy_key, _DECOY, "card", _written(HolderCard(HolderName("无"), Title("无", "-")))
        )

    def mint(
        self,
        certificate: Certificate,
        number: str,
        name: HolderName,
        scheme: Scheme,
        *,
        issued_on: date,
        valid_until: date | None,
    ) -> Minted:
        """See ``Mint.mint``."""
        credential = achievement_credential(
            certificate.id, number, name, scheme, session=certificate.session, issued_on=issued_on,
            valid_until=valid_until, issuer=self._issuer,
        )  # fmt: skip
        start = datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC)
        registered = {"iss": self._issuer, "jti": credential["id"], "nbf": int(start.timestamp())}
        signed = self._keys.sign(json.dumps(credential | registered, ensure_ascii=False).encode())
        key = self._vault.new_key(str(certificate.id))
        return Minted(
            card=self._seal(key, certificate.id, "card", _written(HolderCard(name, scheme.programme_title))),
            credential=self._seal(key, certificate.id, "credential", signed),
            sealing_key=key,
            token_digest=self.token_digest(self.token(certificate.id)),
            key=self._keys.kid,
        )

    def token(self, certificate: UUID) -> str:
        """See ``Mint.token``: 128 bits, base64url."""
        digest = self._vault.blind_index("certificate-token", str(certificate))
        return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()

    def token_digest(self, token: str) -> str:
        """See ``Mint.token_digest``."""
        return hashlib.sha256(token.encode()).hexdigest()

    def open_card(self, certificate: Certificate | None) -> HolderCard:
        """See ``Mint.open_card``."""
        if certificate is None or certificate.card is None or certificate.sealing_key is None:
            return _read(self._open(self._decoy_key, _DECOY, "card", self._decoy))
        return _read(self._open(certificate.sealing_key, certificate.id, "card", certificate.card))

    def open_credential(self, certificate: Certificate) -> str:
        """See ``Mint.open_credential``."""
        assert certificate.credential is not None
        assert certificate.sealing_key is not None
        return self._open(certificate.sealing_key, certificate.id, "credential", certificate.credential)

    def credential_id(self, credential: str) -> str | None:
        """See ``Mint.credential_id``."""
        payload = self._keys.verified(credential)
        if payload is None:
            return None
        named: Any = json.loads(payload).get("id")
        return named.removeprefix(_URN) if isinstance(named, str) and named.startswith(_URN) else None

    def public_keys(self) -> dict[str, Any]:
        """The JWKS that verifies credentials."""
        return self._keys.public()

    def _seal(self, key: bytes, certificate: UUID, part: str, plain: str) -> bytes:
        return self._vault.seal(key, str(certificate), f"certificate|{part}|{certificate}", plain)

    def _open(self, key: bytes, certificate: UUID, part: str, sealed: bytes) -> str:
        return self._vault.open(key, str(certificate), f"certificate|{part}|{certificate}", sealed)


def _written(card: HolderCard) -> str:
    name, programme = card.name, card.programme
    return json.dumps({"name": [name.zh, name.bo, name.latin], "programme": [programme.zh, programme.en]})


def _read(text: str) -> HolderCard:
    found = json.loads(text)
    return HolderCard(HolderName(*found["name"]), Title(*found["programme"]))
