"""The forms of a credential: ES256 JWT, embedded ``eddsa-rdfc-2022`` proof, and the slip; made, and proven again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assessment.adapters.certificates.keys import KeyRing
from assessment.adapters.certificates.quads import quads
from assessment.usecases.ports import Signer
from shared.credentials.canonical import NotCanonical
from shared.credentials.integrity import ProofRefused, hashed, proof_options, verify_proof, with_proof
from shared.credentials.jose import NotCompact, compact, read_compact, to_sign
from shared.credentials.slip import Slip, SlipRefused, slip_text, verified_slip

TYPE = "vc+jwt"
LONGEST = 20_000


class CredentialForms:
    """Makes the forms with what signs now, and proves them with every key that is believed.

    Args:
        ring: the issuer's keys.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def signing(self, *, jwt: bool) -> str | None:
        """Id of the key that signs JWTs, or embedded proofs, now."""
        signer = self._ring.signer("ES256", "Ed25519") if jwt else self._ring.signer("Ed25519")
        return None if signer is None else signer.kid

    async def as_jwt(self, credential: Mapping[str, Any], start: datetime) -> tuple[str, str]:
        """The credential as ``application/vc+jwt``, and the id of the key that signed it."""
        signer = self._needed(self._ring.signer("ES256", "Ed25519"))
        registered = {"iss": self._ring.controller, "jti": credential["id"], "nbf": int(start.timestamp())}
        payload = json.dumps({**credential, **registered}, ensure_ascii=False, separators=(",", ":")).encode()
        header = {"alg": signer.algorithm, "kid": signer.kid, "typ": TYPE}
        signed = to_sign(header, payload)
        return compact(signed, await signer.sign(signed)), signer.kid

    async def embedded(self, credential: Mapping[str, Any], at: datetime) -> str | None:
        """The credential with an embedded proof, as JSON; None when no Ed25519 key signs."""
        signer = self._ring.signer("Ed25519")
        if signer is None:
            return None
        options = proof_options(f"{self._ring.controller}#{signer.kid}", at.astimezone(UTC))
        signature = await signer.sign(hashed(credential, options, quads))
        return json.dumps(with_proof(credential, options, signature), ensure_ascii=False, separators=(",", ":"))

    async def as_slip(self, slip: Slip) -> str:
        """The slip as a compact JWS."""
        signer = self._needed(self._ring.signer("Ed25519", "ES256"))
        signed = slip.to_sign(signer.kid, signer.algorithm)
        return compact(signed, await signer.sign(signed))

    def proven(self, credential: str) -> dict[str, Any] | None:
        """What a credential in either form says, once its signature is verified; None for everything else."""
        text = credential.strip()
        if len(text) > LONGEST:
            return None
        return self._proven_embedded(text) if text.startswith("{") else self._proven_jwt("".join(text.split()))

    def slip_number(self, text: str) -> str | None:
        """The number on a slip that one of the keys signed; None for everything else."""
        try:
            return verified_slip(slip_text(text), self._ring.public).number if len(text) <= LONGEST else None
        except SlipRefused:
            return None

    def _proven_jwt(self, text: str) -> dict[str, Any] | None:
        try:
            read = read_compact(text)
            key = self._ring.public.find(read.kid)
            if key is None or read.header.get("typ") != TYPE or read.algorithm != key.algorithm:
                return None
            said = json.loads(read.payload) if key.verifies(read.signature, read.signed) else None
        except (NotCompact, ValueError):
            return None
        return said if isinstance(said, dict) else None

    def _proven_embedded(self, text: str) -> dict[str, Any] | None:
        try:
            said = json.loads(text)
            if not isinstance(said, dict) or said.get("issuer", {}).get("id") != self._ring.controller:
                return None
            verify_proof(said, self._ring.public, quads)
        except (ProofRefused, NotCanonical, ValueError, AttributeError, TypeError, RecursionError):
            return None
        return said

    @staticmethod
    def _needed(signer: Signer | None) -> Signer:
        assert signer is not None, "a ring without signers does not load"
        return signer
