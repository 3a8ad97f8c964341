"""Attacks on the door with tokens: each row is refused, the answers are alike, and nobody learns why."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwe
from joserfc.jwk import OctKey
from sqlalchemy import text
from structlog.testing import capture_logs

from gateway.testing.forging import Forge, b64, keys
from gateway.testing.stage import Stage
from shared.kernel.actor import Actor, Role
from shared.testing.actors import Keys


@dataclass(frozen=True)
class Sent:
    """A request that is more than a bearer token."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Aim:
    """What is attacked."""

    client: httpx.AsyncClient
    issuer: str
    upstream: FastAPI


@dataclass(frozen=True)
class Attack:
    """One row: what it tries, the section that forbids it, how it is forged, and the answer."""

    name: str
    section: str
    make: Callable[[Forge], str | Sent]
    status: int = 401


def hmac_of(key: bytes) -> Callable[[Forge], str]:
    """HS256 under something that everybody can know."""

    def make(forge: Forge) -> str:
        signing = f"{b64(forge.head(alg='HS256'))}.{b64(forge.claims())}"
        return f"{signing}.{b64(hmac.new(key, signing.encode(), hashlib.sha256).digest())}"

    return make


def hmac_under_public_pem(forge: Forge) -> str:
    return hmac_of(keys()["rsa"].as_pem(private=False))(forge)


def swapped(forge: Forge) -> str:
    head, _, signature = forge.token().split(".")
    return f"{head}.{b64(forge.claims(sub='somebody-else'))}.{signature}"


def der(forge: Forge) -> str:
    signing = forge.token().rpartition(".")[0]
    return f"{signing}.{b64(forge.der(signing))}"


def cut(forge: Forge, end: int) -> str:
    signing, _, signature = forge.token().rpartition(".")
    return f"{signing}.{signature[:end]}"


def other_encoding(forge: Forge) -> str:
    """The last character of 64 bytes carries four bits that decoders ignore: another text, the same signature."""
    whole = forge.token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return whole[:-1] + alphabet[alphabet.index(whole[-1]) ^ 1]


def encrypted(forge: Forge) -> str:
    key = OctKey.import_key("0123456789abcdef")
    return jwe.encrypt_compact({"alg": "dir", "enc": "A128GCM", "cty": "JWT"}, forge.token().encode(), key)


def unencoded(forge: Forge) -> str:
    return forge.raw(forge.head(b64=False, crit=["b64"]), forge.claims(), forge.der("x"))


def nested(forge: Forge) -> str:
    return forge.signed(forge.token(), head={"cty": "JWT"})


def twice(member: str, first: str, second: str) -> Callable[[Forge], str]:
    """A claim that one parser reads as the first and another as the second value."""

    def make(forge: Forge) -> str:
        import json

        whole = json.dumps(forge.claims(**{member: None}))
        return forge.resigned(json.dumps(forge.head()), whole[:-1] + f', "{member}": {first}, "{member}": {second}}}')

    return make


def head_twice(forge: Forge) -> str:
    import json

    head = '{"alg": "none", "alg": "ES256", "kid": "issuer-1", "typ": "at+jwt"}'
    return forge.resigned(head, json.dumps(forge.claims()))


def at(seconds: int) -> int:
    return int(time.time()) + seconds


def with_text(claim: str, value: str) -> Callable[[Forge], str]:
    """A claim whose JSON text is given."""

    def make(forge: Forge) -> str:
        import json

        whole = json.dumps(forge.claims(**{claim: None}))
        return forge.resigned(json.dumps(forge.head()), whole[:-1] + f', "{claim}": {value}}}')

    return make


JWS, JWT, JWA, BCP, AT, B = "RFC 7515", "RFC 7519", "RFC 7518", "RFC 8725", "RFC 9068", "RFC 6750"
EVIL = "https://evil.example/jwks"

