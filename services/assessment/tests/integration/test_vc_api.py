"""The issuer and the verifier of the VC API against the normative statements of the VC Data Model 2.0, one test each.

``docs/vc-conformance.md`` lists them. Every statement is put to the issuer, and to the verifier with a proof around it.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from assessment.adapters.certificates.conformance import EXAMPLES
from assessment.adapters.certificates.signers import LocalSigner
from assessment.adapters.http.tools import tools_of
from shared.credentials import vendored
from shared.credentials.canonical import quads
from shared.credentials.integrity import hashed, proof_options, with_proof
from shared.credentials.jose import compact, to_sign
from shared.credentials.keys import PublicKey

V2 = vendored.CREDENTIALS_V2
GONE: Any = object()
CREATED = datetime(2024, 3, 1, tzinfo=UTC)
DOC = Path(__file__).parents[4] / "docs" / "vc-conformance.md"
ID = "urn:uuid:018d0000-0000-7000-8000-00000000000a"


def credential(**more: Any) -> dict[str, Any]:
    """The simplest credential; a member set to ``GONE`` is left out."""
    made = {
        "@context": [V2, EXAMPLES], "type": ["VerifiableCredential"], "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject", "name": "x"},
    } | more  # fmt: skip
    return {name: value for name, value in made.items() if value is not GONE}


def typed(name: str, **part: Any) -> dict[str, Any]:
    return {name: {"type": "Example"} | part}


GOOD: dict[str, list[dict[str, Any]]] = {
    "4.3 @context: URLs and objects may follow the first": [
        {"@context": [V2, EXAMPLES]}, {"@context": [V2, {"x": "https://x.example/#x"}]},
    ],
    "4.4 id: a single URL, or none": [{"id": ID}, {"id": "https://x.example/1"}, {"id": GONE}],
    "4.5 type: terms or absolute URLs": [
        {"type": "VerifiableCredential"}, {"type": ["VerifiableCredential", "Other"]},
        {"type": ["VerifiableCredential", "https://x.example/#Kind"]},
    ],
    "4.6 name and description: strings or language values": [
        {"name": "a", "description": "b"},
        {"name": {"@value": "a", "@language": "en"}, "description": [{"@value": "b", "@language": "zh", "@direction": "ltr"}]},
    ],
    "4.7 issuer: a URL, or an object with one as id": [
        {"issuer": "https://x.example"}, {"issuer": {"id": "did:example:1", "name": "a"}},
    ],
    "4.8 credentialSubject: one or many, with or without id": [
        {"credentialSubject": {"name": "a"}}, {"credentialSubject": [{"id": "did:example:1", "name": "a"}, {"name": "b"}]},
    ],
    "4.9 validFrom and validUntil: dateTimeStamps in order, the same moment allowed": [
        {"validFrom": "2020-01-01T00:00:00Z"}, {"validUntil": "2099-01-01T00:00:00+08:00"},
        {"validFrom": "2024-02-01T00:00:00Z", "validUntil": "2099-02-01T00:00:00.5Z"},
    ],
    "4.10 credentialStatus: one or many with a type": [
        typed("credentialStatus"), typed("credentialStatus", id="https://x.example/1"),
        {"credentialStatus": [{"type": "Example"}, {"type": "Other"}]},
    ],
    "4.11 credentialSchema: one or many with type and id": [
        typed("credentialSchema", id="https://x.example/1"),
    ],
    "5.4 refreshService, 5.5 termsOfUse, 5.6 evidence: objects with a type": [
        typed("refreshService"), typed("termsOfUse"), {"evidence": [{"type": "Example"}, {"type": "Other"}]},
    ],
    "5.3 relatedResource: a URL of its own and a digest": [
        {"relatedResource": [{"id": "https://x.example/1", "digestSRI": "sha384-x"}]},
    ],
}  # fmt: skip

BAD: dict[str, list[dict[str, Any]]] = {
    "4.3 @context MUST be present": [{"@context": GONE}, {"@context": []}],
    "4.3 the first @context MUST be the base context": [{"@context": [EXAMPLES]}, {"@context": [EXAMPLES, V2]}, {"@context": V2}],
    "4.3 further @context items MUST be URLs or objects": [{"@context": [V2, 7]}, {"@context": [V2, "not a url"]}, {"@context": [V2, None]}],
    "4.3 a context that is not known MUST NOT be passed over": [{"@context": [V2, "https://unknown.example/v1"]}],
    "4.4 id MUST be a single URL": [{"id": "not a url"}, {"id": [ID, ID]}, {"id": None}, {"id": 4}, {"id": {}}],
    "4.5 type MUST be present": [{"type": GONE}, {"type": []}, {"type": 4}, {"type": [4]}, {"type": None}],
    "4.5 type MUST include VerifiableCredential": [{"type": ["Other"]}, {"type": "VerifiablePresentation"}],
    "4.5 every type MUST be a term or an absolute URL": [
        {"type": ["VerifiableCredential", "Unmapped"], "@context": [V2], "credentialSubject": {"id": "did:example:s"}},
    ],
    "4.6 name MUST be a string or language values": [
        {"name": 4}, {"name": {"@language": "en"}}, {"name": {"@value": "a", "url": "b"}}, {"name": {"@value": 4}},
        {"name": {"@value": "a", "@direction": "up"}}, {"name": ["a", None]},
    ],
    "4.6 description MUST be a string or language values": [{"description": {"@value": "a", "x": "y"}}, {"description": True}],
    "4.7 issuer MUST be present": [{"issuer": GONE}, {"issuer": None}],
    "4.7 issuer MUST be a URL or an object with one": [{"issuer": "x"}, {"issuer": {}}, {"issuer": {"id": "x"}}, {"issuer": ["did:a:b"]}, {"issuer": 4}],
    "4.7 the issuer's name MUST be a string or language values": [{"issuer": {"id": "did:example:1", "name": {"x": 1}}}],
    "4.8 credentialSubject MUST be present": [{"credentialSubject": GONE}, {"credentialSubject": []}, {"credentialSubject": None}],
    "4.8 credentialSubject MUST be objects with claims": [{"credentialSubject": {}}, {"credentialSubject": "did:a:b"}, {"credentialSubject": [{}]}],
    "4.8 the subject's id MUST be a single URL": [{"credentialSubject": {"id": "x y", "name": "a"}}, {"credentialSubject": {"id": ["did:a:b"], "name": "a"}}],
    "4.9 validFrom MUST be a dateTimeStamp": [{"validFrom": "2024-01-01"}, {"validFrom": "2024-01-01T00:00:00"}, {"validFrom": 4}, {"validFrom": "2024-13-01T00:00:00Z"}],
    "4.9 validUntil MUST be a dateTimeStamp": [{"validUntil": "soon"}, {"validUntil": "2024-02-30T00:00:00Z"}],
    "4.9 validUntil MUST NOT be before validFrom": [{"validFrom": "2024-02-02T00:00:00Z", "validUntil": "2024-02-01T00:00:00Z"}],
    "4.10 credentialStatus MUST have a type": [{"credentialStatus": {"id": "https://x.example/1"}}, {"credentialStatus": "x"}],
    "4.10 the id of credentialStatus MUST be a URL": [typed("credentialStatus", id="x y")],
    "4.11 credentialSchema MUST have type and id": [{"credentialSchema": {"id": "https://x.example/1"}}, typed("credentialSchema"), typed("credentialSchema", id="x")],
    "5.3 relatedResource MUST have a URL of its own": [
        {"relatedResource": [{"digestSRI": "sha384-x"}]}, {"relatedResource": ["https://x.example"]},
        {"relatedResource": [{"id": "https://x.example/1", "digestSRI": "sha384-x"}] * 2},
    ],
    "5.3 relatedResource MUST have a digest": [{"relatedResource": [{"id": "https://x.example/1"}]}],
    "5.4 refreshService MUST have a type": [{"refreshService": {"id": "https://x.example/1"}}],
    "5.5 termsOfUse MUST have a type": [{"termsOfUse": {"id": "https://x.example/1"}}, {"termsOfUse": [{}]}],
    "5.6 evidence MUST have a type": [{"evidence": {"id": "https://x.example/1"}}, {"evidence": "x"}],
}  # fmt: skip


class ConformanceSuite:
    """What the suite does: issue, verify, and sign presentations with a key of its own."""

    def __init__(self, service: Any) -> None:
        self._service = service
        entry = OKPKey.generate_key("Ed25519", {"kid": "suite"}).as_dict(private=True)
        self._signer, self._multikey = LocalSigner(entry), PublicKey.of_jwk(entry).multikey
        self.did = f"did:key:{self._multikey}"

    async def call(self, way: str, **body: Any) -> Any:
        return await self._service.call(None, "POST", f"/v1/assessment/vc-api/{way}", body)

    async def issued(self, **more: Any) -> dict[str, Any]:
        answer = await self.call("credentials/issue", credential=credential(**more), options={})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()["verifiableCredential"]
        return made

    def signed(self, document: dict[str, Any], purpose: str = "assertionMethod", **more: Any) -> dict[str, Any]:
        """A document with a proof of the suite's own."""
        options = proof_options(f"{self.did}#{self._multikey}", CREATED) | {"proofPurpose": purpose} | more
        known = {EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}}
        raw = self._signer.signature(hashed(document, options, lambda part: quads(part, known)))
        return with_proof(document, options, raw)

    def presentation(self, *held: Any, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = {"@context": [V2, EXAMPLES], "type": ["VerifiablePresentation"], "holder": self.did}
        made |= {"verifiableCredential": list(held)} if held else {}
        return {name: value for name, value in (made | more).items() if value is not GONE}

    def enveloped(self, document: dict[str, Any], kind: str) -> dict[str, Any]:
        header = {"alg": "EdDSA", "kid": f"{self.did}#{self._multikey}", "typ": f"{kind}+jwt"}
        signed = to_sign(header, json.dumps(document).encode())
        whole = {"vc": "Credential", "vp": "Presentation"}[kind]
        return {
            "@context": [V2], "type": f"EnvelopedVerifiable{whole}",
            "id": f"data:application/{kind}+jwt,{compact(signed, self._signer.signature(signed))}",
        }  # fmt: skip


@pytest.fixture
def suite(service: Any) -> ConformanceSuite:
    return ConformanceSuite(service)


@pytest.mark.parametrize("statement", sorted(GOOD))
async def test_the_issuer_and_the_verifier_accept(suite: ConformanceSuite, statement: str) -> None:
    for change in GOOD[statement]:
        made = await suite.issued(**change)
        assert made["@context"][0] == V2
        assert made["proof"]["type"] == "DataIntegrityProof"
        answer = await suite.call("credentials/verify", verifiableCredential=made, options={"checks": ["proof"]})
        assert (answer.status_code, answer.json().get("verified")) == (200, True), (change, answer.text)


@pytest.mark.parametrize("statement", sorted(BAD))
async def test_the_issuer_and_the_verifier_refuse(suite: ConformanceSuite, statement: str) -> None:
    """At the verifier with the proof of a good credential around it, so that nothing but the form can be the reason."""
    proof = (await suite.issued())["proof"]
    for change in BAD[statement]:
        answer = await suite.call("credentials/issue", credential=credential(**change), options={})
        assert (answer.status_code, answer.json()["code"]) == (400, "not-a-credential"), (change, answer.text)
        verified = await suite.call("credentials/verify", verifiableCredential=credential(**change) | {"proof": proof})
        assert (verified.status_code, verified.json()["code"]) == (400, "not-verified"), change


async def test_4_12_a_credential_MUST_be_secured_and_whole(suite: ConformanceSuite) -> None:  # noqa: N802  the word of the specification
    """No proof, a proof of another kind, a changed member: refused."""
    made = await suite.issued(id=ID, name="a")
    change: dict[str, Any]
    for change in ({"proof": GONE}, {"proof": "x"}, {"proof": {}}, {"proof": []}, {"name": "b"}, {"added": "c"},
                   {"proof": made["proof"] | {"cryptosuite": "other"}}, {"proof": made["proof"] | {"type": GONE}}):  # fmt: skip
        broken = {name: value for name, value in (made | change).items() if value is not GONE}
        if isinstance(broken.get("proof"), dict):
            broken["proof"] = {name: value for name, value in broken["proof"].items() if value is not GONE}
        answer = await suite.call("credentials/verify", verifiableCredential=broken)
        assert answer.status_code == 400, change


async def test_4_9_a_verifier_looks_at_the_dates(suite: ConformanceSuite) -> None:
    for change in ({"validFrom": "2090-01-01T00:00:00Z"}, {"validUntil": "2020-01-01T00:00:00Z"}):
        answer = await suite.call("credentials/verify", verifiableCredential=await suite.issued(**change))
        assert answer.status_code == 400, change


async def test_4_7_the_proof_is_by_the_issuer(suite: ConformanceSuite) -> None:
    """A good proof by somebody else is no proof of the issuer."""
    own = suite.signed(credential(issuer=suite.did))
    other = suite.signed(credential(issuer="did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"))

    assert (await suite.call("credentials/verify", verifiableCredential=own)).status_code == 200
    assert (await suite.call("credentials/verify", verifiableCredential=other)).status_code == 400


async def test_4_13_presentations_are_verified_with_everything_in_them(suite: ConformanceSuite) -> None:
    held = await suite.issued()
    good = [
        suite.presentation(held), suite.presentation(), suite.presentation(held, held, id=ID),
        suite.presentation(held, holder={"id": suite.did, "name": "h"}), suite.presentation(held, holder=GONE),
        suite.presentation(suite.enveloped(credential(issuer=suite.did), "vc")),
    ]  # fmt: skip
    for made in good:
        signed = suite.signed(made, "authentication", challenge="c", domain="https://x.example")
        answer = await suite.call("presentations/verify", verifiablePresentation=signed, options={"checks": ["proof"]})
        assert answer.status_code == 200, (made, answer.text)


BAD_PRESENTATIONS: dict[str, list[dict[str, Any]]] = {
    "4.3 a presentation MUST have the base @context first": [{"@context": GONE}, {"@context": [EXAMPLES]}, {"@context": [V2, 4]}],
    "4.5 a presentation MUST have its type": [{"type": GONE}, {"type": ["VerifiableCredential"]}],
    "4.4 the id of a presentation MUST be a single URL": [{"id": "x y"}, {"id": [ID]}],
    "4.13 verifiableCredential MUST be objects": [{"verifiableCredential": ["x"]}, {"verifiableCredential": 4}, {"verifiableCredential": [None]}],
    "4.13 holder MUST be a URL or an object with one": [{"holder": "x"}, {"holder": {}}, {"holder": 4}],
    "4.13 what is in a presentation MUST verify": [{"verifiableCredential": [credential()]}, {"verifiableCredential": [{}]}],
}  # fmt: skip


@pytest.mark.parametrize("statement", sorted(BAD_PRESENTATIONS))
async def test_the_verifier_refuses_presentations(suite: ConformanceSuite, statement: str) -> None:
    proof = suite.signed(suite.presentation(), "authentication")["proof"]
    for change in BAD_PRESENTATIONS[statement]:
        made = suite.presentation(**change) | {"proof": proof}
        answer = await suite.call("presentations/verify", verifiablePresentation=made)
        assert (answer.status_code, answer.json()["code"]) == (400, "not-verified"), change


async def test_4_13_envelopes_are_opened_and_must_be_what_they_say(suite: ConformanceSuite) -> None:
    inside = credential(issuer=suite.did)
    good, whole = suite.enveloped(inside, "vc"), suite.enveloped(suite.presentation(), "vp")
    assert (await suite.call("credentials/verify", verifiableCredential=good)).status_code == 200
    assert (await suite.call("presentations/verify", verifiablePresentation=whole)).status_code == 200
    for change in ({"id": "data:text/plain,x"}, {"id": good["id"][:-4] + "AAAA"}, {"type": ["EnvelopedVerifiableCredential", "x"]},
                   {"@context": [EXAMPLES]}, {"id": GONE}, {"id": suite.enveloped(credential(type=["x"]), "vc")["id"]}):  # fmt: skip
        broken = {name: value for name, value in (copy.deepcopy(good) | change).items() if value is not GONE}
        assert (await suite.call("credentials/verify", verifiableCredential=broken)).status_code == 400, change


async def test_bad_requests_are_problems_in_both_languages(suite: ConformanceSuite, service: Any) -> None:
    for way in ("credentials/issue", "credentials/verify", "presentations/verify"):
        for body in ({}, {"x": 1}, {"credential": 1, "verifiableCredential": 1, "verifiablePresentation": 1}):
            assert (await suite.call(way, **body)).status_code == 400, (way, body)
    said = await service.call(
        None, "POST", "/v1/assessment/vc-api/credentials/issue", {"credential": credential(issuer=GONE)},
        headers={"accept-language": "zh-CN"},
    )  # fmt: skip
    assert said.json()["errors"][0]["pointer"] == "/credential"
    assert "数据模型" in said.text


async def test_nobody_signs_where_certificates_are_issued(suite: ConformanceSuite, service: Any) -> None:
    """Without a key for it there is no such route: the service is no signing oracle (decision 27)."""
    tools = tools_of(service.running)
    kept, tools.conformance = tools.conformance, None
    try:
        for way, name in (("credentials/issue", "credential"), ("credentials/verify", "verifiableCredential"),
                          ("presentations/verify", "verifiablePresentation")):  # fmt: skip
            assert (await suite.call(way, **{name: credential()})).status_code == 404
    finally:
        tools.conformance = kept
    assert kept is not None
    assert kept.did not in json.dumps(
        (await service.call(None, "GET", "/v1/assessment/.well-known/did.json", None)).json()
    )


def test_the_list_of_statements_is_this_one() -> None:
    listed = DOC.read_text(encoding="utf-8")

    assert [statement for statement in (*GOOD, *BAD, *BAD_PRESENTATIONS) if f"| {statement} |" not in listed] == []
