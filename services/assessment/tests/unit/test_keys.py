"""The ring of keys, its rotation, and signers that never give the key away."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from joserfc.jwk import ECKey, OKPKey

from assessment.adapters.certificates.forms import CredentialForms
from assessment.adapters.certificates.keys import KeyRing
from assessment.adapters.certificates.signers import LocalSigner
from assessment.keys import main
from shared.credentials.jose import read_compact
from shared.http.problems import Unavailable

DID = "did:web:talent.example"
START = "2025-08-01T00:00:00+08:00"


def ed(kid: str) -> dict[str, Any]:
    return dict(OKPKey.generate_key("Ed25519", {"kid": kid}).as_dict(private=True))


def p256(kid: str) -> dict[str, Any]:
    return dict(ECKey.generate_key("P-256", {"kid": kid}).as_dict(private=True))


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """A ring with a key of each kind."""
    path = tmp_path / "ring.json"
    path.write_text(json.dumps({"keys": [p256("c-1"), ed("c-2")]}))
    return path


def entries(ring: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ring.read_text())["keys"]
    return found


def replaced(ring: Path, text: str) -> None:
    ring.write_text(text)


def mode(ring: Path) -> int:
    return ring.stat().st_mode & 0o777


def forms(ring: Path) -> CredentialForms:
    return CredentialForms(KeyRing(ring, None, DID))


def credential(number: int = 1) -> dict[str, Any]:
    return {"id": f"urn:uuid:{number}", "validFrom": START}


async def signed(made: CredentialForms, number: int = 1) -> tuple[str, str]:
    from datetime import datetime

    return await made.as_jwt(credential(number), datetime.fromisoformat(START))


async def test_a_rotated_key_signs_at_once_and_the_old_one_goes_on_verifying(
    ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a restart; what signed before has no private part in the file any more."""
    made = forms(ring)
    before, kid = await signed(made)

    assert main([str(ring), "prepare", "ES256"]) == 0
    assert (await signed(made))[1] == kid == "c-1", "published, but not signing yet"
    assert [key["kid"] for key in made._ring.public.jwks()["keys"]] == ["c-3", "c-1", "c-2"]
    assert main([str(ring), "rotate", "ES256"]) == 0
    after, new = await signed(made)

    assert new == "c-3"
    assert made.proven(before) is not None
    assert made.proven(after) is not None
    assert {entry["kid"] for entry in entries(ring) if "d" in entry} == {"c-2", "c-3"}
    assert mode(ring) == 0o600
    main([str(ring), "show"])
    assert "c-3  ES256  signs\nc-1  ES256  verifies\nc-2  Ed25519  signs" in capsys.readouterr().out


async def test_a_revoked_key_is_replaced_and_believed_no_more(ring: Path) -> None:
    """The DID document marks it and lets it assert nothing; the JWKS no longer has it."""
    made = forms(ring)
    old, _ = await signed(made)

    assert main([str(ring), "revoke", "c-1", "--reason", "key-compromise"]) == 0

    assert made.proven(old) is None
    assert (await signed(made))[1] == "c-3"
    document = made._ring.public.document()
    marked = [method["id"] for method in document["verificationMethod"] if "revoked" in method]
    assert marked == [f"{DID}#c-1", f"{DID}#c-1-jwk"]
    assert not set(marked) & set(document["assertionMethod"])
    assert [key["kid"] for key in made._ring.public.jwks()["keys"]] == ["c-3", "c-2"]
    assert main([str(ring), "revoke", "c-1"]) == 1
    assert main([str(ring), "revoke", "c-9"]) == 1


async def test_ids_are_never_given_again_and_two_never_stand_by(ring: Path) -> None:
    for _ in range(3):
        assert main([str(ring), "rotate", "Ed25519"]) == 0
    assert main([str(ring), "prepare", "Ed25519"]) == 0
    assert main([str(ring), "prepare", "Ed25519"]) == 1
    assert main([str(ring), "rotate", "Ed25519"]) == 0

    kids = [entry["kid"] for entry in entries(ring)]
    assert kids[:2] == ["c-6", "c-5"]
    assert len(set(kids)) == len(kids) == 6


async def test_a_ring_that_cannot_be_read_leaves_the_old_one_in_force(ring: Path) -> None:
    made = forms(ring)
    for broken in ("{", "[]", '{"keys": []}', '{"keys": [{"kty": "oct", "kid": "x"}]}'):
        replaced(ring, broken)
        assert (await signed(made))[1] == "c-1", broken


