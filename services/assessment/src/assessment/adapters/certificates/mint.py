"""The mint: signs the credential, seals card and credential, draws the verification token."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from assessment.adapters.certificates.forms import CredentialForms
from assessment.adapters.certificates.keys import KeyRing
from assessment.domain.certifying.certificate import Certificate, HolderCard, HolderName, Minted
from assessment.domain.certifying.credential import achievement_credential
from assessment.domain.certifying.standing import StatusSlot
from assessment.domain.schemes.scheme import Scheme, Title
from shared.credentials.slip import Slip
from shared.kernel.refusals import Conflict
from shared.vault import Vault

_URN = "urn:uuid:"
_DECOY = UUID(int=0)
_TOKEN_BYTES = 16


class LocalMint:
    """Implements ``usecases.ports.Mint`` with the vault and a ring of keys.

    Args:
        vault: seals under a key per certificate.
        ring: sign and verify; its controller is the issuer in credentials.
        public_url: base URL of the public door, under which status lists are found.
    """

    def __init__(self, vault: Vault, ring: KeyRing, public_url: str) -> None:
        self._vault, self._ring, self._public_url = vault, ring, public_url
        self.forms = CredentialForms(ring)
        self._decoy_key = vault.new_key(str(_DECOY))
        self._decoy = self._seal(
            self._decoy_key, _DECOY, "card", _written(HolderCard(HolderName("无"), Title("无", "-")))
        )

    async def mint(
        self,
        certificate: Certificate,
        number: str,
        name: HolderName,
        scheme: Scheme,
        *,
        issued_on: date,
        valid_until: date | None,
        at: datetime,
        slot: StatusSlot,
    ) -> Minted:
        """See ``Mint.mint``."""
        credential = achievement_credential(
            certificate.id, number, name, scheme, session=certificate.session, issued_on=issued_on,
            valid_until=valid_until, issuer=self._ring.controller,
            status=(status_list_address(self._public_url, slot.list), slot.index),
        )  # fmt: skip
        start = datetime.fromisoformat(credential["validFrom"])
        signed, kid = await self.forms.as_jwt(credential, start)
        embedded = await self.forms.embedded(credential, at)
        slip = await self.forms.as_slip(
            Slip(number, name.zh, scheme.programme, issued_on, valid_until, (slot.list, slot.index))
        )
        key = self._vault.new_key(str(certificate.id))
        token = base64.urlsafe_b64encode(secrets.token_bytes(_TOKEN_BYTES)).rstrip(b"=").decode()
        return Minted(
            card=self._seal(key, certificate.id, "card", _written(HolderCard(name, scheme.programme_title))),
            credential=self._seal(key, certificate.id, "credential", signed),
            sealing_key=key,
            token_digest=self.token_digest(token),
            token=self._seal(key, certificate.id, "token", token),
            key=kid,
            slot=slot,
            embedded=None if embedded is None else self._seal(key, certificate.id, "embedded", embedded),
            slip=self._seal(key, certificate.id, "slip", slip),
        )

    def token(self, certificate: Certificate) -> str:
        """See ``Mint.token``: 128 bits, base64url."""
        if certificate.token is not None and certificate.sealing_key is not None:
            return self._open(certificate.sealing_key, certificate.id, "token", certificate.token)
        for digest in self._vault.blind_indexes("certificate-token", str(certificate.id)):
            token = base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).rstrip(b"=").decode()
            if self.token_digest(token) == certificate.token_digest:
                return token
        raise Conflict("link-lost", "The link of this certificate cannot be made again; issue the certificate anew.")

    @property
    def sealed_by(self) -> bytes:
        """See ``Mint.sealed_by``."""
        return self._vault.current_head

    def seal_anew(self, certificate: Certificate) -> None:
        """See ``Mint.seal_anew``."""
        assert certificate.sealing_key is not None
        with suppress(Conflict):
            token = self.token(certificate)
            certificate.token = self._seal(certificate.sealing_key, certificate.id, "token", token)
        certificate.sealing_key = self._vault.rewrap(certificate.sealing_key, str(certificate.id))

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

    def open_embedded(self, certificate: Certificate) -> str | None:
        """See ``Mint.open_embedded``."""
        if certificate.embedded is None or certificate.sealing_key is None:
            return None
        return self._open(certificate.sealing_key, certificate.id, "embedded", certificate.embedded)

    def open_slip(self, certificate: Certificate) -> str | None:
        """See ``Mint.open_slip``."""
        if certificate.slip is None or certificate.sealing_key is None:
            return None
        return self._open(certificate.sealing_key, certificate.id, "slip", certificate.slip)

    def credential_id(self, credential: str) -> str | None:
        """See ``Mint.credential_id``."""
        named: Any = (self.forms.proven(credential) or {}).get("id")
        try:
            return str(UUID(named.removeprefix(_URN))) if isinstance(named, str) and named.startswith(_URN) else None
        except ValueError:
            return None

    def slip_number(self, text: str) -> str | None:
        """See ``Mint.slip_number``."""
        return self.forms.slip_number(text)

    def public_keys(self) -> dict[str, Any]:
        """The JWKS that verifies credentials."""
        return self._ring.public.jwks()

    def did_document(self) -> dict[str, Any]:
        """The DID document of the issuer."""
        return self._ring.public.document()

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


def status_list_address(public_url: str, number: int) -> str:
    """Where a status list is published, without its purpose."""
    return f"{public_url}/v1/assessment/status-lists/{number}"
