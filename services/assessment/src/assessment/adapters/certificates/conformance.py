"""An issuer and verifier for conformance tests, with a key of its own that has nothing to do with certificates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from assessment.adapters.certificates.keys import entries_of
from assessment.adapters.certificates.signers import LocalSigner
from shared.credentials.canonical import NotCanonical, quads
from shared.credentials.integrity import ProofRefused, hashed, proof_options, verify_proof, with_proof
from shared.credentials.jose import NotCompact, read_compact
from shared.credentials.keys import BadKey, IssuerKeys, PublicKey
from shared.credentials.model import credential_flaws, presentation_flaws

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
_CONTEXTS = {EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}}
"""The context of the specification's examples maps every term; only conformance tests know it."""
_KEY = "did:key:"


class Refused(ValueError):
    """What is wrong with a credential or presentation, one sentence a flaw."""

    def __init__(self, flaws: list[str]) -> None:
        super().__init__("; ".join(flaws))
        self.flaws = flaws


class ConformanceIssuer:
    """Signs whatever is a credential, in the name of a ``did:key``; verifies what any ``did:key`` signed.

    Args:
        key: path of a private Ed25519 JWK.

    Raises:
        ValueError: another kind of key.
    """

    def __init__(self, key: Path) -> None:
        self._signer = LocalSigner(entries_of(key)[0])
        if self._signer.algorithm != "Ed25519":
            raise ValueError("the conformance key must be Ed25519")
        self._multikey = PublicKey.of_jwk(entries_of(key)[0]).multikey
        self.did = _KEY + self._multikey

    def issue(self, credential: Any, at: datetime) -> dict[str, Any]:
        """The credential with an embedded proof, this issuer in it. Raises ``Refused``."""
        if flaws := credential_flaws(credential):
            raise Refused(flaws)
        if "proof" in credential:
            raise Refused(["the credential has a proof already"])
        named = credential["issuer"]
        issuer = {**named, "id": self.did} if isinstance(named, Mapping) else self.did
        document = {**credential, "issuer": issuer}
        options = proof_options(f"{self.did}#{self._multikey}", at)
        try:
            signature = self._signer.signature(hashed(document, options, _quads))
        except NotCanonical as error:
            raise Refused([str(error)]) from error
        return with_proof(document, options, signature)

    def verify_credential(self, credential: Any, now: datetime) -> None:
        """Form, proof and dates of a credential, also in an envelope. Raises ``Refused``."""
        if flaws := credential_flaws(credential):
            raise Refused(flaws)
        if "EnvelopedVerifiableCredential" in credential["type"]:
            credential = _opened(credential, "vc")
            if flaws := credential_flaws(credential):
                raise Refused(flaws)
        else:
            self._proven(credential, "assertionMethod")
        issuer = credential["issuer"]
        self._in_time(credential, now)
        proof = credential.get("proof")
        named = issuer["id"] if isinstance(issuer, Mapping) else issuer
        if isinstance(proof, Mapping) and str(proof["verificationMethod"]).partition("#")[0] != named:
            raise Refused(["the proof is by somebody else than the issuer"])

    def verify_presentation(self, presentation: Any, now: datetime) -> None:
        """Form and proof of a presentation, and of every credential in it. Raises ``Refused``."""
        if flaws := presentation_flaws(presentation):
            raise Refused(flaws)
        if "EnvelopedVerifiablePresentation" in presentation["type"]:
            presentation = _opened(presentation, "vp")
            if flaws := presentation_flaws(presentation):
                raise Refused(flaws)
        else:
            self._proven(presentation, "authentication")
        held = presentation.get("verifiableCredential", [])
        for credential in held if isinstance(held, list) else [held]:
            self.verify_credential(credential, now)

    def _proven(self, document: Mapping[str, Any], purpose: str) -> None:
        proof = document.get("proof")
        proof = proof[0] if isinstance(proof, list) and len(proof) == 1 else proof
        if not isinstance(proof, Mapping):
            raise Refused(["there is no proof"])
        try:
            verify_proof(document, _resolved(str(proof.get("verificationMethod"))), _quads, purpose)
        except (ProofRefused, NotCanonical, BadKey) as error:
            raise Refused([str(error)]) from error

    @staticmethod
    def _in_time(credential: Mapping[str, Any], now: datetime) -> None:
        if "validFrom" in credential and now < datetime.fromisoformat(credential["validFrom"]):
            raise Refused(["validFrom is in the future"])
        if "validUntil" in credential and now > datetime.fromisoformat(credential["validUntil"]):
            raise Refused(["validUntil is in the past"])


def _opened(envelope: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The document in a JWT envelope whose key is a ``did:key`` in ``kid``. Raises ``Refused``."""
    try:
        text = str(envelope["id"]).partition(",")[2].removeprefix("data:")
        read = read_compact(text)
        key = _resolved(read.kid).find(read.kid)
        if key is None or read.algorithm != key.algorithm or not key.verifies(read.signature, read.signed):
            raise Refused(["the envelope is not signed by the key that it names"])
        said = json.loads(read.payload)
    except (NotCompact, BadKey, ValueError) as error:
        raise error if isinstance(error, Refused) else Refused([str(error)]) from error
    if not isinstance(said, dict) or not str(read.header.get("typ", f"{kind}+jwt")).startswith(kind):
        raise Refused([f"the envelope holds no {kind}"])
    return said


def _resolved(method: str) -> IssuerKeys:
    """The keys of a ``did:key``, which is its own document. Raises ``BadKey``."""
    did, _, fragment = method.partition("#")
    if not did.startswith(_KEY):
        raise BadKey("only did:key is resolved here")
    multikey = did.removeprefix(_KEY)
    if fragment and fragment != multikey:
        raise BadKey("a did:key has one verification method")
    return IssuerKeys([PublicKey.of_multikey(multikey, multikey)], did)


def _quads(document: Mapping[str, Any]) -> str:
    return quads(document, _CONTEXTS)
