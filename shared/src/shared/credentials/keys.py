"""Public keys that verify credentials: as JWK, as Multikey, in a JWKS and in a ``did:web`` document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.credentials.jose import decoded, encoded
from shared.credentials.vendored import MULTIKEY_V1

Algorithm = Literal["ES256", "Ed25519"]
_ED25519 = b"\xed\x01"
_P256 = b"\x80\x24"
_SHA256 = SHA256()


class BadKey(ValueError):
    """An entry is no key that signs credentials."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies: P-256 (ES256) or Ed25519.

    Attributes:
        kid: its id within the issuer.
        revoked: since when nothing it signed is believed, or None.
    """

    kid: str
    algorithm: Algorithm
    key: EllipticCurvePublicKey | Ed25519PublicKey
    revoked: datetime | None = None

    @classmethod
    def of_jwk(cls, entry: Mapping[str, Any]) -> PublicKey:
        """The public part of a JWK.

        Raises:
            BadKey: another kind of key, or one without ``kid``.
        """
        try:
            kid, x = str(entry["kid"]), decoded(str(entry["x"]).encode())
            key: EllipticCurvePublicKey | Ed25519PublicKey
            match entry.get("kty"), entry.get("crv"):
                case "EC", "P-256":
                    point = b"\x04" + x + decoded(str(entry["y"]).encode())
                    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
                    return cls(kid, "ES256", key, _revoked(entry))
                case "OKP", "Ed25519":
                    return cls(kid, "Ed25519", Ed25519PublicKey.from_public_bytes(x), _revoked(entry))
                case kind:
                    raise BadKey(f"a key of kind {kind} cannot sign credentials")
        except (KeyError, ValueError, TypeError) as error:
            raise error if isinstance(error, BadKey) else BadKey("a key is not written as a JWK with a kid") from error

    @classmethod
    def of_multikey(cls, kid: str, written: str, revoked: datetime | None = None) -> PublicKey:
        """A key in Multikey form.

        Raises:
            BadKey: another form or kind.
        """
        try:
            raw = base58.b58decode(written[1:]) if written.startswith("z") else b""
            if raw.startswith(_ED25519):
                return cls(kid, "Ed25519", Ed25519PublicKey.from_public_bytes(raw[2:]), revoked)
            if raw.startswith(_P256):
                key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw[2:])
                return cls(kid, "ES256", key, revoked)
        except ValueError as error:
            raise BadKey("a key is not written as a Multikey") from error
        raise BadKey("a Multikey of another kind cannot sign credentials")

    def verifies(self, signature: bytes, signed: bytes) -> bool:
        """True when this key made a raw signature (64 bytes) over ``signed``; a revoked key verifies nothing."""
        if self.revoked is not None or len(signature) != 64:
            return False
        try:
            if isinstance(self.key, Ed25519PublicKey):
                self.key.verify(signature, signed)
            else:
                r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
                self.key.verify(encode_dss_signature(r, s), signed, ECDSA(_SHA256))
        except InvalidSignature:
            return False
        return True

    @property
    def jwk(self) -> dict[str, Any]:
        """The key as a public JWK."""
        common = {"kid": self.kid, "use": "sig", "alg": self.algorithm}
        if isinstance(self.key, Ed25519PublicKey):
            raw = self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {"kty": "OKP", "crv": "Ed25519", "x": encoded(raw).decode()} | common
        raw = self.key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        point = {"x": encoded(raw[1:33]).decode(), "y": encoded(raw[33:]).decode()}
        return {"kty": "EC", "crv": "P-256"} | point | common

    @property
    def multikey(self) -> str:
        """The key in Multikey form: multibase base58btc of the prefixed public key."""
        if isinstance(self.key, Ed25519PublicKey):
            raw = _ED25519 + self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            raw = _P256 + self.key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return "z" + base58.b58encode(raw).decode()


class IssuerKeys:
    """The keys of one issuer, found by id, by ``#id`` or by the whole DID URL of a verification method.

    Args:
        keys: public keys.
        controller: the DID of the issuer; when given, whole DID URLs must be under it.
    """

    def __init__(self, keys: Iterable[PublicKey], controller: str | None = None) -> None:
        self.controller = controller
        self._keys = {key.kid: key for key in keys}

    @classmethod
    def of_jwks(cls, content: Mapping[str, Any], controller: str | None = None) -> IssuerKeys:
        """The keys of a JWKS. Raises ``BadKey``."""
        entries = content.get("keys")
        if not isinstance(entries, list):
            raise BadKey("a JWKS has a list of keys")
        return cls([PublicKey.of_jwk(entry) for entry in entries], controller)

    @classmethod
    def of_did(cls, document: Mapping[str, Any]) -> IssuerKeys:
        """The keys that a DID document allows to assert; revoked ones stay known as revoked. Raises ``BadKey``."""
        try:
            did = str(document["id"])
            asserting = {entry for entry in document.get("assertionMethod", []) if isinstance(entry, str)}
            methods = [
                method for method in document["verificationMethod"] if method["id"] in asserting or "revoked" in method
            ]
            return cls([_of_method(method) for method in methods], did)
        except (KeyError, TypeError, AttributeError) as error:
            raise BadKey("the DID document has no verification methods that we understand") from error

    def find(self, named: str) -> PublicKey | None:
        """The key of that name, or None."""
        controller, mark, kid = named.rpartition("#")
        if mark and controller and self.controller is not None and controller != self.controller:
            return None
        return self._keys.get(kid)

    def __iter__(self) -> Any:
        return iter(self._keys.values())

    def jwks(self) -> dict[str, Any]:
        """The JWKS of what may be believed: a revoked key is not in it."""
        return {"keys": [key.jwk for key in self._keys.values() if key.revoked is None]}

    def document(self) -> dict[str, Any]:
        """The DID document: every key as Multikey and as JWK; a revoked one is marked and may no longer assert."""
        did = self.controller or ""
        methods: list[dict[str, Any]] = []
        for key in self._keys.values():
            forms: list[dict[str, Any]] = [
                {"id": f"{did}#{key.kid}", "type": "Multikey", "controller": did, "publicKeyMultibase": key.multikey},
                {"id": f"{did}#{key.kid}-jwk", "type": "JsonWebKey", "controller": did, "publicKeyJwk": key.jwk},
            ]
            mark = {} if key.revoked is None else {"revoked": _written(key.revoked)}
            methods += [form | mark for form in forms]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", MULTIKEY_V1, "https://w3id.org/security/jwk/v1"],
            "id": did,
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods if "revoked" not in method],
        }


def did_web(address: str) -> str:
    """The ``did:web`` of a base URL: the host, with its port escaped, and the path as further parts."""
    parts = urlsplit(address)
    host = quote(parts.netloc, safe=".-_")
    path = [quote(segment, safe=".-_~") for segment in parts.path.split("/") if segment]
    return ":".join(["did:web", host, *path])


def _of_method(method: Mapping[str, Any]) -> PublicKey:
    kid = str(method["id"]).rpartition("#")[2]
    revoked = datetime.fromisoformat(str(method["revoked"])) if "revoked" in method else None
    if "publicKeyJwk" in method:
        key = PublicKey.of_jwk({**method["publicKeyJwk"], "kid": kid})
        return PublicKey(kid, key.algorithm, key.key, revoked)
    return PublicKey.of_multikey(kid, str(method["publicKeyMultibase"]), revoked)


def _revoked(entry: Mapping[str, Any]) -> datetime | None:
    mark = entry.get("revoked")
    return None if mark is None else datetime.fromtimestamp(int(mark["revoked_at"]), UTC)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
