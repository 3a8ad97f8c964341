"""`talent verify`: every verdict on every form, from files alone."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from shared.credentials import bitstring, vendored
from shared.credentials.canonical import quads
from shared.credentials.integrity import hashed, proof_options, with_proof
from shared.credentials.jose import compact, to_sign
from shared.credentials.keys import IssuerKeys, PublicKey
from shared.credentials.slip import Slip, slip_address
from talent_local.cli import app

DID = "did:web:talent.example"
LISTS = "https://talent.example/v1/assessment/status-lists/0"
START = datetime(2025, 8, 1, tzinfo=UTC)
NOW = "2025-08-02T00:30:00"


class Issuer:
    """An issuer that signs with a key of its own and writes what it publishes into files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._key = folder, Ed25519PrivateKey.generate()
        public = PublicKey("k-1", "Ed25519", self._key.public_key())
        self.keys = IssuerKeys([public], DID)
        self.did = self.write("did.json", json.dumps(self.keys.document()))
        self.jwks = self.write("jwks.json", json.dumps(self.keys.jwks()))

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def embedded(self, document: dict[str, Any]) -> str:
        options = proof_options(f"{DID}#k-1", START)
        return json.dumps(with_proof(document, options, self._key.sign(hashed(document, options, quads))))

    def jwt(self, document: dict[str, Any]) -> str:
        signed = to_sign({"alg": "Ed25519", "kid": "k-1", "typ": "vc+jwt"}, json.dumps(document).encode())
        return compact(signed, self._key.sign(signed))

    def slip(self, until: date | None = None) -> str:
        signed = Slip("X-1", "次仁", "p", date(2025, 8, 1), until, (0, 7)).to_sign("k-1", "Ed25519")
        return slip_address("https://talent.example", compact(signed, self._key.sign(signed)))

    def lists(self, **marked: list[int]) -> list[Path]:
        paths = []
        for purpose in bitstring.PUBLISHED:
            made = bitstring.list_credential(
                f"{LISTS}/{purpose}", purpose, bitstring.packed(marked.get(purpose, [])), issuer=DID,
                since=START, lasts=timedelta(days=3), ttl=timedelta(minutes=5),
            )  # fmt: skip
            paths.append(self.write(f"{purpose}.json", self.embedded(made)))
        return paths


def badge(until: str | None = None, **more: Any) -> dict[str, Any]:
    """A credential as the issuer makes it."""
    entries = [
        {"id": f"{LISTS}/{purpose}#7", "type": "BitstringStatusListEntry", "statusPurpose": purpose,
         "statusListIndex": "7", "statusListCredential": f"{LISTS}/{purpose}"} for purpose in bitstring.PUBLISHED
    ]  # fmt: skip
    made = {
        "@context": [vendored.CREDENTIALS_V2, vendored.OPEN_BADGES_V3], "id": "urn:uuid:018d0000-0000-7000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Certificate",
        "issuer": {"id": DID, "type": ["Profile"], "name": "部委"}, "validFrom": "2025-08-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"], "licenseNumber": "X-1",
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": "次仁"}],
            "achievement": {"id": "urn:a:1", "type": ["Achievement"], "name": "A", "description": "D",
                            "criteria": {"narrative": "n"}},
        },
        "credentialStatus": entries,
    }  # fmt: skip
    return made | ({"validUntil": until} if until else {}) | more


@pytest.fixture
def issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """An issuer; whoever opens a socket during the test fails it."""

    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    return Issuer(tmp_path)


def verdict(
    issuer: Issuer, text: str | bytes, *more: object, lists: list[Path] | None = None
) -> tuple[int, dict[str, Any]]:
    """Exit status and what is said."""
    file = issuer.folder / "file"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    arguments = ["verify", str(file), "--json", "--at", NOW]
    if not more:
        arguments += ["--did", str(issuer.did)]
    arguments += [str(part) for part in more]
    for path in lists or []:
        arguments += ["--status", str(path)]
    done = CliRunner().invoke(app, arguments)
    assert done.stdout.startswith("{"), done.output
    return done.exit_code, json.loads(done.stdout)


FORMS: dict[str, Callable[[Issuer], str]] = {
    "embedded": lambda issuer: issuer.embedded(badge()),
    "jwt": lambda issuer: issuer.jwt(badge()),
    "slip": lambda issuer: issuer.slip(),
}


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize(
    ("marked", "finding", "code"),
    [({}, "valid", 0), ({"revocation": [7]}, "revoked", 5), ({"suspension": [7]}, "suspended", 6),
     ({"revocation": [7], "replacement": [7]}, "reissued", 8),
     ({"revocation": [7], "suspension": [7]}, "revoked", 5), ({"revocation": [6, 8]}, "valid", 0)],
)  # fmt: skip
def test_the_status_decides(issuer: Issuer, form: str, marked: dict[str, list[int]], finding: str, code: int) -> None:
    done, said = verdict(issuer, FORMS[form](issuer), lists=issuer.lists(**marked))

    assert (done, said["finding"], said["form"], said["status_checked"]) == (code, finding, form, True)
    assert (said["said"]["number"], said["said"]["holder"]) == ("X-1", "次仁")


