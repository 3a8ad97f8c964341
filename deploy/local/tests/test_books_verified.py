"""What `talent audit verify --books` finds in books that were tampered with, one rule at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from talent_local.auditing.books import book_findings

FUND = "f"
ACCOUNTS = {
    "s": ("source", "central", None), "g": ("granted", "central", None), "c": ("committed", "p1", "travel"),
    "t": ("in_transit", "p1", "travel"), "d": ("disbursed", "p1", "travel"),
}  # fmt: skip


def entry(id: str, kind: str, day: str, *sides: tuple[str, str], **more: Any) -> dict[str, Any]:
    """An entry as the service shows it."""
    postings = [
        {"account": a, "kind": ACCOUNTS[a][0], "owner": ACCOUNTS[a][1], "category": ACCOUNTS[a][2], "amount": amount}
        for a, amount in sides
    ]
    said = {"id": id, "fund": FUND, "kind": kind, "source_key": f"key-{id}", "booked_on": day, "period": day[:7]}
    return said | {"reverses": None, "subject": None, "postings": postings} | more


class Funding:
    """A service that answers like funding; tests change what it says."""

    def __init__(self) -> None:
        self.entries = [
            entry("1", "granted", "2024-03-01", ("s", "-100.00"), ("g", "100.00")),
            entry("2", "granted", "2024-03-02", ("s", "-5.00"), ("g", "5.00")),
            entry("3", "reversed", "2024-04-02", ("s", "5.00"), ("g", "-5.00"), reverses="2"),
            entry("4", "committed", "2024-04-03", ("g", "-30.01"), ("c", "30.01")),
            entry("5", "instructed", "2024-04-04", ("c", "-30.01"), ("t", "30.01"), subject="i1"),
            entry("6", "paid", "2024-04-05", ("t", "-30.01"), ("d", "30.01"), subject="i1"),
        ]
        self.balances = {"s": "-100.00", "g": "69.99", "c": "0.00", "t": "0.00", "d": "30.01"}
        self.figures = {
            "available": "0.00", "reserved": "0.00", "committed": "0.00", "instructed": "0.00", "clawback_due": "0.00",
            "balance": "69.99", "disbursed": "30.01", "reimbursed": "0.00",
        }  # fmt: skip
        self.march = [("source", None, "-105.00"), ("granted", None, "105.00")]

    def get(self, path: str) -> Any:
        """The answer to a path, two items a page."""
        address = urlsplit(path)
        match address.path.removeprefix("/v1/funding/"):
            case "funds":
                return page([{"id": FUND, "purposes": ["travel"]}], address.query)
            case "entries":
                return page(self.entries, address.query)
            case "accounts":
                rows = [{"id": a, "kind": ACCOUNTS[a][0], "balance": said} for a, said in self.balances.items()]
                return page(rows, address.query)
            case "periods":
                return page([{"key": "2024-03", "state": "closed"}, {"key": "2024-04", "state": "open"}], address.query)
            case "trial-balance":
                return {"balanced": True, "total": "0.00", "mismatches": 0}
            case "statements/trial-balance":
                assert parse_qs(address.query)["as_of"] == ["2024-03-31"]
                return {"rows": [{"fund": FUND, "kind": k, "category": c, "balance": b} for k, c, b in self.march]}
        figures = [{"name": name, "amount": amount} for name, amount in self.figures.items()]
        return {"whole": {"figures": figures}}


def page(items: list[dict[str, Any]], query: str) -> dict[str, Any]:
    """Two items from where the cursor says."""
    first = int(parse_qs(query).get("cursor", ["0"])[0])
    following = str(first + 2) if first + 2 < len(items) else None
    return {
        "items": copy.deepcopy(items[first : first + 2]),
        "next_cursor": following,
        "watermark": "2026-01-01T00:00:00Z",
    }


def _unbalance(it: Funding) -> None:
    it.entries[3]["postings"][0]["amount"] = "-30.00"


def _wrong_month(it: Funding) -> None:
    it.entries[3]["period"] = "2024-05"


def _same_key(it: Funding) -> None:
    it.entries[1]["source_key"] = "key-1"


def _pay_twice(it: Funding) -> None:
    it.entries.append(entry("7", "paid", "2024-04-06", ("c", "-1.00"), ("d", "1.00"), subject="i1"))


def _pay_nothing(it: Funding) -> None:
    it.entries[5]["subject"] = None


def _reverse_more(it: Funding) -> None:
    it.entries[2]["reverses"] = "1"


def _reverse_unknown(it: Funding) -> None:
    it.entries[2]["reverses"] = "99"


def _banquet(it: Funding) -> None:
    it.entries[3]["postings"][1]["category"] = "banquets"


def _balance(it: Funding) -> None:
    it.balances["g"] = "70.00"


def _overdrawn(it: Funding) -> None:
    it.balances["c"] = "-1.00"


def _hidden_account(it: Funding) -> None:
    del it.balances["d"]


def _month(it: Funding) -> None:
    it.march[1] = ("granted", None, "104.99")


def _statement(it: Funding) -> None:
    it.figures["balance"] = "70.00"


def _disbursed(it: Funding) -> None:
    it.figures["reimbursed"] = "0.01"


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_unbalance, "is not balanced"),
        (_wrong_month, "is in month 2024-05"),
        (_same_key, "has the source key of entry 1"),
        (_pay_twice, "pays the same instalment or claim as entry 6"),
        (_pay_nothing, "does not say what it pays"),
        (_reverse_more, "does not undo 1 posting by posting"),
        (_reverse_unknown, "reverses 99"),
        (_banquet, "'banquets', which is not its purpose"),
        (_balance, "says 7000 fen, its postings 6999"),
        (_overdrawn, "is overdrawn: -100 fen"),
        (_hidden_account, "account d has postings and is not in the list"),
        (_month, "as of 2024-03-31"),
        (_statement, "the statement says balance 7000 fen, the entries 6999"),
        (_disbursed, "disbursed and reimbursed"),
    ],
)
def test_what_was_tampered_with_is_found(tamper: Callable[[Funding], None], said: str) -> None:
    """Each rule of the ledger is recomputed from the journal."""
    service = Funding()
    tamper(service)

    assert any(said in finding for finding in book_findings(service.get)), book_findings(service.get)


def test_good_books_have_no_findings() -> None:
    """The same books untouched."""
    assert book_findings(Funding().get) == []
