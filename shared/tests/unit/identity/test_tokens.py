"""Internal tokens: what is not exactly ours is refused."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey, OKPKey

from shared.identity.signatures import read_keys
from shared.identity.tokens import TYPE, TokenRefused, TokenSigner, TokenVerifier
from shared.kernel.actor import Role
from shared.testing.actors import Keys, someone

ANNA = someone(Role.APPLICANT, subject="anna", organisation="cn/54")


@pytest.fixture
def ring(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


def forged(ring: Keys, header: dict[str, Any] | None = None, issuer: str = "gateway", **claims: Any) -> str:
    key = OKPKey.import_key(json.loads(ring.private[issuer].read_text()))
    now = int(time.time())
    body = {
        "iss": issuer,
        "aud": "selection",
        "sub": "anna",
        "org": "",
        "roles": ["applicant"],
        "exp": now + 30,
    } | claims
    head = {"alg": "Ed25519", "kid": key.kid, "typ": TYPE} | (header or {})
    return jwt.encode(
        {name: value for name, value in head.items() if value is not None},
        {name: value for name, value in body.items() if value is not None},
        key,
        algorithms=["Ed25519"],
    )


def test_a_token_of_the_gateway_speaks_for_its_actor(ring: Keys) -> None:
    """Subject, organisation, roles and purpose arrive as they were sent."""
    token = TokenSigner(ring.private["gateway"], "gateway").sign(ANNA, "selection")

    assert TokenVerifier(ring.public, "selection").verify(token) == ANNA


def test_a_service_speaks_only_for_itself(ring: Keys) -> None:
    """A service's key cannot mint a person: the roles it claims are dropped."""
    token = TokenSigner(ring.private["funding"], "funding").sign(ANNA, "selection")

    actor = TokenVerifier(ring.public, "selection").verify(token)

    assert (actor.subject, actor.roles) == ("service:funding", frozenset({Role.SERVICE}))


def _unsigned(ring: Keys) -> str:
    _, body, _ = forged(ring).split(".")
    none = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "gateway-1", "typ": TYPE}).encode())
        .decode()
        .rstrip("=")
    )
    return f"{none}.{body}."


def _symmetric(ring: Keys) -> str:
    public = json.loads(ring.public.read_text())["keys"][0]
    key = OctKey.import_key({"kty": "oct", "k": public["x"]})
    return jwt.encode({"alg": "HS256", "kid": public["kid"], "typ": TYPE}, {"sub": "anna", "aud": "selection"}, key)


def _swapped(ring: Keys) -> str:
    head, _, signature = forged(ring).split(".")
    return ".".join([head, forged(ring, sub="ben").split(".")[1], signature])


ATTACKS: dict[str, Callable[[Keys], str]] = {
    "empty": lambda _: "",
    "noise": lambda _: "a.b.c",
    "alg none": _unsigned,
    "HS256 with the public key": _symmetric,
    "swapped payload": _swapped,
    "stripped signature": lambda ring: forged(ring).rsplit(".", 1)[0] + ".",
    "other audience": lambda ring: forged(ring, aud="funding"),
    "no audience": lambda ring: forged(ring, aud=None),
    "audience as list": lambda ring: forged(ring, aud=["selection"]),
    "expired": lambda ring: forged(ring, exp=int(time.time()) - 60),
    "no expiry": lambda ring: forged(ring, exp=None),
    "expiry as text": lambda ring: forged(ring, exp=str(int(time.time()) + 30)),
    "expiry as true": lambda ring: forged(ring, exp=True),
    "lives too long": lambda ring: forged(ring, exp=int(time.time()) + 3600),
    "another's key": lambda ring: forged(ring, issuer="funding", iss="gateway"),
    "wrong type": lambda ring: forged(ring, {"typ": "JWT"}),
    "no type": lambda ring: forged(ring, {"typ": None}),
    "unknown key": lambda ring: forged(ring, {"kid": "gateway-9"}),
    "no key id": lambda ring: forged(ring, {"kid": None}),
    "no subject": lambda ring: forged(ring, sub=""),
    "subject as number": lambda ring: forged(ring, sub=7),
    "role system": lambda ring: forged(ring, roles=["system"]),
    "role service": lambda ring: forged(ring, roles=["service"]),
    "unknown role": lambda ring: forged(ring, roles=["emperor"]),
    "very long": lambda ring: forged(ring, org="x" * 9000),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused(ring: Keys, attack: str) -> None:
    """events.md 5.1: every forged or bent token is refused."""
    token = ATTACKS[attack](ring)

    with pytest.raises(TokenRefused):
        TokenVerifier(ring.public, "selection").verify(token)


def test_a_retired_key_is_refused_once_the_file_says_so(ring: Keys) -> None:
    """The key file is read again when it changes; rotation needs no restart."""
    verifier = TokenVerifier(ring.public, "selection")
    verifier.verify(forged(ring))
    keys = [key for key in json.loads(ring.public.read_text())["keys"] if key["kid"] != "gateway-1"]
    ring.public.write_text(json.dumps({"keys": keys}))

    with pytest.raises(TokenRefused):
        verifier.verify(forged(ring, sub="ben"))


def test_a_key_that_only_verifies_documents_signs_no_token(ring: Keys) -> None:
    """After a rotation the earlier key stays published for what it signed, and is believed for nothing else."""
    content = json.loads(ring.public.read_text())
    for key in content["keys"]:
        if key["kid"] == "gateway-1":
            key["retired"] = True
    ring.public.write_text(json.dumps(content))

    with pytest.raises(TokenRefused):
        TokenVerifier(ring.public, "selection").verify(forged(ring))
    assert "gateway-1" in {key.kid for key in read_keys(ring.public).keys}


def test_a_signer_takes_the_next_key_without_a_restart(ring: Keys) -> None:
    """Publish the next key, replace the private one: the next token names it, and one of the earlier key still holds."""
    signer, verifier = TokenSigner(ring.private["gateway"], "gateway"), TokenVerifier(ring.public, "selection")
    before = signer.sign(ANNA, "selection")
    following = OKPKey.generate_key("Ed25519", {"kid": "gateway-2", "use": "sig"}, private=True)
    content = json.loads(ring.public.read_text())
    content["keys"].append(following.as_dict(private=False))
    ring.public.write_text(json.dumps(content))
    ring.private["gateway"].write_text(json.dumps(following.as_dict(private=True)))
    after = signer.sign(ANNA, "selection")

    assert jws.extract_compact(after.encode()).headers()["kid"] == "gateway-2"
    assert verifier.verify(before) == verifier.verify(after) == ANNA
