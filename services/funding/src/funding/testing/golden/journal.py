"""The journal of an office as text: day, kind, every posting with its account and the balance after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from funding.domain.ledger.accounts import Account
from funding.domain.ledger.entries import Entry, EntryKind
from shared.kernel.money import yuan


def journal(entries: Sequence[Entry], names: Mapping[UUID, str]) -> str:
    """Every entry in the order of booking; ``names`` say who owns the accounts of persons. Amounts in yuan."""
    balances: dict[Account, int] = defaultdict(int)
    numbers = {entry.id: nth for nth, entry in enumerate(entries, start=1)}
    lines: list[str] = []
    for entry in entries:
        lines.append(_head(entry, numbers, names))
        for posting in sorted(entry.postings, key=lambda each: (each.amount > 0, _place(each.account, names))):
            balances[posting.account] += posting.amount
            after = balances[posting.account]
            lines.append(f"    {_place(posting.account, names):<52} {yuan(posting.amount):>15} {yuan(after):>16}")
        lines.append("")
    return "\n".join([*lines, *_closing(balances)]) + "\n"


def _head(entry: Entry, numbers: Mapping[UUID, int], names: Mapping[UUID, str]) -> str:
    said = [f"{numbers[entry.id]:>3}", f"{entry.booked_on}", str(entry.kind)]
    if entry.participation is not None:
        said.append(names[entry.participation])
    if entry.kind is EntryKind.REVERSED and entry.reverses is not None:
        said.append(f"undoes {numbers[entry.reverses]}")
    if entry.memo:
        said.append(f"({entry.memo})")
    return "  ".join(said)


def _place(account: Account, names: Mapping[UUID, str]) -> str:
    owners = {str(id): name for id, name in names.items()}
    parts = [str(account.kind), owners.get(account.owner, account.owner), account.category or ""]
    return " / ".join(part for part in parts if part)


def _closing(balances: Mapping[Account, int]) -> list[str]:
    by_kind: dict[str, int] = defaultdict(int)
    for account, amount in balances.items():
        by_kind[account.kind] += amount
    rows = [f"    {kind:<52} {'':>15} {yuan(amount):>16}" for kind, amount in by_kind.items()]
    return ["Trial balance", *rows, f"    {'sum':<52} {'':>15} {yuan(sum(by_kind.values())):>16}"]
