"""Sealing: new entries of the audit trail become leaves of the tree, and a signed checkpoint says how it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.audit.entry import canonical, entry_of
from shared.audit.merkle import Frontier, leaf_hash
from shared.identity.signatures import DocumentSigner
from shared.messaging.duties import Duty

KIND: Final = "audit-checkpoint"
"""``typ`` of the signature of a checkpoint."""
EVERY_SECONDS: Final = 20.0
_MOST: Final = 5000
_HASH: Final = 32
_LAST: Final = text("SELECT size, frontier FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
_UNSEALED: Final = text(
    """SELECT a.id, a.at, a.business_at, a.subject, a.organisation, a.roles, a.action, a.object_type, a.object_id,
           a.outcome, a.purpose, a.trace, a.details
    FROM audit a
    WHERE a.id > coalesce((SELECT l.audit_id FROM audit_leaf l WHERE l.position = (
              SELECT c.size - 1 FROM audit_checkpoint c WHERE c.at < now() - interval '10 minutes'
              ORDER BY c.size DESC LIMIT 1)), 0) - 5000
      AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.audit_id = a.id)
    ORDER BY a.id LIMIT :most"""
)
"""Entries without a leaf. Ids are drawn before their transaction commits, so a lower id may appear after a higher one:
what is looked at again reaches back ten minutes, far beyond the longest transaction (limits of 30 and 60 s)."""
_LEAVES: Final = text(
    """INSERT INTO audit_leaf (position, audit_id, hash)
    SELECT :size + l.nth, l.id, decode(l.hash, 'hex')
    FROM jsonb_to_recordset(CAST(:leaves AS jsonb)) AS l(nth bigint, id bigint, hash text)"""
)
_CHECKPOINT: Final = text(
    "INSERT INTO audit_checkpoint (size, root, frontier, at, signature) VALUES (:size, :root, :frontier, now(), :signature)"
)


def statement(service: str, size: int, root: bytes) -> bytes:
    """What a checkpoint signs: whose tree, how many entries, which root (hex)."""
    return canonical({"service": service, "size": size, "root": root.hex()})


async def seal(connection: AsyncConnection, service: str, signer: DocumentSigner) -> int:
    """Give every new entry its leaf and write a checkpoint; the number of entries sealed.

    One process at a time does this (the duty's lock); leaves and checkpoint appear together.
    """
    last = (await connection.execute(_LAST)).first()
    size, kept = (last.size, last.frontier) if last else (0, b"")
    edge = Frontier(size, [kept[at : at + _HASH] for at in range(0, len(kept), _HASH)])
    rows = (await connection.execute(_UNSEALED, {"most": _MOST})).mappings().all()
    if not rows:
        return 0
    leaves = []
    for nth, row in enumerate(rows):
        leaf = leaf_hash(canonical(entry_of(dict(row))))
        edge.append(leaf)
        leaves.append({"nth": nth, "id": row["id"], "hash": leaf.hex()})
    await connection.execute(_LEAVES, {"size": size, "leaves": orjson.dumps(leaves).decode()})
    signature = signer.sign(statement(service, edge.size, edge.root), kind=KIND)
    await connection.execute(
        _CHECKPOINT,
        {"size": edge.size, "root": edge.root, "frontier": b"".join(edge.peaks), "signature": signature},
    )
    return len(rows)


def sealing(service: str, key: Path) -> Duty:
    """The duty that seals the trail of ``service`` with its own private key."""
    signer = DocumentSigner(key, service)

    async def run(work: Any) -> int:
        return await seal(work.connection, service, signer)

    return Duty("audit-sealing", EVERY_SECONDS, run)