SIGNATURE = [
    Attack("alg none", f"{BCP} 3.1", lambda f: f.raw(f.head(alg="none"), f.claims())),
    Attack("alg None", f"{BCP} 3.1", lambda f: f.raw(f.head(alg="None"), f.claims())),
    Attack("alg nOnE with a signature", f"{BCP} 3.1", lambda f: f.raw(f.head(alg="nOnE"), f.claims(), b"x" * 64)),
    Attack("no alg", f"{JWS} 4.1.1", lambda f: f.raw({"kid": "issuer-1", "typ": "at+jwt"}, f.claims(), b"x" * 64)),
    Attack("alg in a list", f"{JWS} 4.1.1", lambda f: f.raw(f.head(alg=["ES256"]), f.claims(), b"x" * 64)),
    Attack("alg in lower case", f"{JWA} 3.1", lambda f: f.raw(f.head(alg="es256"), f.claims(), f.der("x"))),
    Attack("hs256 under the public pem", f"{BCP} 2.1", hmac_under_public_pem),
    Attack("hs256 under the empty key", f"{BCP} 2.1", hmac_of(b"")),
    Attack("hs256 under a guessed secret", f"{BCP} 3.5", hmac_of(b"secret")),
    Attack("rs512, not on the list", f"{BCP} 3.1", lambda f: f.token(key="rsa", alg="RS512")),
    Attack("ps256, not on the list", f"{BCP} 3.1", lambda f: f.token(key="rsa", alg="PS256")),
    Attack("es384 on its curve, not on the list", f"{BCP} 3.1", lambda f: f.token(key="p384", alg="ES384")),
    Attack("es256 named with a key of another curve", f"{JWA} 3.4", lambda f: f.token(head={"kid": "p384"})),
    Attack("es256 named with an rsa key", f"{BCP} 3.1", lambda f: f.token(head={"kid": "rsa"})),
    Attack("rs256 named with an ec key", f"{BCP} 3.1", lambda f: f.token(key="rsa", alg="RS256", head={"kid": "issuer-1"})),
    Attack("rs256 with a 1024 bit key", f"{JWA} 3.3", lambda f: f.token(key="weak", alg="RS256")),
    Attack("eddsa on the wrong curve", "RFC 8037 3.1", lambda f: f.token(key="ed448", alg="Ed448", head={"alg": "EdDSA"})),
    Attack("ed25519 name over an ec key", "RFC 8037 3.1", lambda f: f.token(head={"alg": "Ed25519"})),
    Attack("a key for encryption", "RFC 7517 4.2", lambda f: f.token(key="enc")),
    Attack("signed by a stranger under a known kid", f"{JWS} 10.1", lambda f: f.token(key="stranger")),
    Attack("payload swapped under the signature", f"{JWS} 5.2", swapped),
    Attack("signature of another token", f"{JWS} 5.2", lambda f: f.token(sub="a").rpartition(".")[0] + "." + f.token(sub="b").rpartition(".")[2]),
    Attack("signature in der", f"{JWA} 3.4", der),
    Attack("r and s are zero", f"{BCP} 3.2", lambda f: f.raw(f.head(), f.claims(), b"\0" * 64)),
    Attack("r and s are the order", f"{BCP} 3.2", lambda f: f.raw(f.head(), f.claims(), bytes.fromhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") * 2)),
    Attack("signature stripped", f"{JWS} 5.2", lambda f: cut(f, 0)),
    Attack("signature cut short", f"{JWS} 5.2", lambda f: cut(f, 40)),
    Attack("signature one byte too long", f"{JWA} 3.4", lambda f: f.token() + "AA"),
    Attack("signature in another encoding", f"{JWS} 2", other_encoding),
]  # fmt: skip

HEADER = [
    Attack("jwk embedded, signed by it", f"{BCP} 3.10", lambda f: f.token(key="stranger", head={"jwk": keys()["stranger"].as_dict(private=False)})),
    Attack("jku", f"{BCP} 3.10", lambda f: f.token(key="stranger", head={"jku": EVIL})),
    Attack("jku to the inside", f"{BCP} 3.10", lambda f: f.token(key="stranger", head={"jku": "http://127.0.0.1/"})),
    Attack("x5u", f"{BCP} 3.10", lambda f: f.token(key="stranger", head={"x5u": EVIL})),
    Attack("x5c", f"{BCP} 3.10", lambda f: f.token(key="stranger", head={"x5c": ["MIIB"]})),
    Attack("kid into the file system", f"{BCP} 3.10", lambda f: f.token(head={"kid": "../../../../dev/null"})),
    Attack("kid with sql", f"{BCP} 3.10", lambda f: f.token(head={"kid": "x' UNION SELECT 'key"})),
    Attack("kid with a command", f"{BCP} 3.10", lambda f: f.token(head={"kid": "|/bin/true"})),
    Attack("kid with an address", f"{BCP} 3.10", lambda f: f.token(head={"kid": EVIL})),
    Attack("kid that nobody has", f"{JWS} 4.1.4", lambda f: f.token(head={"kid": "nobody"})),
    Attack("kid empty", f"{JWS} 4.1.4", lambda f: f.token(head={"kid": ""})),
    Attack("kid missing", f"{JWS} 4.1.4", lambda f: f.token(head={"kid": None})),
    Attack("kid in other case", f"{JWS} 4.1.4", lambda f: f.token(head={"kid": "ISSUER-1"})),
    Attack("kid that is a number", f"{JWS} 4.1.4", lambda f: f.raw(f.head(kid=1), f.claims(), f.der("x"))),
    Attack("kid beyond reason", f"{JWS} 4.1.4", lambda f: f.token(head={"kid": "k" * 201})),
    Attack("typ missing", f"{AT} 4", lambda f: f.token(head={"typ": None})),
    Attack("typ of an id token", f"{AT} 4", lambda f: f.token(head={"typ": "JWT"})),
    Attack("typ of a logout token", "OIDC back-channel 2.4", lambda f: f.token(head={"typ": "logout+jwt"})),
    Attack("typ of an internal token", f"{BCP} 3.11", lambda f: f.token(head={"typ": "internal+jwt"})),
    Attack("typ in a list", f"{AT} 4", lambda f: f.raw(f.head(typ=["at+jwt"]), f.claims(), f.der("x"))),
    Attack("crit that nobody knows", f"{JWS} 4.1.11", lambda f: f.raw(f.head(crit=["own"], own=1), f.claims(), f.der("x"))),
    Attack("crit empty", f"{JWS} 4.1.11", lambda f: f.raw(f.head(crit=[]), f.claims(), f.der("x"))),
    Attack("b64 false", "RFC 7797 6", unencoded),
    Attack("zip", f"{BCP} 3.6", lambda f: f.raw(f.head(zip="DEF"), f.claims(), f.der("x"))),
    Attack("encrypted for nobody", f"{JWT} 7.2", encrypted),
    Attack("a token within a token", f"{JWT} 5.2", nested),
    Attack("alg twice", f"{JWS} 4", head_twice),
    Attack("header is a list", f"{JWS} 4", lambda f: f.raw([], f.claims(), b"x" * 64)),
    Attack("header nested beyond reason", f"{JWS} 4", lambda f: f.raw(b"[" * 3000, f.claims(), b"x" * 64)),
]  # fmt: skip

SHAPE = [
    Attack("padding", f"{JWS} 2", lambda f: f.token() + "=="),
    Attack("a plus sign", f"{JWS} 2", lambda f: f.token() + "+"),
    Attack("a line break inside", f"{JWS} 2", lambda f: f.token().replace(".", ".\t", 1)),
    Attack("a space at the end", f"{JWS} 2", lambda f: f.token() + " x"),
    Attack("json serialisation", f"{JWS} 7.2", lambda _: '{"payload":"e30","signatures":[]}'),
    Attack("two parts", f"{JWT} 7.2", lambda f: f.token().rpartition(".")[0]),
    Attack("four parts", f"{JWT} 7.2", lambda f: f.token() + ".e30"),
    Attack("only dots", f"{JWT} 7.2", lambda _: ".."),
    Attack("payload is a list", f"{JWT} 7.2", lambda f: f.signed("[]")),
    Attack("payload is no utf-8", f"{JWT} 7.2", lambda f: f.resigned(b'{"alg":"ES256","kid":"issuer-1","typ":"at+jwt"}', b"\xff\xfe")),
    Attack("longer than any token", f"{B} 5.3", lambda f: f.token(padding="x" * 7000), 431),
    Attack("nothing but letters", f"{JWS} 7.1", lambda _: "x" * 8000),
]  # fmt: skip

CLAIMS = [
    Attack("aud missing", f"{AT} 4", lambda f: f.token(aud=None)),
    Attack("aud account", f"{AT} 4", lambda f: f.token(aud="account")),
    Attack("aud of another service of ours", f"{BCP} 3.9", lambda f: f.token(aud="selection")),
    Attack("aud a list without us", f"{AT} 4", lambda f: f.token(aud=["account", "other"])),
    Attack("aud an empty list", f"{AT} 4", lambda f: f.token(aud=[])),
    Attack("aud that begins like ours", f"{JWT} 4.1.3", lambda f: f.token(aud="talent-gateway-2")),
    Attack("aud in other case", f"{JWT} 4.1.3", lambda f: f.token(aud="Talent-Gateway")),
    Attack("aud an object", f"{JWT} 4.1.3", lambda f: f.token(aud={"talent-gateway": True})),
    Attack("aud twice", f"{JWT} 4", twice("aud", '"other"', '"talent-gateway"')),
    Attack("iss missing", f"{AT} 4", lambda f: f.token(iss=None)),
    Attack("iss with a slash more", f"{BCP} 3.8", lambda f: f.token(iss=f.issuer + "/")),
    Attack("iss in capitals", f"{BCP} 3.8", lambda f: f.token(iss=f.issuer.upper())),
    Attack("iss below ours", f"{BCP} 3.8", lambda f: f.token(iss=f.issuer + ".evil.example")),
    Attack("iss of somebody else", f"{BCP} 3.8", lambda f: f.token(iss="https://evil.example")),
    Attack("iss in a list", f"{JWT} 4.1.1", lambda f: f.token(iss=[f.issuer])),
    Attack("exp missing", f"{AT} 4", lambda f: f.token(exp=None)),
    Attack("exp past", f"{JWT} 4.1.4", lambda f: f.token(exp=at(-31))),
    Attack("exp zero", f"{JWT} 4.1.4", lambda f: f.token(exp=0)),
    Attack("exp below zero", f"{JWT} 4.1.4", lambda f: f.token(exp=-1)),
    Attack("exp a fraction of the past", f"{JWT} 4.1.4", lambda f: f.token(exp=time.time() - 31.5)),
    Attack("exp a text", f"{JWT} 2", lambda f: f.token(exp=str(at(300)))),
    Attack("exp true", f"{JWT} 2", lambda f: f.token(exp=True)),
    Attack("exp infinite", f"{JWT} 2", with_text("exp", "Infinity")),
    Attack("exp no number", f"{JWT} 2", with_text("exp", "NaN")),
    Attack("exp beyond floating point", f"{JWT} 2", with_text("exp", "1e999")),
    Attack("exp in a thousand years", f"{BCP} 3.12", lambda f: f.token(exp=at(31_536_000_000))),
    Attack("exp in two days", f"{BCP} 3.12", lambda f: f.token(exp=at(2 * 86_400))),
    Attack("exp twice", f"{JWT} 4", twice("exp", "1", "9999999999")),
    Attack("nbf ahead", f"{JWT} 4.1.5", lambda f: f.token(nbf=at(60))),
    Attack("nbf a text", f"{JWT} 2", lambda f: f.token(nbf="0")),
    Attack("iat ahead", f"{JWT} 4.1.6", lambda f: f.token(iat=at(60))),
    Attack("iat a text", f"{JWT} 2", lambda f: f.token(iat="0")),
    Attack("sub missing", f"{AT} 2.2", lambda f: f.token(sub=None)),
    Attack("sub empty", f"{AT} 2.2", lambda f: f.token(sub="")),
    Attack("sub a number", f"{JWT} 4.1.2", lambda f: f.token(sub=7)),
    Attack("sub too long", f"{JWT} 4.1.2", lambda f: f.token(sub="s" * 256)),
    Attack("sub with a line break", f"{JWT} 4.1.2", lambda f: f.token(sub="acc\nprincipal=root")),
    Attack("sub of the system", f"{BCP} 3.8", lambda f: f.token(sub="system:selection")),
    Attack("sub of a service", f"{BCP} 3.8", lambda f: f.token(sub="service:funding")),
    Attack("roles one text", f"{AT} 2.2.3.1", lambda f: f.token(realm_access={"roles": "auditor"})),
    Attack("roles an object", f"{AT} 2.2.3.1", lambda f: f.token(realm_access={"roles": {"auditor": True}})),
    Attack("roles with a number among them", f"{AT} 2.2.3.1", lambda f: f.token(realm_access={"roles": ["auditor", 1]})),
    Attack("organisation a list", f"{AT} 2.2.3.1", lambda f: f.token(organisation=["cn"])),
    Attack("organisation that walks up", f"{AT} 2.2.3.1", lambda f: f.token(organisation="cn/54/../..")),
    Attack("organisation with an empty step", f"{AT} 2.2.3.1", lambda f: f.token(organisation="cn//54")),
]  # fmt: skip


def only(role: str) -> Callable[[Forge], str]:
    return lambda forge: forge.token(realm_access={"roles": [role]})


GAINS = [
    Attack("role of a service", "RFC 9700 2.3", only("service"), 403),
    Attack("role of the system", "RFC 9700 2.3", only("system"), 403),
    Attack("role in capitals", "RFC 9700 2.3", only("AUDITOR"), 403),
    Attack("role in letters that look alike", "RFC 8264 3", only("аuditor"), 403),
    Attack("role in full width letters", "RFC 8264 3", only("ａｕｄｉｔｏｒ"), 403),
    Attack("role with a space", "RFC 9700 2.3", only("auditor "), 403),
    Attack("no roles", "RFC 9700 2.3", lambda f: f.token(realm_access=None), 403),
    Attack("roles where another provider has them", "RFC 9700 2.3", lambda f: f.token(realm_access=None, roles=["auditor"]), 403),
]  # fmt: skip


def bearer(value: str) -> tuple[str, str]:
    return ("authorization", value)


CARRIAGE = [
    Attack("nothing", f"{B} 3", lambda _: Sent()),
    Attack("an empty header", f"{B} 2.1", lambda _: Sent([bearer("")])),
    Attack("a scheme without token", f"{B} 2.1", lambda _: Sent([bearer("Bearer")])),
    Attack("basic", f"{B} 2.1", lambda _: Sent([bearer("Basic YWRtaW46YWRtaW4=")])),
    Attack("another scheme", f"{B} 2.1", lambda f: Sent([bearer("Token " + f.token())])),
    Attack("dpop scheme without proof", "RFC 9449 7.1", lambda f: Sent([bearer("DPoP " + f.token())])),
    Attack("no scheme", f"{B} 2.1", lambda f: Sent([bearer(f.token())])),
    Attack("two tokens in a header", f"{B} 2.1", lambda f: Sent([bearer(f"Bearer {f.token()}, Bearer {f.token()}")])),
    Attack("two headers", "RFC 9110 5.3", lambda f: Sent([bearer("Bearer " + f.token()), bearer("Bearer x")]), 400),
    Attack("in the query", f"{B} 2.3", lambda f: Sent(query={"access_token": f.token()})),
    Attack("in a form", f"{B} 2.2", lambda f: Sent(form={"access_token": f.token()})),
    Attack("in a cookie", f"{B} 5.2", lambda f: Sent(cookies={"access_token": f.token(), "Authorization": f.token()})),
    Attack("in another header", f"{B} 2", lambda f: Sent([("x-access-token", f.token()), ("x-forwarded-user", "root")])),
    Attack("proxy authorization", "RFC 9110 11.7", lambda f: Sent([("proxy-authorization", "Bearer " + f.token())])),
]  # fmt: skip

ATTACKS = [*SIGNATURE, *HEADER, *SHAPE, *CLAIMS, *GAINS, *CARRIAGE]


PLAIN = {
    "type": "/problems/unauthenticated", "title": "Authentication is required", "status": 401, "code": "unauthenticated", "detail": "",
}  # fmt: skip
DETAILS = ("A valid token is needed.", "Send a valid access token as 'Authorization: Bearer …'.")


@pytest.fixture
async def aimed(running: tuple[Any, Any, int, str]) -> AsyncIterator[Aim]:
    """The door without anything that a test would have to clean up."""
    _, upstream, port, issuer = running
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, timeout=15, trust_env=False, verify=False) as client:  # noqa: S501 - plain http
        yield Aim(client, issuer, upstream)


def test_the_table_has_no_name_twice_and_enough_rows() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 130


async def ask(stage: Stage | Aim, path: str, sent: Sent) -> httpx.Response:
    method = "GET" if sent.form is None else "POST"
    headers = [*sent.headers, *(("cookie", f"{name}={value}") for name, value in sent.cookies.items())]
    return await stage.client.request(method, path, headers=headers, params=sent.query, data=sent.form)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_an_attack_is_refused_and_says_nothing(attack: Attack, aimed: Aim) -> None:
    """At a service's way and at the gateway's own; the service hears nothing, log and answer repeat nothing."""
    made = attack.make(Forge(aimed.issuer))
    sent = made if isinstance(made, Sent) else Sent([bearer(f"Bearer {made}")])
    secrets = [part for part in str(sent).replace("'", ".").split(".") if len(part) > 20]
    before = dict(aimed.upstream.state.calls)

    with capture_logs() as lines:
        inside = None if attack.status == 403 else await ask(aimed, "/v1/selection/secret", sent)
        own = await ask(aimed, "/v1/events", sent) if sent.form is None else inside

    for answer in (inside, own):
        if answer is None:
            continue
        assert answer.status_code == attack.status, answer.text
        assert not any(secret in answer.text + str(answer.headers) for secret in secrets)
        if attack.status == 401:
            assert answer.json() | {"detail": ""} == PLAIN
            assert answer.json()["detail"] in DETAILS
            assert answer.headers["www-authenticate"] == "Bearer"
    assert aimed.upstream.state.calls == before
    assert not any(secret in str(lines) for secret in secrets)


async def test_the_good_token_of_the_forge_gets_in(stage: Stage) -> None:
    """What is refused above is refused for the one thing that is wrong with it."""
    forge = Forge(stage.issuer)
    good = [forge.token(), forge.token(key="rsa", alg="RS256"), forge.token(key="ed", alg="Ed25519"),
            forge.token(aud=["account", "talent-gateway"]), forge.token(head={"typ": "application/at+jwt"})]  # fmt: skip

    answers = [await ask(stage, "/v1/events", Sent([bearer(f"bEaReR {token}")])) for token in good]

    assert [answer.status_code for answer in answers] == [200] * 5


async def test_nothing_of_a_token_stays_in_the_database(stage: Stage) -> None:
    """A denial is audited by principal and code; token, header and claims are nowhere."""
    token = Forge(stage.issuer).token(realm_access={"roles": ["applicant"]}, sub="acc-denied")

    assert (await ask(stage, "/v1/events", Sent([bearer(f"Bearer {token}")]))).status_code == 403

    async with stage.engine.connect() as connection:
        rows = [str(row) for row in await connection.execute(text("SELECT to_jsonb(audit) FROM audit"))]
    assert any("acc-denied" in row for row in rows)
    assert not any(part in row for row in rows for part in token.split("."))


AUDITOR = Actor("acc-1", "cn", frozenset({Role.AUDITOR}))


def internal(keys: Keys, *, signer: str = "gateway", head: dict[str, Any] | None = None, **changes: Any) -> str:
    """An internal token that is signed for real, with changes."""
    import json

    from joserfc import jws
    from joserfc.jwk import OKPKey

    key = OKPKey.import_key(json.loads(keys.private[signer].read_text()))
    now = int(time.time())
    good = {"iss": "gateway", "aud": "gateway", "sub": "acc-1", "org": "cn", "roles": ["auditor"], "iat": now,
            "exp": now + 60, "purpose": None}  # fmt: skip
    header = {"alg": "Ed25519", "kid": key.kid, "typ": "internal+jwt"} | (head or {})
    return jws.serialize_compact(header, json.dumps(good | changes), key, algorithms=["Ed25519"])


INTERNAL: dict[str, Callable[[Keys], str]] = {
    "for another service": lambda k: k.bearer(AUDITOR, "selection")["authorization"][7:],
    "expired": lambda k: internal(k, exp=at(-6)),
    "lives longer than a minute": lambda k: internal(k, exp=at(120)),
    "exp true": lambda k: internal(k, exp=True),
    "exp a text": lambda k: internal(k, exp=str(at(50))),
    "no exp": lambda k: internal(k, exp=None),
    "a service in the name of the gateway": lambda k: internal(k, signer="funding"),
    "a service under the gateway's kid": lambda k: internal(k, signer="funding", head={"kid": "gateway-1"}),
    "unknown kid": lambda k: internal(k, head={"kid": "gateway-2"}),
    "no subject": lambda k: internal(k, sub=""),
    "role that nobody knows": lambda k: internal(k, roles=["root"]),
    "a person as the system": lambda k: internal(k, roles=["auditor", "system"]),
    "a person as a service": lambda k: internal(k, roles=["service"]),
    "another type": lambda k: internal(k, head={"typ": "at+jwt"}),
    "an audience among others": lambda k: internal(k, aud=["gateway", "selection"]),
    "payload swapped": lambda k: (
        internal(k).split(".")[0] + "." + internal(k, sub="x").split(".")[1] + "." + internal(k).split(".")[2]
    ),
    "no signature": lambda k: internal(k).rpartition(".")[0] + ".",
    "alg none": lambda _: b64({"alg": "none", "kid": "gateway-1", "typ": "internal+jwt"}) + ".e30.",
    "too long": lambda k: internal(k, padding="x" * 4000),
}


@pytest.mark.parametrize("attack", sorted(INTERNAL))
async def test_an_internal_token_that_is_wrong_opens_no_service(attack: str, stage: Stage, keys: Keys) -> None:
    """Behind the door, where every service checks again; the gateway's own routes are guarded like a service's."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(stage.door.own), base_url="http://inside") as inside:
        headers = {"authorization": f"Bearer {INTERNAL[attack](keys)}"}
        answer = await inside.get("/v1/boards/p/s", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_an_internal_token_does_not_open_the_door(stage: Stage, keys: Keys) -> None:
    """A token that leaked from inside is worth nothing outside, even within its minute."""
    answer = await stage.client.get("/v1/events", headers={"authorization": f"Bearer {internal(keys)}"})

    assert answer.status_code == 401
