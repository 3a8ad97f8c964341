"""What strangers and forgers get to know."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet

from assessment.domain.certifying.numbering import check_character

SHAPE = {"status", "name", "programme", "issued_on", "valid_until", "replaced_by"}


async def issued(road: Any) -> tuple[dict[str, Any], str, str]:
    """A certificate, its credential and the holder's name."""
    certificate = (await road.certified(1))[0]
    path = f"/v1/assessment/certificates/{certificate['id']}/credential"
    credential = await road.service.get(road.people.issuer, path)
    return certificate, credential.text, f"次仁{road.kit.pid(1).int % 1000}"


def other_number(serial: str) -> str:
    """A well-formed number that was never given."""
    return f"{serial}-{check_character(serial)}"


async def test_unknown_and_wrong_answers_look_the_same(road: Any) -> None:
    """Nobody learns which numbers exist."""
    certificate, _, name = await issued(road)

    answers = [
        await road.verify(number=other_number("XZTP4-2024-9999"), name=name),
        await road.verify(number=certificate["number"], name="别人"),
        await road.verify(token="a-guess"),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json() for answer in answers] == [dict.fromkeys(SHAPE) | {"status": "not-found"}] * 3


async def test_a_malformed_number_is_a_clear_problem(road: Any) -> None:
    answer = await road.verify(number="XZTP4-2024-0001-0", name="次仁")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-number")
    assert answer.json()["errors"][0]["pointer"] == "/number"


@pytest.mark.parametrize(
    "question",
    [{}, {"number": "X-1"}, {"name": "次仁"}, {"token": "t", "number": "X-1", "name": "次仁"},
     {"token": "t", "credential": "c"}, {"token": ""}, {"number": "X", "name": "Y", "colour": "red"}],
)  # fmt: skip
async def test_one_question_at_a_time(road: Any, question: dict[str, str]) -> None:
    assert (await road.verify(**question)).status_code == 400


async def test_every_attempt_is_audited_without_the_name(road: Any) -> None:
    certificate, credential, name = await issued(road)
    questions = (
        {"number": certificate["number"], "name": name}, {"number": certificate["number"], "name": "别人"},
        {"number": "nonsense", "name": name}, {"token": "guess"}, {"credential": credential}, {"credential": "x.y.z"},
    )  # fmt: skip

    for question in questions:
        await road.verify(**question)

    found = "SELECT jsonb_agg(details ->> 'status' ORDER BY id) FROM audit WHERE action = 'certificate.verify'"
    wanted = ["valid", "not-found", "malformed-number", "not-found", "valid", "tampered"]
    assert await road.service.scalar(found) == wanted
    assert await road.service.scalar("SELECT count(*) FROM audit WHERE details::text ~ '次仁|别人'") == 0


