"""The books of funding, recomputed from the journal alone: what the auditor believes is what the entries say."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

from talent_local import client
from talent_local.home import Home
from talent_local.trouble import Trouble

Get = Callable[[str], Any]
PURPOSELESS: Final = frozenset({"source", "granted"})
STATIONS: Final = ("available", "reserved", "committed")
"""Figures of a statement that are the balance of one kind of account."""
_PAGE: Final = 100
_VISITS: Final = 10


def check_books(home: Home, bearer: str) -> list[str]:
    """What is wrong with the books of this platform; empty when nothing is.

    Raises:
        Trouble: when funding does not answer the auditor.
    """

    def get(path: str) -> Any:
        answer = client.call(home, "GET", path, bearer)
        if answer.status != 200:
            raise Trouble(
                f"GET {path}: {answer.status} {answer.body}", "Is the platform up, and is this an auditor's token?"
            )
        return answer.body

    return book_findings(get)


def book_findings(get: Get) -> list[str]:
    """Walk through journal, accounts, months and statements; ``get`` answers a path below ``/v1/funding``.

    A platform at work books while it is read: whatever was booked between the journal and the accounts is read, too,
    and the accounts again, until nothing is new.

    Raises:
        Trouble: when it never comes to rest.
    """
    journal = _Journal()
    funds = {fund["id"]: fund for fund in _each(get, "/v1/funding/funds")}
    since = _read(get, journal, "")
    for _ in range(_VISITS):
        accounts = list(_each(get, "/v1/funding/accounts"))
        known = len(journal.entries)
        since = _read(get, journal, f"&updated_since={quote(since)}")
        if len(journal.entries) == known:
            break
    else:
        raise Trouble("The books never came to rest while they were read.", "Verify again when less is booked.")
    found = [*journal.found, *journal.reversals()]
    found += _purposes(journal, funds)
    found += _balances(journal, accounts)
    found += _months(get, journal, list(_each(get, "/v1/funding/periods")))
    for fund in funds:
        found += _statement(get, journal, fund)
    said = get("/v1/funding/trial-balance")
    if not said["balanced"] or said["total"] != "0.00":
        found.append(f"trial balance: the service itself says {said['total']}, {said['mismatches']} mismatches")
    return found


class _Journal:
    """What every entry said, summed. Amounts in fen."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.entries: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.paid: dict[str, str] = {}
        self.undone: dict[str, str] = {}
        self.accounts: dict[str, int] = defaultdict(int)
        self.cells: dict[tuple[str, str, str], int] = defaultdict(int)
        self.days: list[tuple[str, str, str, str, int]] = []

    def take(self, entry: dict[str, Any]) -> None:
        """Check an entry by itself and against those before."""
        if entry["id"] in self.entries:
            return
        name = f"entry {entry['id']}"
        self.entries[entry["id"]] = entry
        amounts = [_fen(side["amount"]) for side in entry["postings"]]
        if len(amounts) < 2 or sum(amounts) != 0 or 0 in amounts:
            self.found.append(f"{name} is not balanced: {len(amounts)} postings, sum {sum(amounts)} fen")
        if entry["period"] != entry["booked_on"][:7]:
            self.found.append(f"{name} of {entry['booked_on']} is in month {entry['period']}")
        self._once(self.keys, entry["source_key"], name, "has the source key of")
        if entry["reverses"] is not None:
            self._once(self.undone, entry["reverses"], name, "reverses the same as")
        if entry["kind"] == "paid":
            subject = entry.get("subject")
            if subject is None:
                self.found.append(f"{name} does not say what it pays")
            else:
                self._once(self.paid, subject, name, "pays the same instalment or claim as")
        for side, amount in zip(entry["postings"], amounts, strict=True):
            self.accounts[side["account"]] += amount
            cell = (entry["fund"], side["kind"], side["category"] or "")
            self.cells[cell] += amount
            self.days.append((entry["booked_on"], *cell, amount))

    def reversals(self) -> list[str]:
        """Reversals that do not undo exactly what they name."""
        found = []
        for original, by in self.undone.items():
            undone = self.entries.get(original)
            reversal = next(each for each in self.entries.values() if f"entry {each['id']}" == by)
            if undone is None or undone["reverses"] is not None:
                found.append(f"{by} reverses {original}, which is no entry that can be reversed")
            elif _sides(undone, -1) != _sides(reversal, 1):
                found.append(f"{by} does not undo {original} posting by posting")
        return found

    def _once(self, seen: dict[str, str], key: str, name: str, said: str) -> None:
        if key in seen:
            self.found.append(f"{name} {said} {seen[key]}")
        seen[key] = name