@pytest.mark.parametrize("content", ["{", "[]", '{"keys": []}', '{"keys": [{"kty": "RSA", "kid": "x"}]}'])
def test_a_service_does_not_start_with_such_a_ring(tmp_path: Path, content: str) -> None:
    (tmp_path / "ring").write_text(content)
    with pytest.raises(ValueError):  # noqa: PT011  several kinds, all of them ValueError
        KeyRing(tmp_path / "ring", None, DID)
    half = ed("a") | {"x": ed("b")["x"]}
    with pytest.raises(ValueError, match="belong together"):
        LocalSigner(half)


class Transit:
    """A key service like OpenBao's transit engine: it holds the keys, and gives signatures to whoever has the token."""

    def __init__(self) -> None:
        self.held = {"c-1": LocalSigner(p256("c-1") | {}), "c-2": LocalSigner(ed("c-2"))}
        self.asked: list[str] = []
        self.fault: str | None = None
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        name, asked = request.match_info["name"], await request.json()
        self.asked.append(name)
        if request.headers.get("X-Vault-Token") != "secret" or self.fault == "down":
            return web.json_response({"errors": ["permission denied"]}, status=403)
        message = base64.b64decode(asked["input"])
        raw = self.held[name].signature(message if self.fault != "other" else message + b"!")
        if name == "c-1":
            assert (asked["hash_algorithm"], asked["marshaling_algorithm"]) == ("sha2-256", "jws")
            written = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        else:
            written = base64.b64encode(raw).decode()
        return web.json_response({"data": {"signature": f"vault:v1:{written}", "key_version": 1}})

    def ring(self, path: Path) -> Path:
        """A ring without any private key: public keys, and where they sign."""
        entries = [
            signer._public.jwk | {"signer": f"{self.address}/v1/transit/sign/{kid}"}
            for kid, signer in self.held.items()
        ]
        path.write_text(json.dumps({"keys": entries}))
        return path


@pytest.fixture
async def transit() -> AsyncIterator[Transit]:
    """The key service, on a socket of its own."""
    service, app = Transit(), web.Application()
    app.router.add_post("/v1/transit/sign/{name}", service.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.address = f"http://{host}:{port}"
    yield service
    await runner.cleanup()


async def test_a_key_service_signs_both_ways_and_keeps_the_keys(transit: Transit, tmp_path: Path) -> None:
    """The same credentials, made without a private key in this process."""
    path = transit.ring(tmp_path / "ring")
    made = CredentialForms(KeyRing(path, None, DID, "secret"))
    text, kid = await signed(made)

    assert kid == "c-1"
    assert made.proven(text) is not None
    signer = made._ring.signer("Ed25519")
    assert signer is not None
    assert made._ring.public.find("c-2").verifies(await signer.sign(b"text"), b"text")  # type: ignore[union-attr]
    assert transit.asked == ["c-1", "c-2"]
    assert read_compact(text).algorithm == "ES256"
    assert '"d"' not in path.read_text()


@pytest.mark.parametrize("fault", ["down", "other", "token", "gone"])
async def test_a_key_service_that_fails_issues_nothing(transit: Transit, tmp_path: Path, fault: str) -> None:
    """No answer, a signature of something else, a wrong token, no service: refused with 503, never a bad credential."""
    transit.fault = fault
    if fault == "gone":
        transit.address = "http://127.0.0.1:9"
    made = CredentialForms(
        KeyRing(transit.ring(tmp_path / "ring"), None, DID, "wrong" if fault == "token" else "secret")
    )

    with pytest.raises(Unavailable, match="signer-unavailable"):
        await signed(made)


async def test_nobody_sees_a_ring_between(ring: Path) -> None:
    """Signing goes on while keys rotate: every credential verifies, at every moment."""
    made, kids = forms(ring), set()
    for turn in range(40):
        if turn % 4 == 3:
            assert main([str(ring), "rotate", "ES256" if turn % 8 == 3 else "Ed25519"]) == 0
        text, kid = await signed(made, turn)
        kids.add(kid)
        assert made.proven(text) is not None
    assert len(kids) > 4
    assert not [name for name in os.listdir(ring.parent) if name.startswith(f".{ring.name}.") and "lock" not in name]  # noqa: PTH208


def test_an_idle_service_does_without_the_heavy_libraries() -> None:
    """JSON-LD (30 MB) is loaded only when somebody else's document is judged."""
    asked = "import sys, assessment.api; print([name for name in sys.modules if name.split('.')[0] == 'pyld'])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"
