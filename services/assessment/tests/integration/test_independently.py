"""An independent verifier in JavaScript (Digital Bazaar's and jose, from npm) agrees about every credential.

The packages are installed at the first use into a folder that git ignores, by the npm that comes with the Node of the
development requirements. Where no registry can be reached, ``TALENT_WITHOUT_NPM=1`` skips these tests; without it they fail.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from assessment.adapters.certificates.signers import LocalSigner
from assessment.adapters.http.tools import tools_of
from shared.credentials.bitstring import packed
from shared.credentials.canonical import quads
from shared.credentials.integrity import hashed, proof_options, with_proof
from shared.testing.node import installed, run_node

HERE = Path(__file__).parents[1] / "js"
Verifier = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def verifier() -> Verifier:
    """Answers to tasks by the JavaScript verifier."""
    place = installed(HERE, "verify.mjs")

    def run(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = json.loads(run_node(place, "verify.mjs", given=json.dumps(tasks)))
        return answers

    return run


class Published:
    """What anybody can fetch of the issuer, and what the issuer hands out."""

    def __init__(self, road: Any) -> None:
        self.road = road

    async def credentials(self, id: str) -> tuple[dict[str, Any], str]:
        """The embedded form and the JWT of a certificate, also when it no longer counts."""
        stored, mint = await self.road.stored(id), tools_of(self.road.service.running).mint
        return json.loads(mint.open_embedded(stored) or "null"), mint.open_credential(stored)

    async def around(self, credential: dict[str, Any]) -> dict[str, Any]:
        """What a verifier needs besides the credential."""
        well_known = "/v1/assessment/.well-known"
        lists = [
            (
                await self.road.service.get(None, entry["statusListCredential"].removeprefix("https://talent.example"))
            ).json()
            for entry in credential["credentialStatus"]
        ]
        did = (await self.road.service.get(None, f"{well_known}/did.json")).json()
        return {
            "did": did,
            "jwks": (await self.road.service.get(None, f"{well_known}/jwks.json")).json(),
            "lists": lists,
        }


@pytest.fixture
async def published(road: Any) -> Published:
    """Two certificates issued today: the libraries ask the machine's clock about status lists."""
    await road.confirmed({1: "88", 2: "88"})
    road.service.clock.at = datetime.now(UTC)
    answer = await road.issue()
    assert answer.status_code == 200, answer.text
    road.issued = answer.json()["items"]
    return Published(road)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in inside for found in [(*path, key), *_paths(part, (*path, key))]]


def _tampered(credential: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The credential with each text of it changed, one after the other, and with something added."""
    found: dict[str, dict[str, Any]] = {"added": credential | {"description": "more"}}
    for path in _paths(credential):
        changed = copy.deepcopy(credential)
        part = changed
        for key in path[:-1]:
            part = part[key]
        if not isinstance(part[path[-1]], str):
            continue
        text = part[path[-1]]
        part[path[-1]] = text[:-1] + ("1" if text[-1] != "1" else "2")
        found["/".join(map(str, path))] = changed
    return found


async def test_valid_is_accepted_and_every_tampered_member_refused(published: Published, verifier: Verifier) -> None:
    credential, jwt = await published.credentials(published.road.issued[0]["id"])
    around = await published.around(credential)
    tampered = _tampered(credential)
    header, payload, signature = jwt.split(".")
    middle = len(payload) // 2
    jwts = [f"{header}.{payload[:middle]}{'A' if payload[middle] != 'A' else 'B'}{payload[middle + 1:]}.{signature}",
            f"{header}.{payload}.{signature[:-6]}AAAAAA"]  # fmt: skip

    good = verifier([{"credential": credential} | around, {"jwt": jwt} | around])
    bad = verifier([{"credential": c} | around for c in tampered.values()] + [{"jwt": j} | around for j in jwts])

    assert good == [{"verified": True, "error": None}] * 2
    assert len(tampered) > 30
    accepted = [name for name, answer in zip([*tampered, "jwt", "jwt"], bad, strict=True) if answer["verified"]]
    assert accepted == []


async def test_suspended_revoked_and_reissued_are_refused(published: Published, verifier: Verifier) -> None:
    """By the status lists that we publish; reinstated counts again."""
    road, tasks, wanted = published.road, [], []
    first, second = (item["id"] for item in road.issued)
    made = ""

    async def look(id: str, error: str | None) -> None:
        credential, jwt = await published.credentials(id)
        around = await published.around(credential)
        tasks.extend([{"credential": credential} | around, {"jwt": jwt} | around])
        wanted.extend([error, error])

    for id, verb, body, error in (
        (first, "suspend", {}, "status: suspension"), (first, "reinstate", {}, None),
        (first, "revoke", {"reason": "fraud"}, "status: revocation"), (second, "reissue", {"reason": "lost"}, "status: revocation,replacement"),
    ):  # fmt: skip
        answer = await road.service.post(road.people.issuer, f"/v1/assessment/certificates/{id}/{verb}", body)
        assert answer.status_code in (200, 201), answer.text
        made = answer.json()["id"]
        await look(id, error)
    await look(made, None)

    answers = verifier(tasks)

    assert [answer["error"] for answer in answers] == wanted


async def test_wrong_key_wrong_list_and_wrong_time_are_refused(published: Published, verifier: Verifier) -> None:
    """A forger's key, a list that somebody changed, before and after the time."""
    road = published.road
    credential, _ = await published.credentials(road.issued[0]["id"])
    around = await published.around(credential)
    unsigned = {name: value for name, value in credential.items() if name != "proof"}
    options = {name: value for name, value in credential["proof"].items() if name != "proofValue"}
    forger = LocalSigner(OKPKey.generate_key("Ed25519", {"kid": "certificates-3"}).as_dict(private=True))
    forged = with_proof(unsigned, options, forger.signature(hashed(unsigned, options, quads)))
    changed = copy.deepcopy(around)
    changed["lists"][0]["credentialSubject"]["encodedList"] = packed([1])
    forms, ended = tools_of(road.service.running).mint.forms, (datetime.now(UTC) - timedelta(days=2)).date()
    expired = json.loads(await forms.embedded(unsigned | {"validUntil": f"{ended}T23:59:59Z"}, datetime.now(UTC)) or "")
    long_ago = [{"credential": credential, "now": "2020-01-01T00:00:00Z"} | around]

    answers = verifier(
        [
            {"credential": forged} | around,
            {"credential": credential} | changed,
            {"credential": expired} | around,
            *long_ago,
        ]
    )

    assert [answer["verified"] for answer in answers] == [False] * 4, answers


async def test_what_a_retired_key_signed_verifies_and_what_a_revoked_key_signed_does_not(
    published: Published, verifier: Verifier
) -> None:
    """The DID document and the JWKS decide: retired keys stay in both, a revoked key asserts nothing."""
    credential, jwt = await published.credentials(published.road.issued[0]["id"])
    around = await published.around(credential)
    revoked = copy.deepcopy(around)
    revoked["did"]["assertionMethod"] = [m for m in revoked["did"]["assertionMethod"] if "certificates-3" not in m]
    revoked["jwks"]["keys"] = [key for key in revoked["jwks"]["keys"] if key["kid"] != "certificates-2"]

    answers = verifier([{"credential": credential} | revoked, {"jwt": jwt} | revoked])

    assert [answer["verified"] for answer in answers] == [False, False]
    assert proof_options("did:x#k", datetime.now(UTC))["cryptosuite"] == credential["proof"]["cryptosuite"]