@pytest.mark.parametrize("form", sorted(FORMS))
def test_without_lists_it_says_that_it_did_not_look(issuer: Issuer, form: str) -> None:
    """Never silently valid; with JWKS as with the DID document."""
    for keys in ((), ("--jwks", issuer.jwks)):
        done, said = verdict(issuer, FORMS[form](issuer), *keys)
        assert (done, said["finding"], said["status_checked"]) == (3, "unknown-status", False)
    plain = CliRunner().invoke(app, ["verify", str(issuer.folder / "file"), "--did", str(issuer.did), "--at", NOW])
    assert "NOT CHECKED" in plain.stdout


@pytest.mark.parametrize("form", sorted(FORMS))
def test_another_issuers_key_and_every_changed_sign_are_forged(issuer: Issuer, tmp_path: Path, form: str) -> None:
    made, lists = FORMS[form](issuer), issuer.lists()
    (tmp_path / "other").mkdir()
    other = Issuer(tmp_path / "other")
    assert verdict(issuer, FORMS[form](other), lists=lists)[0] == 7
    for place in range(len(made) - 90, len(made) - 5, 9):
        sign = "A" if made[place] != "A" else "B"
        assert verdict(issuer, made[:place] + sign + made[place + 1 :], lists=lists)[0] == 7, place
    for text in (
        "",
        "{}",
        "[1]",
        "a.b.c",
        "…",
        "{" * 5000,
        made.replace("X-1", "X-2") if form == "embedded" else "ey.ey.ey",
    ):
        assert verdict(issuer, text, lists=lists)[0] == 7, text[:20]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_without_the_list_of_replaced_ones_it_does_not_say_which(issuer: Issuer, form: str) -> None:
    """A revoked one may have been replaced; with that list it is told, without it nothing is claimed."""
    lists = issuer.lists(revocation=[7], replacement=[7])

    done, said = verdict(issuer, FORMS[form](issuer), lists=lists[:2])
    assert (done, said["reason"]) == (5, "the issuer withdrew it, or replaced it by another")
    done, said = verdict(issuer, FORMS[form](issuer), lists=issuer.lists(revocation=[7]))
    assert (done, said["reason"]) == (5, "the issuer withdrew it")


def test_dates_decide(issuer: Issuer) -> None:
    lists = issuer.lists()
    assert verdict(issuer, issuer.jwt(badge("2025-08-01T23:59:59Z")), lists=lists)[0] == 4
    assert (
        verdict(issuer, issuer.embedded(badge(validFrom="2025-08-03T00:00:00Z")), lists=lists)[1]["finding"]
        == "not-yet-valid"
    )
    assert verdict(issuer, issuer.slip(date(2025, 8, 1)), lists=lists)[0] == 4
    assert verdict(issuer, issuer.slip(date(2025, 8, 2)), lists=lists)[0] == 0


def test_lists_are_believed_only_when_signed_and_fresh(issuer: Issuer, tmp_path: Path) -> None:
    """A list that somebody cleared, of another issuer, or of another time says nothing."""
    lists = issuer.lists(revocation=[7])
    cleared = json.loads(lists[0].read_text())
    cleared["credentialSubject"]["encodedList"] = bitstring.packed([])
    lists[0].write_text(json.dumps(cleared))
    done, said = verdict(issuer, FORMS["jwt"](issuer), lists=lists)
    assert (done, said["status_checked"]) == (3, False)
    assert "not believed" in said["reason"]

    fresh = issuer.lists()
    done, said = verdict(issuer, FORMS["jwt"](issuer), "--did", issuer.did, "--at", "2026-01-01T00:00:00", lists=fresh)
    assert (done, "another time" in said["reason"]) == (3, True)


def test_a_credential_of_another_did_is_forged(issuer: Issuer) -> None:
    """The same key under another name: the DID document tells them apart."""
    other = badge(issuer={"id": "did:web:other.example", "type": ["Profile"], "name": "x"})

    assert verdict(issuer, issuer.embedded(other), lists=issuer.lists())[0] == 7


def test_a_pdf_is_worth_what_it_carries(issuer: Issuer) -> None:
    import pikepdf

    def paper(**carried: str) -> bytes:
        document, written = pikepdf.new(), io.BytesIO()
        document.add_blank_page()
        for name, content in carried.items():
            document.attachments[f"{name}.json"] = content.encode()
        document.save(written)
        return written.getvalue()

    made, lists = FORMS["embedded"](issuer), issuer.lists(suspension=[7])
    assert verdict(issuer, paper(credential=made, note="hello"), lists=lists)[0] == 6
    assert verdict(issuer, paper(credential=made, another=made.replace("X-1", "X-2")), lists=lists)[0] == 7
    (issuer.folder / "file").write_bytes(paper())
    empty = CliRunner().invoke(app, ["verify", str(issuer.folder / "file"), "--did", str(issuer.did)])
    assert "carries no credential" in str(empty.exception)


def test_without_keys_it_says_where_they_are(issuer: Issuer) -> None:
    file = issuer.write("file", "x")

    assert "did.json" in CliRunner().invoke(app, ["verify", str(file)]).exception.advice  # type: ignore[union-attr]
    issuer.did.write_text("{}")
    assert "cannot be read" in str(CliRunner().invoke(app, ["verify", str(file), "--did", str(issuer.did)]).exception)
