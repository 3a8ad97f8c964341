"""Which certificates a URL of the log names, and that both sides must show one."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from shared.eventlog.factory import open_event_log
from shared.identity.certificates import Certificates, security


def test_the_url_names_three_files() -> None:
    """Paths come from the query; without TLS a client gets no setting at all."""
    assert Certificates.of("ca=/a&certificate=/b&key=/c") == Certificates("/a", "/b", "/c")
    assert security(None) == {}
    open_event_log("kafka+ssl://kafka:9093?ca=/a&certificate=/b&key=/c")  # nothing is opened yet


@pytest.mark.parametrize(
    "query", ["", "ca=/a", "ca=/a&certificate=/b&key=/c&key=/d", "ca=/a&certificate=/b&key=/c&x=1"]
)
def test_anything_else_is_refused_at_start(query: str) -> None:
    """A half-given identity must not become a connection without one."""
    with pytest.raises(ValueError, match="exactly"):
        open_event_log(f"kafka+ssl://kafka:9093?{query}")


def _write(folder: Path, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(private)
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(Encoding.PEM))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CA and, signed by it, ``localhost`` and ``selection``; keys live in a temporary folder only."""
    folder, now = tmp_path_factory.mktemp("authority"), datetime.now(UTC)
    signer = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca")])
    for name in ("ca", "localhost", "selection"):
        key = signer if name == "ca" else ec.generate_private_key(ec.SECP256R1())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=name == "ca", path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(signer, SHA256())
        )
        _write(folder, name, key, certificate)
    return folder


async def test_a_server_sees_who_we_are_and_we_check_who_it_is(authority: Path) -> None:
    """The peer's name is that of our certificate; a server under another name is refused."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority / "ca.crt"))
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_cert_chain(authority / "localhost.crt", authority / "localhost.key")
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.put_nowait(dict(pair[0] for pair in writer.get_extra_info("peercert")["subject"])["commonName"])
        writer.close()

    ours = Certificates(*(str(authority / name) for name in ("ca.crt", "selection.crt", "selection.key")))
    listening = await asyncio.start_server(take, "127.0.0.1", 0, ssl=server)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=ours.context(), server_hostname="localhost")
        assert await asyncio.wait_for(seen.get(), 10) == "selection"
        writer.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", port, ssl=ours.context(), server_hostname="other")
