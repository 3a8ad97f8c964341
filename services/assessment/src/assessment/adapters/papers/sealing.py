"""Seals a paper with PAdES (ETSI EN 319 142-1): B-B, and B-T where a timestamp service is configured; it stays PDF/A."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Protocol

from asn1crypto import algos, pem, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Seal"


class SealKey(Protocol):
    """A private key with its certificate; a key service or HSM of the deployer can stand in for the file."""

    @property
    def chain(self) -> list[bytes]:
        """DER of the certificates, the key's own first, the root last."""
        ...

    @property
    def mechanism(self) -> str:
        """How it signs: ``sha256_rsa`` or ``sha256_ecdsa``."""
        ...

    def sign(self, content: bytes) -> bytes:
        """The raw signature over SHA-256 of ``content``."""
        ...


class LocalSealKey:
    """Implements ``SealKey`` with PEM files.

    Args:
        key: PKCS#8, RSA or P-256, without a passphrase (the file system guards it).
        certificates: PEM, the key's own first.

    Raises:
        ValueError: another kind of key, no certificate, or a certificate of another key.
    """

    def __init__(self, key: Path, certificates: Path) -> None:
        loaded = serialization.load_pem_private_key(key.read_bytes(), password=None)
        if not isinstance(loaded, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ValueError("the seal is made with RSA or ECDSA")  # noqa: TRY004  the file is wrong, not the caller
        self._key = loaded
        self._chain = [der for _, _, der in pem.unarmor(certificates.read_bytes(), multiple=True)]
        shape = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        if not self._chain or x509.Certificate.load(
            self._chain[0]
        ).public_key.dump() != loaded.public_key().public_bytes(*shape):
            raise ValueError("the first certificate does not belong to the key of the seal")

    @property
    def chain(self) -> list[bytes]:
        """See ``SealKey.chain``."""
        return list(self._chain)

    @property
    def mechanism(self) -> str:
        """See ``SealKey.mechanism``."""
        return "sha256_rsa" if isinstance(self._key, rsa.RSAPrivateKey) else "sha256_ecdsa"

    def sign(self, content: bytes) -> bytes:
        """See ``SealKey.sign``."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(content, ec.ECDSA(hashes.SHA256()))


class Sealer:
    """Seals papers with one key.

    Args:
        key: makes the signatures.
        timestamper: of an RFC 3161 service, or None.
    """

    def __init__(self, key: SealKey, timestamper: TimeStamper | None = None) -> None:
        self._signer = _PortSigner(key)
        self._timestamper = timestamper

    async def seal(self, pdf: bytes) -> bytes:
        """The sealed paper: an incremental update with one invisible signature field; nothing before it changes.

        Raises:
            pyhanko.sign.general.SigningError: the timestamp service does not answer.
        """
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        described = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )  # fmt: skip
        sealer = signers.PdfSigner(described, self._signer, timestamper=self._timestamper)
        sealed = await sealer.async_sign_pdf(writer)
        content: bytes = sealed.getvalue()
        return content


class _PortSigner(signers.Signer):
    """Lets pyHanko sign through a ``SealKey``."""

    def __init__(self, key: SealKey) -> None:
        own, *others = [x509.Certificate.load(der) for der in key.chain]
        others_known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        others_known.register_multiple(others)
        super().__init__(
            signing_cert=own, cert_registry=others_known,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": key.mechanism}),
        )  # fmt: skip
        self._seal_key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign; a dry run only asks how long a signature is."""
        assert digest_algorithm == "sha256"
        return bytes(512) if dry_run else self._seal_key.sign(data)
