"""Credentials: canonical form, signing, verifying, status lists, and a whole certificate without its paper; a second of one core.

`python benchmarks/credentials.py [--count 1000] [--runs 5]`

One process, one thread, processor time (which a busy machine stretches less than the clock). Every row is a rate of its own and its ratio to a raw Ed25519 signature over 64 bytes, measured in
the same run. "whole certificate" is what ``LocalMint.mint`` does: the credential, its JWT, its embedded proof, the slip, and
sealing all of it under a fresh key; no database, no paper.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, OKPKey

from assessment.adapters.certificates.keys import KeyRing
from assessment.adapters.certificates.mint import LocalMint
from assessment.adapters.certificates.quads import quads
from assessment.adapters.certificates.signers import LocalSigner
from assessment.domain.certifying.certificate import Certificate, HolderName
from assessment.domain.certifying.credential import achievement_credential
from assessment.domain.certifying.standing import scattered
from assessment.domain.schemes.policy import effective_content, new_policy
from shared.credentials import bitstring, canonical
from shared.credentials.checking import StatusLists, check
from shared.credentials.integrity import hashed, proof_options, verify_proof, with_proof
from shared.vault import Vault

ROOT = Path(__file__).parents[1]
PROGRAMME = "tibet-special-training"
NOW = datetime(2025, 8, 1, 2, tzinfo=UTC)
URL = "https://talent.example"
REVOKED = 1000
"""Places set in the lists that are built: 0.8 %."""


def scheme() -> Any:
    """The scheme of the programme's own data."""
    folder = ROOT / "programmes" / PROGRAMME
    first, second = (
        yaml.safe_load((folder / v / "assessment.yaml").read_text(encoding="utf-8")) for v in ("batch-3", "batch-4")
    )
    parent = new_policy(UUID(int=3), PROGRAMME, "batch-3", first, first, "x")
    return new_policy(UUID(int=4), PROGRAMME, "batch-4", second, effective_content(second, parent), "y").scheme()


def ring(folder: Path) -> KeyRing:
    """A ring with a key of each kind."""
    keys = [
        ECKey.generate_key("P-256", {"kid": "b-1"}).as_dict(private=True),
        OKPKey.generate_key("Ed25519", {"kid": "b-2"}).as_dict(private=True),
    ]
    (folder / "ring.json").write_text(json.dumps({"keys": keys}))
    return KeyRing(folder / "ring.json", None, "did:web:talent.example")


def rate(work: Callable[[int], object], count: int, runs: int) -> float:
    """Calls a second of processor time: the median of several runs."""
    found = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        for number in range(count):
            work(number)
        found.append(count / (time.process_time() - start))
    return statistics.median(found)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(Path(folder), asked.count, asked.runs)
    raw = rows[0][1]
    print("| what | a second | of a raw Ed25519 signature |\n|---|---:|---:|")
    for name, found in rows:
        print(f"| {name} | {f'{found:,.0f}'.replace(',', ' ')} | {found / raw:.3f} |")


def measured(folder: Path, count: int, runs: int) -> list[tuple[str, float]]:
    """The rows: name and rate."""
    rules, keys, loop = scheme(), ring(folder), asyncio.new_event_loop()
    mint = LocalMint(Vault("A" * 43 + "="), keys, URL)
    holder = HolderName("阿旺洛桑", "ངག་དབང་བློ་བཟང་།", "Ngawang Lobsang")
    many = [
        achievement_credential(
            UUID(int=number + 1), f"XZTP4-2024-{number:04}-K", holder, rules, session="2024", issued_on=date(2025, 8, 1),
            valid_until=None, issuer=keys.controller, status=(f"{URL}/v1/assessment/status-lists/0", number),
        )
        for number in range(count)
    ]  # fmt: skip
    made = [
        Certificate(
            id=UUID(int=number + 1), participation=UUID(int=number + 1), assessment=UUID(int=1), account="a",
            programme=PROGRAMME, batch="batch-4", session="2024", unit="u", scheme_version="batch-4",
            requested_on=date(2025, 8, 1),
        )
        for number in range(count)
    ]  # fmt: skip
    signer = keys.signer("Ed25519")
    assert isinstance(signer, LocalSigner)
    options = proof_options(f"{keys.controller}#{signer.kid}", NOW)
    key, raw, message = signer, Ed25519PrivateKey.generate(), bytes(64)
    proven = [with_proof(each, options, key.signature(hashed(each, options, quads))) for each in many]
    jwts = [loop.run_until_complete(mint.forms.as_jwt(each, NOW))[0] for each in many]
    chosen = sorted(random.Random(1).sample(range(bitstring.LENGTH), REVOKED))
    lists = status_lists(keys, options, chosen)
    slots = [scattered(number, bytes(32)) for number in range(count)]
    few = max(1, count // 20)

    def whole(number: int) -> None:
        loop.run_until_complete(
            mint.mint(made[number], f"X-{number}", holder, rules, issued_on=date(2025, 8, 1), valid_until=None, at=NOW,
                      slot=slots[number])
        )  # fmt: skip

    def jwt(number: int) -> None:
        loop.run_until_complete(mint.forms.as_jwt(many[number], NOW))

    def embedded(number: int) -> None:
        with_proof(many[number], options, key.signature(hashed(many[number], options, quads)))

    known = StatusLists([json.dumps(each) for each in lists], keys.public, NOW + timedelta(minutes=1))
    return [
        ("raw Ed25519 signature of 64 bytes", rate(lambda _: raw.sign(message), count, runs)),
        ("canonical quads, direct", rate(lambda n: quads(many[n]), count, runs)),
        ("canonical quads, PyLD", rate(lambda n: canonical.quads(many[n]), few, runs)),
        ("embedded proof, signed", rate(embedded, count, runs)),
        ("embedded proof, verified (direct quads)", rate(lambda n: verify_proof(proven[n], keys.public, quads), count, runs)),
        ("embedded proof, verified (PyLD)", rate(lambda n: verify_proof(proven[n], keys.public, canonical.quads), few, runs)),
        ("ES256 JWT, signed", rate(jwt, count, runs)),
        ("ES256 JWT, verified", rate(lambda n: mint.forms.proven(jwts[n]), count, runs)),
        ("whole certificate: three forms, sealed", rate(whole, count, runs)),
        (f"status list built and packed, {REVOKED} of {bitstring.LENGTH} set", rate(lambda _: bitstring.packed(chosen), few, runs)),
        ("status looked up in two lists", rate(lambda n: bitstring.marks(many[n], known.known), count, runs)),
        ("offline check of a JWT with both lists", rate(lambda n: check(jwts[n], keys.public, known, NOW + timedelta(minutes=1)), count, runs)),
    ]  # fmt: skip


def status_lists(keys: KeyRing, options: dict[str, Any], chosen: list[int]) -> list[dict[str, Any]]:
    """Both lists, signed."""
    signer, made = keys.signer("Ed25519"), []
    assert isinstance(signer, LocalSigner)
    for purpose in bitstring.PURPOSES:
        unsigned = bitstring.list_credential(
            f"{URL}/v1/assessment/status-lists/0/{purpose}", purpose, bitstring.packed(chosen), issuer=keys.controller,
            since=NOW, lasts=timedelta(days=1), ttl=timedelta(minutes=5),
        )  # fmt: skip
        made.append(with_proof(unsigned, options, signer.signature(hashed(unsigned, options, quads))))
    return made


if __name__ == "__main__":
    main()
