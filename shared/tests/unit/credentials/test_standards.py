"""What the specifications themselves say: their contexts byte for byte, their test vectors to the last sign."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.credentials import bitstring, canonical, vendored
from shared.credentials.canonical import NotCanonical, quads
from shared.credentials.integrity import ProofRefused, hashed, verify_proof
from shared.credentials.jose import NotCompact, compact, decoded, encoded, read_compact
from shared.credentials.keys import BadKey, IssuerKeys, PublicKey, did_web
from shared.credentials.slip import Slip, slip_address, slip_text

MULTIKEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
ISSUER = "https://vc.example/issuers/5678"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
DIGESTS = {
    "credentials-v2.json": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    "ob-v3p0-context-3.0.3.json": "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    "security-data-integrity-v2.json": "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    "security-multikey-v1.json": "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
}


def alumni() -> dict[str, Any]:
    """The signed credential of VC Data Integrity EdDSA Cryptosuites 1.0, appendix B.1."""
    return {
        "@context": [vendored.CREDENTIALS_V2, EXAMPLES],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": ISSUER,
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": f"{ISSUER}#{MULTIKEY}",
            "proofPurpose": "assertionMethod",
            "proofValue": "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9",
        },
    }  # fmt: skip


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> IssuerKeys:
    """The key of the vectors; their example context is known for the length of a test."""
    known = vendored.context

    def context(address: str) -> dict[str, Any]:
        examples = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
        return examples if address == EXAMPLES else known(address)

    monkeypatch.setattr(vendored, "context", context)
    return IssuerKeys([PublicKey.of_multikey(MULTIKEY, MULTIKEY)], ISSUER)


def test_the_vectors_of_the_cryptosuite_come_out_to_the_last_sign(keys: IssuerKeys) -> None:
    """Appendix B.1: the combined hash, and the signature over it."""
    secured = alumni()
    options = {name: value for name, value in secured["proof"].items() if name != "proofValue"}
    document = {name: value for name, value in secured.items() if name != "proof"}

    assert hashed(document, options, quads).hex() == (
        "4c4d3890a157f8d611b13c265c2c22f39aa0a567c7c7dd9ba3e45cd579784eeb"
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    )
    assert verify_proof(secured, keys, quads).kid == MULTIKEY


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("name",), "Another"), (("issuer",), "https://vc.example/issuers/1"), (("validFrom",), "2023-01-01T00:00:01Z"),
        (("credentialSubject", "alumniOf"), "Elsewhere"), (("credentialSubject", "id"), "did:example:z"),
        (("proof", "created"), "2024-02-24T23:36:38Z"), (("proof", "proofPurpose"), "authentication"),
        (("proof", "verificationMethod"), f"{ISSUER}#other"), (("proof", "cryptosuite"), "eddsa-jcs-2022"),
        (("proof", "proofValue"), "z11"), (("proof", "proofValue"), "u11"), (("proof", "nonce"), "1"),
        (("type",), ["VerifiableCredential"]), (("proof",), {}), (("proof",), []), (("added",), "more"),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_refused(keys: IssuerKeys, where: tuple[str, ...], value: Any) -> None:
    secured = alumni()
    part = secured
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value

    with pytest.raises(ProofRefused):
        verify_proof(secured, keys, quads)


def test_a_revoked_key_verifies_nothing(keys: IssuerKeys) -> None:
    revoked = PublicKey.of_multikey(MULTIKEY, MULTIKEY, datetime(2024, 1, 1, tzinfo=UTC))

    with pytest.raises(ProofRefused):
        verify_proof(alumni(), IssuerKeys([revoked], ISSUER), quads)


def test_the_vendored_contexts_are_the_published_ones() -> None:
    folder = files("shared.credentials").joinpath("contexts")

    assert {name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() for name in DIGESTS} == DIGESTS
    assert set(vendored.VENDORED.values()) == set(DIGESTS)


@pytest.mark.parametrize(
    "change",
    [
        {"@context": [vendored.CREDENTIALS_V2, "https://elsewhere.example/context"]},
        {"@context": [vendored.CREDENTIALS_V2, "file:///etc/passwd"]},
        {"unheard": "of"}, {"type": ["VerifiableCredential", "Unheard"]}, {"id": "relative"},
        {"credentialSubject": {"id": "x y"}}, {"name": "bell\x07"},
        {"credentialSubject": [{"type": "VerifiableCredential"}] * 250},
    ],
)  # fmt: skip
def test_what_would_be_lost_or_fetched_is_refused(change: dict[str, Any]) -> None:
    document = {
        "@context": [vendored.CREDENTIALS_V2], "type": ["VerifiableCredential"], "issuer": "did:example:1",
        "credentialSubject": {"id": "did:example:2"},
    }  # fmt: skip
    assert canonical.quads(document)

    with pytest.raises(NotCanonical):
        canonical.quads(document | change)


def test_keys_go_through_every_form_and_back() -> None:
    first = PublicKey.of_multikey("a", MULTIKEY)
    second = PublicKey.of_jwk(
        {"kty": "EC", "crv": "P-256", "kid": "b", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
         "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
    )  # fmt: skip
    gone = PublicKey("c", first.algorithm, first.key, datetime(2025, 1, 2, tzinfo=UTC))
    ring = IssuerKeys([first, second, gone], "did:web:talent.example")
    document = ring.document()

    for again in (IssuerKeys.of_jwks(ring.jwks(), ring.controller), IssuerKeys.of_did(document)):
        found = [again.find(f"did:web:talent.example#{kid}") for kid in "ab"]
        assert [key and key.multikey for key in found] == [first.multikey, second.multikey]
        assert again.find("did:web:other.example#a") is None
    marked = IssuerKeys.of_did(document).find("c")
    assert marked is not None
    assert marked.revoked == gone.revoked
    assert [key["kid"] for key in ring.jwks()["keys"]] == ["a", "b"]
    assert all("#c" not in method for method in document["assertionMethod"])


@pytest.mark.parametrize(
    "entry", [{}, {"kty": "oct", "kid": "a"}, {"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "a"}]
)
def test_other_keys_are_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(BadKey):
        PublicKey.of_jwk(entry)
    with pytest.raises(BadKey):
        PublicKey.of_multikey("a", "z111")


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://talent.example", "did:web:talent.example"),
        ("http://127.0.0.1:8080", "did:web:127.0.0.1%3A8080"),
        ("https://talent.example/a/b", "did:web:talent.example:a:b"),
    ],
)
def test_a_base_address_is_a_did(address: str, did: str) -> None:
    assert did_web(address) == did


@given(st.sets(st.integers(0, bitstring.LENGTH - 1), max_size=50))
@settings(max_examples=30)
def test_a_packed_list_says_exactly_what_was_marked(marked: set[int]) -> None:
    bits = bitstring.unpacked(bitstring.packed(marked))

    assert {index for index in range(bitstring.LENGTH) if bitstring.is_marked(bits, index)} == marked


def test_lists_of_other_sizes_are_refused() -> None:
    """At least 131 072 entries, so that one hides; and no bombs."""
    for size in (1000, 10_000_000):
        with pytest.raises(bitstring.BadList):
            bitstring.unpacked("u" + encoded(gzip.compress(bytes(size))).decode())
    for bad in ("z1", "u!", "uAAAA"):
        with pytest.raises(bitstring.BadList):
            bitstring.unpacked(bad)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "é.b.c", "e30=.e30.AA", "W10.e30.AA", encoded(b'{"crit":[]}').decode() + ".e30.AA"])  # fmt: skip
def test_other_texts_are_no_compact_jws(text: str) -> None:
    with pytest.raises(NotCompact):
        read_compact(text)


def test_base64url_has_one_spelling() -> None:
    assert decoded(b"AA") == b"\x00"
    with pytest.raises(ValueError, match="canonical"):
        decoded(b"AB")


def test_a_slip_is_small_enough_for_print() -> None:
    """350 characters at most with names as long as they come."""
    slip = Slip(
        "XZTP4-2024-000123-K",
        "阿旺洛桑次仁卓玛",
        "tibet-special-training",
        date(2025, 8, 1),
        date(2030, 8, 1),
        (3, 131071),
    )
    text = compact(slip.to_sign("certificate-2", "Ed25519"), bytes(64))

    assert len(text) <= 350
    assert slip_text(slip_address("https://talent.example", text)) == slip_text(f" {text}\n") == text


def test_a_list_credential_is_valid_for_its_time() -> None:
    since = datetime(2025, 8, 1, tzinfo=UTC)
    made = bitstring.list_credential(
        "https://t.example/l/1/revocation", "revocation", bitstring.packed([7]), issuer="did:web:t.example", since=since,
        lasts=timedelta(days=1), ttl=timedelta(minutes=5),
    )  # fmt: skip

    assert (made["validFrom"], made["validUntil"]) == ("2025-08-01T00:00:00Z", "2025-08-02T00:00:00Z")
    assert made["credentialSubject"]["ttl"] == 300_000
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7",
             "statusListCredential": made["id"]}  # fmt: skip
    assert bitstring.marks({"credentialStatus": entry}, {made["id"]: made}) == {"revocation": True}
    assert bitstring.marks({"credentialStatus": entry}, {}) is None
    for wrong in (
        {"statusPurpose": "suspension"},
        {"statusListIndex": "-1"},
        {"statusListIndex": "131072"},
        {"type": "x"},
    ):
        with pytest.raises(bitstring.BadList):
            bitstring.marks({"credentialStatus": entry | wrong}, {made["id"]: made})
