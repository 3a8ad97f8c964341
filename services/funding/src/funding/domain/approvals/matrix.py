"""The approval matrix of a policy: amount → chain of authorities, by kind; and what autonomy takes off it (F-03, F-08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from shared.kernel.money import fen
from shared.kernel.refusals import Finding

BASIS_POINTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Authority:
    """One who approves: a name of the matrix and the organisation whose finance approver signs."""

    code: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of the approval matrix: up to this many fen (None: no limit), these authorities in order (F-03)."""

    up_to: int | None
    chain: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class Autonomy:
    """What a fund with autonomy is spared, and what is looked at afterwards instead (F-08).

    Attributes:
        kinds: where it may be granted at all.
        signatures: how many signatures of the chain remain, from the first; at least one, so that two persons act.
        up_to: fen of the rolling sum above which the whole chain signs all the same; None for no limit.
        ex_post_share: basis points of the shortened approvals that are drawn for a look afterwards.
    """

    kinds: frozenset[ApprovalKind]
    signatures: int
    up_to: int | None
    ex_post_share: int

    def spares(self, kind: ApprovalKind, rolling: int) -> bool:
        """True when an approval of this kind and rolling sum (fen) takes the shortened chain."""
        return kind in self.kinds and (self.up_to is None or rolling <= self.up_to)

    def draws(self, subject: UUID) -> bool:
        """True when this one is looked at afterwards; follows from its id, so that repeating draws no other lot."""
        return subject.int % BASIS_POINTS < self.ex_post_share


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who approves how much.

    Attributes:
        rolling_days: window of the rolling sum in days.
        tiers: for every kind that ``by_kind`` does not name.
        by_kind: tiers of single kinds.
        autonomy: what autonomous funds are spared; None when the policy knows no autonomy.
    """

    rolling_days: int
    tiers: tuple[Tier, ...]
    by_kind: Mapping[ApprovalKind, tuple[Tier, ...]]
    autonomy: Autonomy | None = None

    def level(self, kind: ApprovalKind, amount: int) -> int:
        """The tier, from 0, that ``amount`` fen falls into."""
        tiers = self.by_kind.get(kind, self.tiers)
        return next(nth for nth, tier in enumerate(tiers) if tier.up_to is None or amount <= tier.up_to)

    def chain_for(self, kind: ApprovalKind, amount: int) -> tuple[Authority, ...]:
        """The authorities that must approve ``amount`` fen, in order (F-03)."""
        return self.by_kind.get(kind, self.tiers)[self.level(kind, amount)].chain


def read_matrix(content: Mapping[str, Any]) -> Matrix:
    """The matrix of an effective policy that ``matrix_inconsistencies`` has nothing against."""
    approval, authorities = content["approval"], content["authorities"]

    def tiers(rows: list[Mapping[str, Any]]) -> tuple[Tier, ...]:
        return tuple(
            Tier(
                None if row["up_to"] is None else fen(row["up_to"]),
                tuple(Authority(code, authorities[code]) for code in row["chain"]),
            )
            for row in rows
        )

    spared = approval.get("autonomy")
    return Matrix(
        rolling_days=approval["rolling_days"],
        tiers=tiers(approval["tiers"]),
        by_kind={ApprovalKind(kind): tiers(rows) for kind, rows in approval.get("kinds", {}).items()},
        autonomy=None
        if spared is None
        else Autonomy(
            kinds=frozenset(ApprovalKind(kind) for kind in spared["kinds"]),
            signatures=spared["signatures"],
            up_to=None if spared["up_to"] is None else fen(spared["up_to"]),
            ex_post_share=spared["ex_post_share"],
        ),
    )


def matrix_inconsistencies(content: Mapping[str, Any]) -> Iterator[Finding]:
    """What a schema cannot say: tiers that do not ascend, authorities nobody knows."""
    approval, authorities = content["approval"], content["authorities"]
    rows = {"/approval/tiers": approval["tiers"]}
    rows |= {f"/approval/kinds/{kind}": tiers for kind, tiers in approval.get("kinds", {}).items()}
    for pointer, tiers in rows.items():
        limits = [tier["up_to"] for tier in tiers]
        amounts = [fen(limit) for limit in limits if limit is not None]
        if limits[-1] is not None or None in limits[:-1] or amounts != sorted(set(amounts)):
            yield Finding("tiers", "Tiers ascend and only the last has no limit.", pointer, "F-03")
        for nth, tier in enumerate(tiers):
            if unknown := sorted(set(tier["chain"]) - set(authorities)):
                yield Finding("unknown-authority", f"Not in authorities: {unknown}.", f"{pointer}/{nth}/chain")
