"""Checking a trail from outside: every entry hashes to its leaf, the leaves to the signed root, the past is unchanged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Mapping
from typing import Any

from joserfc.jwk import KeySet

from shared.audit.entry import canonical
from shared.audit.merkle import Frontier, leaf_hash
from shared.audit.sealing import KIND, statement
from shared.identity.signatures import SignatureRefused, verify_signature

Sealed = Mapping[str, Any]
"""A sealed entry as the routes give it: ``position``, ``hash`` (hex), ``entry``."""
Signed = Mapping[str, Any]
"""A checkpoint as the routes give it: ``service``, ``size``, ``root``, ``statement``, ``signature``."""


def checkpoint_findings(service: str, checkpoint: Signed, keys: KeySet) -> list[str]:
    """What is wrong with a checkpoint by itself; empty when the service signed exactly this."""
    said = statement(service, checkpoint["size"], bytes.fromhex(checkpoint["root"]))
    if said.decode() != checkpoint["statement"]:
        return [f"{service}: the checkpoint of {checkpoint['size']} does not say what it signs"]
    try:
        signer = verify_signature(checkpoint["signature"], said, keys, kind=KIND)
    except SignatureRefused as refused:
        return [f"{service}: the checkpoint of {checkpoint['size']} is not signed ({refused})"]
    return [] if signer == service else [f"{service}: the checkpoint of {checkpoint['size']} was signed by {signer}"]


async def trail_findings(
    service: str, entries: AsyncIterable[Sealed], checkpoints: list[Signed], keys: KeySet
) -> list[str]:
    """What is wrong with a trail; empty when it is whole.

    Args:
        service: whose trail it is.
        entries: all entries in the order of the tree.
        checkpoints: the newest one, and any that the auditor kept from earlier visits.
        keys: the public signing keys.
    """
    found = [line for each in checkpoints for line in checkpoint_findings(service, each, keys)]
    awaited = {each["size"]: each["root"] for each in sorted(checkpoints, key=lambda each: each["size"])}
    edge, seen = Frontier(), set[int]()
    async for sealed in entries:
        if sealed["position"] != edge.size:
            found.append(f"{service}: position {edge.size} is missing; {sealed['position']} follows")
            return found
        leaf = leaf_hash(canonical(sealed["entry"]))
        if leaf.hex() != sealed["hash"]:
            found.append(f"{service}: entry {sealed['entry'].get('id')} at {sealed['position']} is not what was sealed")
        if sealed["entry"].get("id") in seen:
            found.append(f"{service}: entry {sealed['entry']['id']} was sealed twice")
        seen.add(sealed["entry"].get("id"))
        edge.append(leaf)
        if awaited.pop(edge.size, edge.root.hex()) != edge.root.hex():
            found.append(f"{service}: the first {edge.size} entries are not those of the checkpoint")
    found += [f"{service}: {edge.size} entries are there, the checkpoint counts {size}" for size in awaited if size]
    return found


def read_checkpoint(text: str) -> Signed:
    """A checkpoint that was kept as JSON. Raises ``ValueError`` when it is none."""
    read = json.loads(text)
    if not isinstance(read, dict) or not {"service", "size", "root", "statement", "signature"} <= set(read):
        raise ValueError("this is no checkpoint")
    return read