async def test_a_tampered_credential_is_refused(road: Any) -> None:
    """Changed payload, changed signature, another key, no algorithm: none of it verifies."""
    _, credential, name = await issued(road)
    header, payload, signature = credential.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    foreign = ECKey.generate_key("P-256", {"kid": "certificates-2"})

    def packed(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    forged = jws.serialize_compact(
        {"alg": "ES256", "kid": "certificates-2", "typ": "vc+jwt"}, json.dumps(claims).encode(), foreign
    )
    unsigned = f"{packed({'alg': 'none', 'kid': 'certificates-2', 'typ': 'vc+jwt'})}.{payload}."
    changed = packed(claims | {"name": "Doctor of Everything"})
    middle = len(signature) // 2
    swapped = signature[:middle] + ("A" if signature[middle] != "A" else "B") + signature[middle + 1 :]
    for bad in (f"{header}.{changed}.{signature}", f"{header}.{payload}.{swapped}", forged, unsigned, "a.b.c", "…"):
        answer = await road.verify(credential=bad)
        assert answer.json() == dict.fromkeys(SHAPE) | {"status": "tampered"}, bad
    assert (await road.verify(credential=credential)).json()["name"] == name


async def test_revocation_shows_at_once_on_every_way(road: Any) -> None:
    certificate, credential, name = await issued(road)
    path = f"/v1/assessment/certificates/{certificate['id']}"
    token = (await road.service.get(road.people.issuer, f"{path}/verification-link")).json()["token"]
    questions = ({"number": certificate["number"], "name": name}, {"token": token}, {"credential": credential})

    for verb, body, status in (
        ("suspend", {}, "suspended"),
        ("reinstate", {}, "valid"),
        ("revoke", {"reason": "fraud"}, "revoked"),
    ):
        assert (await road.service.post(road.people.issuer, f"{path}/{verb}", body)).status_code == 200
        assert {(await road.verify(**question)).json()["status"] for question in questions} == {status}

    types = [event["type"] for event in await road.service.outbox() if event["type"].startswith("certificate.")]
    assert types == ["certificate.suspended", "certificate.reinstated", "certificate.revoked"]
    assert (await road.service.get(road.people.trainee, f"{path}/credential")).status_code == 404


async def test_a_replaced_certificate_names_its_successor_to_whoever_knows_it(road: Any) -> None:
    """On every way; whoever guesses learns nothing of either number."""
    certificate, credential, name = await issued(road)
    path = f"/v1/assessment/certificates/{certificate['id']}"
    token = (await road.service.get(road.people.issuer, f"{path}/verification-link")).json()["token"]
    successor = (await road.service.post(road.people.issuer, f"{path}/reissue", {"reason": "lost"})).json()

    told = [
        (await road.verify(**question)).json()
        for question in ({"number": certificate["number"], "name": name}, {"token": token}, {"credential": credential})
    ]
    guessed = (await road.verify(number=certificate["number"], name="别人")).json()

    assert [(one["status"], one["replaced_by"]) for one in told] == [("reissued", successor["number"])] * 3
    assert (guessed["status"], guessed["replaced_by"]) == ("not-found", None)
    assert (await road.verify(number=successor["number"], name=name)).json()["replaced_by"] is None


async def test_the_credential_is_an_open_badge_that_the_published_keys_verify(road: Any, kit: Any) -> None:
    """Open Badges 3.0 on the W3C data model 2.0; retired keys stay published."""
    certificate, credential, name = await issued(road)
    published = (await road.service.get(None, "/v1/assessment/.well-known/jwks.json")).json()

    signed = jws.deserialize_compact(credential, KeySet.import_key_set(published), algorithms=["ES256"])

    assert [key["kid"] for key in published["keys"]] == ["certificates-2", "certificates-3", "certificates-1"]
    assert all("d" not in key for key in published["keys"])
    badge = json.loads(signed.payload)
    assert badge["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["issuer"]["id"] == badge["iss"] == "did:web:talent.example"
    assert badge["validFrom"] == "2025-08-01T00:00:00+08:00"
    assert badge["id"] == badge["jti"] == f"urn:uuid:{certificate['id']}"
    assert badge["credentialSubject"]["licenseNumber"] == certificate["number"]
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == name


async def test_only_holder_and_issuer_get_the_credential(road: Any, kit: Any) -> None:
    certificate, _, _ = await issued(road)
    for what in ("credential", "qr", "verification-link"):
        path = f"/v1/assessment/certificates/{certificate['id']}/{what}"
        for who, status in (
            ("trainee", 200),
            ("issuer", 200),
            ("other_trainee", 404),
            ("unit", 403),
            ("assessor", 403),
        ):
            assert (await road.service.get(getattr(kit.people, who), path)).status_code == status, (what, who)
    handed = "SELECT count(*) FROM audit WHERE action = 'certificate.hand-out' AND outcome = 'done'"
    assert await road.service.scalar(handed) == 7


async def test_an_appeal_that_overturns_a_pass_revokes_by_itself(road: Any, kit: Any) -> None:
    """Over HTTP and with events: assessed(pass), certified, then assessed(fail) and certificate.revoked."""
    certificate, _, name = await issued(road)
    path = f"/v1/assessment/assessments/{(await road.assessment(1))['id']}"
    post = road.service.post

    assert (await post(kit.people.fourth, f"{path}/appeal", {"ground": "irregularity"})).status_code == 200
    decided = await post(kit.people.third, f"{path}/decide", {"upheld": True, "scores": {"panel": "0"}})
    assert decided.status_code == 200
    assert (await post(kit.people.second, f"{path}/confirm", {})).status_code == 200

    mine = [event["type"] for event in await road.service.outbox()]
    assert mine == ["assessment.opened", "assessed", "certified", "waiver.granted", "assessed", "certificate.revoked"]
    assert [event["result"] for event in await road.service.outbox("assessed")] == ["pass", "fail"]
    assert (await road.service.outbox("certificate.revoked"))[0]["reason"] == "result-overturned"
    assert (await road.verify(number=certificate["number"], name=name)).json()["status"] == "revoked"