def _purposes(journal: _Journal, funds: dict[str, dict[str, Any]]) -> list[str]:
    found = []
    for fund, kind, category in journal.cells:
        allowed = funds[fund]["purposes"] if fund in funds else []
        if (category == "") != (kind in PURPOSELESS) or (category and category not in allowed):
            found.append(f"fund {fund}: {kind} holds money for '{category}', which is not its purpose (F-05)")
    return found


def _balances(journal: _Journal, accounts: list[dict[str, Any]]) -> list[str]:
    found = []
    for account in accounts:
        said, summed = _fen(account["balance"]), journal.accounts.get(account["id"], 0)
        if said != summed:
            found.append(f"account {account['id']} says {said} fen, its postings {summed}")
        if said < 0 and account["kind"] != "source":
            found.append(f"account {account['id']} ({account['kind']}) is overdrawn: {said} fen")
    unknown = set(journal.accounts) - {account["id"] for account in accounts}
    found += [f"account {id} has postings and is not in the list" for id in sorted(unknown)]
    if (total := sum(journal.accounts.values())) != 0:
        found.append(f"all postings together are {total} fen, not zero")
    return found


def _months(get: Get, journal: _Journal, periods: list[dict[str, Any]]) -> list[str]:
    """A closed month says for ever what its entries say."""
    found = []
    for month in sorted(period["key"] for period in periods if period["state"] == "closed"):
        last = f"{month}-{_last_day(month):02d}"
        said = get(f"/v1/funding/statements/trial-balance?as_of={last}")
        summed: dict[tuple[str, str, str], int] = defaultdict(int)
        for day, fund, kind, category, amount in journal.days:
            if day <= last:
                summed[fund, kind, category] += amount
        shown = {(x["fund"], x["kind"], x["category"] or ""): _fen(x["balance"]) for x in said["rows"]}
        found += [
            f"as of {last} {cell} says {shown.get(cell, 0)} fen, its entries {summed.get(cell, 0)}"
            for cell in sorted({*summed, *shown})
            if summed.get(cell, 0) != shown.get(cell, 0)
        ]
    return found


def _statement(get: Get, journal: _Journal, fund: str) -> list[str]:
    said = get(f"/v1/funding/statements/funds/{quote(fund)}?as_of=9999-12-30")
    figures = {figure["name"]: _fen(figure["amount"]) for figure in said["whole"]["figures"]}
    by_kind: dict[str, int] = defaultdict(int)
    for (of, kind, _), amount in journal.cells.items():
        if of == fund:
            by_kind[kind] += amount
    expected = {kind: by_kind[kind] for kind in STATIONS} | {
        "instructed": by_kind["in_transit"],
        "clawback_due": by_kind["receivable"],
        "balance": sum(by_kind.values()) - sum(by_kind[kind] for kind in ("source", "disbursed", "receivable")),
    }
    found = [
        f"fund {fund}: the statement says {name} {figures[name]} fen, the entries {amount}"
        for name, amount in expected.items()
        if figures[name] != amount
    ]
    if figures["disbursed"] + figures["reimbursed"] != by_kind["disbursed"]:
        found.append(f"fund {fund}: disbursed and reimbursed are not what was paid and kept")
    return found


def _read(get: Get, journal: _Journal, since: str) -> str:
    """Take in the journal (since a watermark); gives the watermark for the next visit."""
    watermark = cursor = ""
    while True:
        page = get(f"/v1/funding/entries?limit={_PAGE}{since}{cursor}")
        watermark = watermark or page["watermark"]
        for entry in page["items"]:
            journal.take(entry)
        if page["next_cursor"] is None:
            return str(watermark)
        cursor = f"&cursor={quote(page['next_cursor'], safe='')}"


def _each(get: Get, path: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = get(f"{path}?limit={_PAGE}{cursor}")
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={quote(page['next_cursor'], safe='')}"


def _sides(entry: dict[str, Any], sign: int) -> list[tuple[str, int]]:
    return sorted((side["account"], sign * _fen(side["amount"])) for side in entry["postings"])


def _fen(amount: str) -> int:
    whole, _, part = amount.removeprefix("-").partition(".")
    return (-1 if amount.startswith("-") else 1) * (int(whole) * 100 + int(part.ljust(2, "0")))


def _last_day(month: str) -> int:
    return monthrange(int(month[:4]), int(month[5:]))[1]
