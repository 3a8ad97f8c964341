"""Drill: every key that the platform holds is rotated while people work.

A secret that several replicas must share goes in three rounds: all learn to read the next one, all write the next one and
still read the earlier one, and, when nothing needs it any more, all forget the earlier one.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import OKPKey

from shared.identity.tokens import LEEWAY_SECONDS, LIFETIME_SECONDS
from shared.vault import Vault
from talent_local.drills.fleet import REPLACED, Fleet
from talent_local.drills.load import Load
from talent_local.drills.table import Table
from talent_local.home import replace
from talent_local.running.servers import postgres
from talent_local.trouble import Trouble

REWRAP_SECONDS: Final = 120.0
REWRAPPED: Final = ("selection", "assessment")
"""Whoever wraps anew by itself; the others keep the earlier key until what it wrapped has run out."""


async def drill(fleet: Fleet, load: Load, table: Table, *, overlap: bool = True) -> None:
    """Rotate signing keys, vault keys, cursor secrets and the keys of certificates.

    Args:
        fleet: runs.
        load: goes on meanwhile.
        table: hears what was seen.
        overlap: False retires the earlier signing keys without waiting until their last token has run out.
    """
    await _signing_keys(fleet, load, table, overlap=overlap)
    await _certificate_keys(fleet, load, table)
    await _shared_secrets(fleet, load, table)


async def _signing_keys(fleet: Fleet, load: Load, table: Table, *, overlap: bool) -> None:
    """Publish the next keys, let them sign, wait for the last token of the earlier ones, retire those; no restart."""
    began = time.monotonic()
    published: list[dict[str, Any]] = json.loads(fleet.keys.internal.read_text())["keys"]
    following = {
        owner: OKPKey.generate_key("Ed25519", {"kid": f"{owner}-2", "use": "sig"}, private=True)
        for owner in fleet.keys.private
    }
    publics = [key.as_dict(private=False) for key in following.values()]
    replace(fleet.keys.internal, json.dumps({"keys": [*published, *publics]}))
    await load.more(10)
    for owner, path in fleet.keys.private.items():
        replace(path, json.dumps(following[owner].as_dict(private=True)))
    await load.more(10)
    if overlap:
        await asyncio.sleep(LIFETIME_SECONDS + LEEWAY_SECONDS)
    retired = [key | {"retired": True} for key in published]
    if overlap:
        replace(fleet.keys.internal, json.dumps({"keys": [*retired, *publics]}))
        await load.more(20)
    waited = f", of which {LIFETIME_SECONDS + LEEWAY_SECONDS} s for the last token" if overlap else ", not retired"
    table.add("internal signing keys of gateway and services, no restart", f"{time.monotonic() - began:.1f} s{waited}")


async def _certificate_keys(fleet: Fleet, load: Load, table: Table) -> None:
    """Publish the next key, let it sign; the ring is read again when it is replaced."""
    began = time.monotonic()
    for step, algorithm in (("prepare", "ES256"), ("prepare", "Ed25519"), ("rotate", "ES256"), ("rotate", "Ed25519")):
        await asyncio.to_thread(_keys_of_certificates, fleet.keys.certificate, step, algorithm)
        await load.more(5)
    table.add("keys of certificates, no restart", f"{time.monotonic() - began:.1f} s")


def _keys_of_certificates(ring: Path, step: str, algorithm: str) -> None:
    command = [sys.executable, "-m", "assessment.keys", str(ring), step, algorithm]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"assessment.keys {step}: {done.stderr or done.stdout}")


async def _shared_secrets(fleet: Fleet, load: Load, table: Table) -> None:
    """Vault keys and cursor secrets in three rounds."""
    earlier = {name: (fleet.keys.secrets[f"vault.{name}"], fleet.keys.secrets[f"cursor.{name}"]) for name in REPLACED}
    following = {name: (_key(), _key()) for name in REPLACED}
    began = time.monotonic()
    for now, also in ((earlier, following), (following, earlier)):
        for name in REPLACED:
            fleet.settings[name] = _settings(name, now[name], also[name])
        await fleet.roll_all()
        await load.more(20)
    table.add("vault keys and cursor secrets: two rounds over five programs", f"{time.monotonic() - began:.1f} s")
    began = time.monotonic()
    left = await _wrapped_anew(fleet, following)
    table.add("keys of persons and certificates that the earlier key wraps", left, "0", left == 0)
    table.add("until the duties had wrapped them anew", f"{time.monotonic() - began:.1f} s")
    for name in REWRAPPED:
        fleet.settings[name] = _settings(name, following[name], None)
        await fleet.roll(name)
    await load.more(20)
    table.add("earlier vault keys and cursor secrets dropped", ", ".join(REWRAPPED))
    kept = {f"{kind}.{name}": following[name][n] for name in REPLACED for n, kind in enumerate(("vault", "cursor"))}
    replace(fleet.home.keys / "secrets.json", json.dumps(fleet.keys.secrets | kept))


def _settings(name: str, now: tuple[str, str], also: tuple[str, str] | None) -> dict[str, str]:
    chosen = {"VAULT_KEY": now[0], "CURSOR_SECRET": now[1]}
    if also is not None:
        chosen |= {"VAULT_KEYS_RETIRED": also[0], "CURSOR_SECRETS_RETIRED": also[1]}
    return {f"{name.upper()}_{key}": value for key, value in chosen.items()}


async def _wrapped_anew(fleet: Fleet, following: dict[str, tuple[str, str]]) -> int:
    """Wait until no wrapped key names another service key; how many are left when patience ends."""
    heads = {name: Vault(following[name][0]).current_head.hex() for name in REWRAPPED}
    deadline = time.monotonic() + REWRAP_SECONDS
    while True:
        left = 0
        for name, head in heads.items():
            left += await asyncio.to_thread(_wrapped_otherwise, fleet, name, head)
        if left == 0 or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.5)


def _wrapped_otherwise(fleet: Fleet, name: str, head: str) -> int:
    table, column = {"selection": ("person", "wrapped_key"), "assessment": ("certificate", "sealing_key")}[name]
    statement = (
        f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608 - constants
        f"AND encode(substring({column} FROM 1 FOR {len(head) // 2}), 'hex') <> '{head}'"
    )
    return int(postgres(fleet.home).execute(statement, database=name))


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
