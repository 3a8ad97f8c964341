"""Credentials in every form, checked with what the issuer publishes and with nothing else."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessment.adapters.certificates.mint import LocalMint
from assessment.adapters.http.tools import tools_of
from assessment.keys import main as keys
from assessment.usecases.certifying.seal_anew import seal_anew
from shared.credentials import bitstring
from shared.credentials.canonical import quads
from shared.credentials.checking import Finding, StatusLists, check
from shared.credentials.integrity import verify_proof
from shared.credentials.keys import IssuerKeys
from shared.credentials.slip import verified_slip
from shared.testing.service import VAULT_KEY
from shared.vault import Vault

HOLDER = "次仁"
STANDS = dict.fromkeys(bitstring.PUBLISHED, False)


async def handed(road: Any, certificate: dict[str, Any], accept: str) -> Any:
    """The credential in the form that is asked for."""
    path = f"/v1/assessment/certificates/{certificate['id']}/credential"
    return await road.service.get(road.people.issuer, path, headers={"accept": accept})


async def published(road: Any) -> IssuerKeys:
    """The issuer's keys as the DID document tells them."""
    return IssuerKeys.of_did((await road.service.get(None, "/v1/assessment/.well-known/did.json")).json())


async def standing(road: Any, credential: dict[str, Any]) -> dict[str, bool] | None:
    """What the published status lists say about a credential; each list's own proof is verified."""
    keys, lists = await published(road), {}
    for entry in credential["credentialStatus"]:
        path = entry["statusListCredential"].removeprefix("https://talent.example")
        answer = await road.service.get(None, path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vc")
        verify_proof(answer.json(), keys, quads)
        lists[answer.json()["id"]] = answer.json()
    return bitstring.marks(credential, lists)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/vc", "application/vc"), ("application/json", "application/vc"), ("*/*", "application/vc+jwt"),
        ("application/vc+jwt", "application/vc+jwt"), ("application/vc;q=0.2, application/vc+jwt", "application/vc+jwt"),
        ("application/vc+jwt;q=0, application/vc;q=0.5", "application/vc"), ("text/html", "application/vc+jwt"),
    ],
)  # fmt: skip
async def test_the_form_is_chosen_by_accept(road: Any, accept: str, kind: str) -> None:
    certificate = (await road.certified(1))[0]

    assert (await handed(road, certificate, accept)).headers["content-type"] == kind


async def test_the_embedded_proof_verifies_with_the_did_document(road: Any) -> None:
    """By the general way, not the fast one that signed it; and our own verification accepts it, until it is tampered."""
    certificate = (await road.certified(1))[0]
    secured = (await handed(road, certificate, "application/vc")).json()

    key = verify_proof(secured, await published(road), quads)

    assert key.kid == "certificates-3"
    assert secured["issuer"]["id"] == "did:web:talent.example"
    assert secured["proof"]["verificationMethod"] == "did:web:talent.example#certificates-3"
    assert (await road.verify(credential=json.dumps(secured))).json()["status"] == "valid"
    secured["credentialSubject"]["licenseNumber"] = "XZTP4-2024-0002-0"
    assert (await road.verify(credential=json.dumps(secured))).json()["status"] == "tampered"


async def test_the_slip_is_proven_and_looked_up(road: Any) -> None:
    """The compact JWS of the offline QR code: number, holder, programme, dates, place of the status; nothing else."""
    certificate = (await road.certified(1))[0]
    stored = await road.stored(certificate["id"])
    slip = tools_of(road.service.running).mint.open_slip(stored)

    assert slip is not None
    read = verified_slip(slip, await published(road))

    assert (read.number, read.programme, read.status) == (
        certificate["number"], road.kit.programme, (stored.status_list, stored.status_index)
    )  # fmt: skip
    assert len(slip) <= 350
    for written in (slip, f"https://talent.example/verify#slip={slip}"):
        assert (await road.verify(credential=written)).json()["status"] == "valid"
    assert (await road.verify(credential=slip[:-4] + "AAAA")).json()["status"] == "tampered"


async def test_status_lists_follow_in_the_same_transaction(road: Any) -> None:
    """Suspended, reinstated, revoked, reissued: the published lists say so at once."""
    first, second = await road.certified(1, 2)
    one, two = [(await handed(road, c, "application/vc")).json() for c in (first, second)]
    post, path = road.service.post, "/v1/assessment/certificates"
    assert await standing(road, one) == STANDS

    for verb, body, said in (
        ("suspend", {}, (False, True)), ("reinstate", {}, (False, False)), ("revoke", {"reason": "fraud"}, (True, False)),
    ):  # fmt: skip
        assert (await post(road.people.issuer, f"{path}/{first['id']}/{verb}", body)).status_code == 200
        assert await standing(road, one) == STANDS | dict(zip(("revocation", "suspension"), said, strict=True)), verb
    reissued = await post(road.people.issuer, f"{path}/{second['id']}/reissue", {"reason": "lost"})
    assert reissued.status_code == 201, reissued.text

    assert await standing(road, two) == STANDS | {"revocation": True, "replacement": True}
    assert (await road.verify(credential=json.dumps(two))).json()["status"] == "reissued"
    assert (await road.verify(credential=json.dumps(one))).json()["status"] == "revoked"
    other = await handed(road, reissued.json(), "application/vc")
    assert await standing(road, other.json()) == STANDS


async def test_lists_may_be_kept_and_are_asked_for_again(road: Any) -> None:
    certificate = (await road.certified(1))[0]
    path = f"/v1/assessment/status-lists/{(await road.stored(certificate['id'])).status_list}/revocation"

    first = await road.service.get(None, path)
    same = await road.service.get(None, path, headers={"if-none-match": first.headers["etag"]})
    as_jwt = await road.service.get(None, path, headers={"accept": "application/vc+jwt"})
    await road.service.post(
        road.people.issuer, f"/v1/assessment/certificates/{certificate['id']}/revoke", {"reason": "fraud"}
    )
    after = await road.service.get(None, path, headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=300"
    assert (same.status_code, same.content) == (304, b"")
    assert as_jwt.headers["content-type"] == "application/vc+jwt"
    assert after.status_code == 200
    for wrong in ("/v1/assessment/status-lists/99/revocation", "/v1/assessment/status-lists/0/other"):
        assert (await road.service.get(None, wrong)).status_code in (400, 404)


async def test_a_place_is_given_once_and_never_changed(road: Any) -> None:
    """The database says so itself."""
    first, second = await road.certified(1, 2)
    places = {(c.status_list, c.status_index) for c in [await road.stored(x["id"]) for x in (first, second)]}
    assert len(places) == 2

    for change, name in (("status_index = (status_index + 1) % 131072", "keeps"), ("status_list = NULL", "keeps")):
        with pytest.raises(IntegrityError, match=name):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(f"UPDATE certificate SET {change} WHERE id = '{first['id']}'"))


async def test_a_certificate_from_before_there_were_lists_stays_verifiable(road: Any) -> None:
    """By number, token and JWT; the forms that it never had are a clear 404."""
    certificate = (await road.certified(1))[0]
    async with road.service.running.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE certificate DISABLE TRIGGER certificate_keeps_its_status_slot"))
        await connection.execute(
            text("UPDATE certificate SET embedded = NULL, slip = NULL, status_list = NULL, status_index = NULL")
        )
        await connection.execute(text("ALTER TABLE certificate ENABLE TRIGGER certificate_keeps_its_status_slot"))
    name = f"{HOLDER}{road.kit.pid(1).int % 1000}"

    jwt = await handed(road, certificate, "application/vc+jwt")
    embedded = await handed(road, certificate, "application/vc")

    assert (embedded.status_code, embedded.json()["code"]) == (404, "no-such-form")
    assert (await road.verify(number=certificate["number"], name=name)).json()["status"] == "valid"
    assert (await road.verify(credential=jwt.text)).json()["status"] == "valid"


async def test_printed_links_survive_a_rotation_of_the_vaults_key(road: Any) -> None:
    """Kept tokens and those derived before they were kept; afterwards the retired key is not needed any more."""
    new, old = await road.certified(1, 2)
    tools = tools_of(road.service.running)
    before, after = tools.mint, base64.b64encode(b"n" * 32).decode()
    digest = before._vault.blind_index("certificate-token", old["id"])[:16]
    derived = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    async with road.service.running.engine.begin() as connection:
        await connection.execute(
            text("UPDATE certificate SET token = NULL, token_digest = :digest WHERE id = :id"),
            {"digest": before.token_digest(derived), "id": old["id"]},
        )  # fmt: skip
    printed = [before.token(await road.stored(one["id"])) for one in (new, old)]
    name = f"{HOLDER}{road.kit.pid(1).int % 1000}"

    try:
        tools.mint = LocalMint(Vault(after, [VAULT_KEY]), before._ring, before._public_url)
        assert [tools.mint.token(await road.stored(one["id"])) for one in (new, old)] == printed
        async with road.service.running.system_unit("test") as work:
            assert await seal_anew(work, tools.mint) == 2
        async with road.service.running.system_unit("test-2") as work:
            assert await seal_anew(work, tools.mint) == 0
        tools.mint = LocalMint(Vault(after), before._ring, before._public_url)
        for certificate, token in zip((new, old), printed, strict=True):
            link = await road.service.get(
                road.people.issuer, f"/v1/assessment/certificates/{certificate['id']}/verification-link"
            )
            assert link.json()["token"] == token
            assert (await road.verify(token=token)).json()["status"] == "valid"
        assert (await road.verify(number=new["number"], name=name)).json()["status"] == "valid"
    finally:
        tools.mint = before
    assert derived == printed[1] != printed[0]


async def test_keys_rotate_while_certificates_are_issued(road: Any) -> None:
    """No restart and no gap: every certificate verifies with the keys published at the end, whatever key signed it."""
    everyone = list(range(1, 7))
    await road.confirmed(dict.fromkeys(everyone, "88"))
    ring = road.service.running.settings.certificate_key
    issued: list[dict[str, Any]] = []
    before = ring.read_text()

    try:
        for number in everyone:
            body = {"programme": road.kit.programme, "session": "2024", "participations": [str(road.kit.pid(number))]}
            calls = [road.service.post(road.people.issuer, "/v1/assessment/certificates/issue", body)]
            answer, _ = await asyncio.gather(*calls, asyncio.to_thread(keys, [str(ring), "rotate", "Ed25519"]))
            issued += answer.json()["items"]
        public = await published(road)
        signers = set()
        for certificate in issued:
            secured = (await handed(road, certificate, "application/vc")).json()
            signers.add(verify_proof(secured, public, quads).kid)
            assert (await road.verify(credential=json.dumps(secured))).json()["status"] == "valid"
    finally:
        ring.write_text(before)

    assert len(issued) == 6
    assert len(signers) >= 3


async def test_every_standing_is_told_offline_from_what_is_published(road: Any) -> None:
    """Valid, suspended, revoked, reissued, forged: in every form, by the keys and lists of the issuer and nothing else."""
    certificates, post = await road.certified(1, 2, 3, 4), road.service.post
    path, mint = "/v1/assessment/certificates", tools_of(road.service.running).mint
    acts = {0: None, 1: ("suspend", {}), 2: ("revoke", {"reason": "fraud"}), 3: ("reissue", {"reason": "lost"})}
    for place, act in acts.items():
        if act is not None:
            answer = await post(road.people.issuer, f"{path}/{certificates[place]['id']}/{act[0]}", act[1])
            assert answer.status_code in (200, 201), answer.text
    keys, now = await published(road), road.service.clock.now()
    listed = [
        (
            await road.service.get(None, f"/v1/assessment/status-lists/{number}/{purpose}", headers={"accept": accept})
        ).text
        for number in {(await road.stored(c["id"])).status_list for c in certificates}
        for purpose, accept in (
            ("revocation", "application/vc+jwt"),
            ("suspension", "application/vc"),
            ("replacement", "application/vc"),
        )
    ]
    lists = StatusLists(listed, keys, tools_of(road.service.running).machine_clock.now())
    wanted = [Finding.VALID, Finding.SUSPENDED, Finding.REVOKED, Finding.REISSUED]

    for place, finding in enumerate(wanted):
        stored = await road.stored(certificates[place]["id"])
        for form in (mint.open_credential(stored), mint.open_embedded(stored), mint.open_slip(stored)):
            assert form is not None
            verdict = check(form, keys, lists, now)
            assert (verdict.finding, verdict.status_checked) == (finding, True), (place, verdict)
            assert verdict.said["number"] == certificates[place]["number"]
            changed = form.replace("validFrom", "validfrom") if form.startswith("{") else form[:-20] + "A" * 20
            assert check(changed, keys, lists, now).finding is Finding.FORGED
