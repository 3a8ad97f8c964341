"""Data Integrity proofs with ``eddsa-rdfc-2022`` (VC Data Integrity EdDSA Cryptosuites 1.0)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import base58

from shared.credentials.keys import IssuerKeys, PublicKey

SUITE: Final = "eddsa-rdfc-2022"
_MEMBERS = {
    "id", "type", "cryptosuite", "created", "expires", "verificationMethod", "proofPurpose", "proofValue", "@context",
    "challenge", "domain",
}  # fmt: skip

Canonical = Callable[[Mapping[str, Any]], str]
"""Canonical N-Quads of a document; ``canonical.quads``, or a faster one for documents of one shape."""


class ProofRefused(ValueError):
    """The proof does not belong to the document, to a key of the issuer, or to this suite; the message says which."""


def proof_options(method: str, created: datetime) -> dict[str, Any]:
    """A proof without its value: ``method`` is the DID URL of the key."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }


def hashed(document: Mapping[str, Any], options: Mapping[str, Any], canonical: Canonical) -> bytes:
    """The 64 bytes that are signed: the digest of the proof's options, then that of the document."""
    configuration = {"@context": document["@context"], **options}
    return _digest(canonical(configuration)) + _digest(canonical(document))


def with_proof(document: Mapping[str, Any], options: Mapping[str, Any], signature: bytes) -> dict[str, Any]:
    """The document with its proof embedded."""
    return {**document, "proof": {**options, "proofValue": "z" + base58.b58encode(signature).decode()}}


def verify_proof(
    secured: Mapping[str, Any], keys: IssuerKeys, canonical: Canonical, purpose: str = "assertionMethod"
) -> PublicKey:
    """The key that made the proof of a secured document.

    Args:
        secured: the document with its proof.
        keys: of the issuer.
        canonical: gives the canonical form of the document.
        purpose: what the proof is for; ``authentication`` for a presentation.

    Raises:
        ProofRefused: no proof of this suite, an unknown or revoked key, or another document.
        NotCanonical: the document cannot be canonicalised.
    """
    proof = secured.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, Mapping) or "@context" not in secured:
        raise ProofRefused("there is no proof")
    if unknown := proof.keys() - _MEMBERS:
        raise ProofRefused(f"the proof says more than we understand: {sorted(unknown)[:5]}")
    asked = (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose"))
    if asked != ("DataIntegrityProof", SUITE, purpose):
        raise ProofRefused(f"the proof is not one for {purpose} by {SUITE}")
    if "@context" in proof and proof["@context"] != secured["@context"]:
        raise ProofRefused("the proof has another context than the document")
    key = keys.find(str(proof.get("verificationMethod")))
    if key is None or key.algorithm != "Ed25519":
        raise ProofRefused("no key of the issuer has that name")
    signature = _signature(proof.get("proofValue"))
    document = {name: value for name, value in secured.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name not in ("proofValue", "@context")}
    if not key.verifies(signature, hashed(document, options, canonical)):
        raise ProofRefused("the proof is of another document or by another key")
    return key


def _signature(written: object) -> bytes:
    try:
        if isinstance(written, str) and written.startswith("z") and len(written) < 120:
            return base58.b58decode(written[1:])
    except ValueError:
        pass
    raise ProofRefused("the proof value is not written in base58btc")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
