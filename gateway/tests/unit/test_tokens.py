"""Attacks on access tokens: every one ends in the same 401 that says nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from gateway.adapters.identity.claims import ClaimsMapping
from gateway.adapters.identity.exchange import Exchange
from gateway.adapters.identity.jwks import IssuerKeys, read_keys
from gateway.adapters.identity.verification import Caller, Verifier
from gateway.adapters.refusals import UpstreamDown
from shared.http.problems import Unauthenticated
from shared.kernel.actor import Actor, Role
from shared.kernel.refusals import Malformed

ISSUER, AUDIENCE = "https://issuer.example", "talent-gateway"
EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    WEAK = RSAKey.generate_key(1024, {"kid": "weak"})
OLD_NAME = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # RFC 9864 renames it; providers still say EdDSA
STRANGER = ECKey.generate_key("P-256", {"kid": "ec"})
JWKS = {"keys": [{**key.as_dict(private=False), "use": "sig"} for key in (EC, RSA, ED, WEAK)]}
JWKS["keys"].append({**ECKey.generate_key("P-256").as_dict(private=False), "kid": "enc", "use": "enc"})


class World:
    """The issuer as it answers, and the two clocks."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.away = False
        self.issuer = ISSUER
        self.jwks: dict[str, Any] = JWKS
        self.now = 1000.0

    async def fetch(self, url: str) -> Any:
        """What the issuer answers."""
        self.fetched.append(url)
        if self.away:
            raise OSError("away")
        if url.endswith("/.well-known/openid-configuration"):
            return {"issuer": self.issuer, "jwks_uri": ISSUER + "/jwks"}
        return self.jwks

    @property
    def downloads(self) -> int:
        """How often the keys were read."""
        return sum(url.endswith("/jwks") for url in self.fetched)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def verifier(world: World) -> Verifier:
    keys = IssuerKeys(ISSUER, world.fetch, clock=lambda: world.now)
    return Verifier(keys, issuer=ISSUER, audience=AUDIENCE, mapping=ClaimsMapping())


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a good token; a change to None takes a claim away."""
    now = int(time.time())
    good = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "acc-1", "iat": now, "exp": now + 300, "organisation": "cn/54",
        "realm_access": {"roles": ["regional_officer"]},
    }  # fmt: skip
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(key: Any = EC, alg: str = "ES256", header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token signed for real."""
    head = {"alg": alg, "kid": key.kid, "typ": "at+jwt"} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    return jwt.encode(head, claims(**changes), key, algorithms=[alg])


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(head: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand."""
    return f"{b64(head)}.{b64(body)}.{b64(signature)}"


def hmac_with_public_key() -> str:
    head, body = {"alg": "HS256", "kid": "rsa", "typ": "at+jwt"}, claims()
    signed = f"{b64(head)}.{b64(body)}"
    secret = RSA.as_pem(private=False)
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def tampered() -> str:
    head, _, signature = token().split(".")
    return f"{head}.{b64(claims(sub='somebody-else'))}.{signature}"


def within(seconds: int) -> int:
    """So many seconds from the moment the test runs; the tests may have been collected long ago."""
    return int(time.time()) + seconds


HEAD = {"alg": "ES256", "kid": "ec", "typ": "at+jwt"}
ATTACKS: dict[str, Callable[[], str]] = {
    "alg none": lambda: forged(HEAD | {"alg": "none"}, claims()),
    "alg None in capitals": lambda: forged(HEAD | {"alg": "NoNe"}, claims()),
    "hs256 with the public key": hmac_with_public_key,
    "hs256 with an own key": lambda: jwt.encode(
        HEAD | {"alg": "HS256"},
        claims(),
        OctKey.import_key("a long shared secret of our own making"),
        algorithms=["HS256"],
    ),
    "rs512 is not on the list": lambda: token(RSA, "RS512"),
    "es256 header on an rsa key": lambda: token(EC, header={"kid": "rsa"}),
    "rs256 header on an ec key": lambda: token(RSA, "RS256", header={"kid": "ec"}),
    "signed by a stranger under a known kid": lambda: token(STRANGER),
    "weak rsa key": lambda: token(WEAK, "RS256"),
    "encryption key": lambda: token(EC, header={"kid": "enc"}),
    "unknown kid": lambda: token(header={"kid": "nobody"}),
    "no kid": lambda: token(header={"kid": None}),
    "kid that walks the file system": lambda: token(header={"kid": "../../etc/passwd"}),
    "kid that is no text": lambda: forged(HEAD | {"kid": ["ec"]}, claims()),
    "jku": lambda: forged(HEAD | {"jku": "https://evil.example/jwks"}, claims()),
    "embedded jwk": lambda: forged(HEAD | {"jwk": STRANGER.as_dict(private=False)}, claims()),
    "x5u": lambda: forged(HEAD | {"x5u": "https://evil.example"}, claims()),
    "unknown crit": lambda: forged(HEAD | {"crit": ["exp"]}, claims()),
    "no typ": lambda: token(header={"typ": None}),
    "id token": lambda: token(header={"typ": "JWT"}),
    "internal token": lambda: token(header={"typ": "internal+jwt"}),
    "wrong issuer": lambda: token(iss="https://issuer.example.evil.example"),
    "issuer with a slash more": lambda: token(iss=ISSUER + "/"),
    "no issuer": lambda: token(iss=None),
    "wrong audience": lambda: token(aud="account"),
    "audience that contains ours as text": lambda: token(aud=AUDIENCE + "-2"),
    "no audience": lambda: token(aud=None),
    "audience among others is fine, not ours is not": lambda: token(aud=["account", "x"]),
    "no subject": lambda: token(sub=None),
    "empty subject": lambda: token(sub=""),
    "subject that is no text": lambda: token(sub=7),
    "expired": lambda: token(exp=within(-60)),
    "no exp": lambda: token(exp=None),
    "exp as text": lambda: forged_but_signed(exp=str(within(300))),
    "exp true": lambda: forged_but_signed(exp=True),
    "exp infinite": lambda: forged_but_signed(exp=float("inf")),
    "not yet valid": lambda: token(nbf=within(300)),
    "nbf as text": lambda: forged_but_signed(nbf="0"),
    "issued in the future": lambda: token(iat=within(300)),
    "payload swapped": tampered,
    "signature stripped": lambda: token().rsplit(".", 1)[0] + ".",
    "two parts": lambda: token().rsplit(".", 1)[0],
    "five parts": lambda: token() + ".a.b",
    "huge": lambda: token(padding="x" * 1_000_000),
    "just over the limit": lambda: token(padding="x" * 6_200),
    "not ascii": lambda: token()[:-1] + "é",
    "no json": lambda: "a.b.c",
    "header is a list": lambda: f"{b64([])}.{b64({})}.{b64(b'x')}",
    "deep nesting": lambda: f"{b64(b'[' * 3000)}.{b64({})}.{b64(b'x')}",
    "empty": lambda: "",
}


def forged_but_signed(**changes: Any) -> str:
    """A token with claims that an encoder refuses, signed for real."""
    from joserfc import jws

    return jws.serialize_compact(HEAD, json.dumps(claims(**changes)), EC, algorithms=["ES256"])


@pytest.mark.parametrize("attack", sorted(ATTACKS))
async def test_an_attack_is_refused_without_a_reason(attack: str, verifier: Verifier) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.verify(f"Bearer {ATTACKS[attack]()}")

    assert (refusal.value.code, refusal.value.values) == ("unauthenticated", {})


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Token x"])
async def test_no_bearer_token_is_refused(header: str | None, verifier: Verifier) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(header)


@OLD_NAME
@pytest.mark.parametrize(("key", "alg"), [(EC, "ES256"), (RSA, "RS256"), (ED, "EdDSA"), (ED, "Ed25519")])
async def test_a_good_token_of_every_listed_algorithm_is_accepted(key: Any, alg: str, verifier: Verifier) -> None:
    caller = await verifier.verify(f"Bearer {token(key, alg)}")

    assert caller.actor == Actor("acc-1", "cn/54", frozenset({Role.REGIONAL_OFFICER}))


async def test_clocks_may_differ_by_thirty_seconds(verifier: Verifier) -> None:
    await verifier.verify(f"Bearer {token(exp=int(time.time()) - 20, nbf=int(time.time()) + 20)}")


async def test_audience_may_be_a_list_and_scheme_is_case_insensitive(verifier: Verifier) -> None:
    await verifier.verify(f"bearer {token(aud=['account', AUDIENCE])}")


async def test_a_verified_token_is_not_verified_again_until_it_ends(verifier: Verifier, world: World) -> None:
    good = token()
    first, second = await verifier.verify(f"Bearer {good}"), await verifier.verify(f"Bearer {good}")

    assert first is second
    assert world.downloads == 1


async def test_a_withdrawn_key_ends_its_tokens_at_the_next_refresh(verifier: Verifier, world: World) -> None:
    good = f"Bearer {token()}"
    await verifier.verify(good)
    world.jwks = {"keys": [{**RSA.as_dict(private=False), "use": "sig"}]}
    world.now += 601
    with pytest.raises(Unauthenticated):
        await verifier.verify(f"Bearer {token(ED, 'Ed25519')}")

    with pytest.raises(Unauthenticated):
        await verifier.verify(good)


async def test_unknown_kids_ask_the_issuer_at_most_once_a_minute(verifier: Verifier, world: World) -> None:
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.verify(f"Bearer {token(header={'kid': f'k{number}'})}")
    assert world.downloads == 1

    world.now += 61
    fresh = ECKey.generate_key("P-256", {"kid": "new"})
    world.jwks = {"keys": [*JWKS["keys"], fresh.as_dict(private=False)]}

    await verifier.verify(f"Bearer {token(fresh)}")
    assert world.downloads == 2


async def test_keys_are_used_for_a_day_when_the_issuer_is_away(verifier: Verifier, world: World) -> None:
    await verifier.verify(f"Bearer {token()}")
    world.away = True
    world.now += 3600

    await verifier.verify(f"Bearer {token(sub='acc-2')}")
    world.now += 24 * 3600
    with pytest.raises(UpstreamDown):
        await verifier.verify(f"Bearer {token(sub='acc-3')}")


async def test_without_keys_nobody_is_refused_or_let_in(verifier: Verifier, world: World) -> None:
    """The issuer away at start is a 503, never a 401."""
    world.away = True

    with pytest.raises(UpstreamDown):
        await verifier.verify(f"Bearer {token()}")


async def test_a_discovery_document_of_somebody_else_is_not_believed(verifier: Verifier, world: World) -> None:
    world.issuer = "https://evil.example"

    with pytest.raises(UpstreamDown):
        await verifier.verify(f"Bearer {token()}")
    assert world.downloads == 0


def test_unusable_keys_are_left_out() -> None:
    keys = read_keys({"keys": [*JWKS["keys"], {"kty": "EC", "kid": "bad"}, {"kty": "oct", "k": "AAAA", "kid": "oct"}]})

    assert sorted(keys) == ["ec", "ed", "rsa"]


class CountingSigner:
    def __init__(self) -> None:
        self.signed: list[tuple[Actor, str]] = []

    def sign(self, actor: Actor, audience: str) -> str:
        """Note it and give a name."""
        self.signed.append((actor, audience))
        return f"internal-{len(self.signed)}"


async def test_the_exchange_reuses_a_token_per_service_and_purpose_for_half_its_life(verifier: Verifier) -> None:
    signer, seconds = CountingSigner(), [0.0]
    exchange = Exchange(verifier, signer, frozenset({"audit"}), clock=lambda: seconds[0])
    caller = [(b"authorization", f"Bearer {token()}".encode())]

    first = exchange.token(await exchange.caller(caller), "selection")
    assert exchange.token(await exchange.caller(caller), "selection") == first
    assert exchange.token(await exchange.caller(caller), "funding") != first
    purposeful = exchange.token(await exchange.caller([*caller, (b"x-purpose", b"audit")]), "selection")
    seconds[0] = 31.0

    assert exchange.token(await exchange.caller(caller), "selection") not in {first, purposeful}
    assert [(actor.purpose, audience) for actor, audience in signer.signed] == [
        (None, "selection"), (None, "funding"), ("audit", "selection"), (None, "selection"),
    ]  # fmt: skip


async def test_a_purpose_is_one_of_the_published_codes(verifier: Verifier) -> None:
    exchange = Exchange(verifier, CountingSigner(), frozenset({"audit"}))

    with pytest.raises(Malformed, match="bad-purpose"):
        await exchange.caller([(b"authorization", f"Bearer {token()}".encode()), (b"x-purpose", b"curiosity")])


def test_a_caller_is_keyed_by_its_token() -> None:
    assert Caller(Actor("a"), b"1", 0) != Caller(Actor("a"), b"2", 0)
