"""Routes of the audit trail: entries with their leaves, checkpoints, proofs; for auditors (F-06)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import text

from shared.audit.entry import entry_of
from shared.audit.merkle import consistency_path, inclusion_path
from shared.audit.sealing import KIND, statement
from shared.http.cursors import binding
from shared.http.guards import query
from shared.http.problems import PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.kernel.refusals import Finding, NotFound, RuleViolated

_PAGE = text(
    """SELECT l.position, l.hash, a.* FROM audit_leaf l JOIN audit a ON a.id = l.audit_id
    WHERE l.position > :after ORDER BY l.position LIMIT :most"""
)
_CHECKPOINT = text(
    "SELECT size, root, at, signature FROM audit_checkpoint WHERE size = :size OR :size = -1 ORDER BY size DESC LIMIT 1"
)
_HASHES = text("SELECT hash FROM audit_leaf WHERE position < :size ORDER BY position")
_MOST = 1000
_Size = Annotated[int, QueryParameter(ge=1, le=2**62, description="number of entries of a checkpoint")]


class SealedEntry(Resource):
    """An entry of the trail and its place in the tree; ``hash`` is SHA-256(0x00 ‖ canonical JSON of ``entry``), hex."""

    position: int
    hash: str
    entry: dict[str, Any]


class SealedEntries(Resource):
    """A page of the trail in the order of the tree."""

    items: list[SealedEntry]
    next_cursor: str | None = None


class Checkpoint(Resource):
    """A signed statement of how the tree stood: ``signature`` is a detached JWS over ``statement``."""

    service: str
    size: int
    root: str
    at: datetime
    statement: str
    signature: str
    kind: str = KIND


class AuditProof(Resource):
    """A path of hashes (hex) as RFC 9162 defines it, from ``first`` (a position or a size) to the tree of ``size``."""

    first: int
    size: int
    path: list[str]


def audit_router(service: str) -> APIRouter:
    """The routes of one service; its policy table needs a rule ``audit.read``."""
    router = APIRouter(prefix=f"/v1/{service}/audit", tags=["audit"], responses=PROBLEMS)

    @router.get("/entries", response_model=SealedEntries)
    async def list_audit_entries(
        query: Annotated[Query, Depends(query("audit.read"))],
        limit: Annotated[int, QueryParameter(description="items a page, 1 to 1 000; others are coerced")] = 100,
        cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    ) -> Response:
        """The sealed entries, oldest first."""
        bound = binding("audit.entries", {"sub": query.actor.subject})
        after = query.running.cursors.read(bound, cursor)[0] if cursor else -1
        most = max(1, min(limit, _MOST))
        rows = (await query.connection.execute(_PAGE, {"after": after, "most": most + 1})).mappings().all()
        items = [
            SealedEntry(position=row["position"], hash=row["hash"].hex(), entry=entry_of(dict(row)))
            for row in rows[:most]
        ]
        following = query.running.cursors.make(bound, [items[-1].position]) if len(rows) > most else None
        return query.answer(SealedEntries(items=items, next_cursor=following))

    @router.get("/checkpoints/latest", response_model=Checkpoint)
    async def read_latest_checkpoint(query: Annotated[Query, Depends(query("audit.read"))]) -> Response:
        """The newest checkpoint; keep it: a later trail that does not extend it was rewritten."""
        return query.answer(await _checkpoint(query, service, -1))

    @router.get("/checkpoints/{size}", response_model=Checkpoint)
    async def read_checkpoint(size: int, query: Annotated[Query, Depends(query("audit.read"))]) -> Response:
        """The checkpoint over the first ``size`` entries."""
        if not 0 < size < 2**62:
            raise NotFound("not-found", "There is no such checkpoint.")
        return query.answer(await _checkpoint(query, service, size))

    @router.get("/consistency", response_model=AuditProof)
    async def prove_consistency(
        query: Annotated[Query, Depends(query("audit.read"))], old: _Size, new: _Size
    ) -> Response:
        """The proof that the tree of ``new`` entries begins with that of ``old``."""
        hashes = await _hashes(query, new)
        if old > new:
            raise _outside("old")
        return query.answer(AuditProof(first=old, size=new, path=_hex(consistency_path(old, hashes))))

    @router.get("/entries/{position}/proof", response_model=AuditProof)
    async def prove_inclusion(
        position: int, query: Annotated[Query, Depends(query("audit.read"))], size: _Size
    ) -> Response:
        """The proof that the entry at ``position`` is in the tree of ``size`` entries."""
        hashes = await _hashes(query, size)
        if not 0 <= position < size:
            raise _outside("position")
        return query.answer(AuditProof(first=position, size=size, path=_hex(inclusion_path(position, hashes))))

    return router


async def _checkpoint(query: Query, service: str, size: int) -> Checkpoint:
    row = (await query.connection.execute(_CHECKPOINT, {"size": size})).first()
    if row is None:
        raise NotFound("not-found", "There is no such checkpoint.")
    said = statement(service, row.size, row.root).decode()
    return Checkpoint(
        service=service, size=row.size, root=row.root.hex(), at=row.at, statement=said, signature=row.signature
    )


async def _hashes(query: Query, size: int) -> list[bytes]:
    hashes = [row.hash for row in await query.connection.execute(_HASHES, {"size": size})]
    if len(hashes) < size:
        raise _outside("size")
    return hashes


def _outside(name: str) -> RuleViolated:
    finding = Finding("outside-the-tree", "There are not that many entries.", f"/{name}")
    return RuleViolated("outside-the-tree", "The tree does not reach that far.", findings=[finding])


def _hex(path: list[bytes]) -> list[str]:
    return [each.hex() for each in path]
