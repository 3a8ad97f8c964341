"""The book: what may be posted, decided on balances alone. The database enforces the same rules a second time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from funding.domain.ledger.accounts import Account
from funding.domain.ledger.entries import Entry, EntryKind
from shared.kernel.money import yuan
from shared.kernel.refusals import Conflict, Finding, RuleViolated


class Book:
    """The part of the ledger that is open in one unit of work.

    Args:
        balances: fen by account; an absent account is empty.
        purposes: expense categories by fund (F-05).
        posted: source keys that were posted before.
        reversed_entries: ids of entries that were reversed before.
        closed: accounting months that take no posting any more.
    """

    def __init__(
        self,
        *,
        balances: Mapping[Account, int],
        purposes: Mapping[UUID, frozenset[str]],
        posted: Iterable[str] = (),
        reversed_entries: Iterable[UUID] = (),
        closed: Iterable[str] = (),
    ) -> None:
        self._balances = defaultdict(int, balances)
        self._purposes = purposes
        self._posted = set(posted)
        self._reversed = set(reversed_entries)
        self._closed = frozenset(closed)

    def balance(self, account: Account) -> int:
        """Fen on an account."""
        return self._balances[account]

    @property
    def total(self) -> int:
        """The sum of all balances: zero at every moment."""
        return sum(self._balances.values())

    def post(self, entry: Entry) -> None:
        """Take an entry in, or refuse it whole.

        Raises:
            Conflict: ``already-posted``, ``already-reversed`` or ``period-closed``.
            RuleViolated: ``purpose-locked`` (F-05) or ``overdrawn`` (F-02), with a finding per account.
        """
        if entry.reverses is not None and entry.reverses in self._reversed:
            raise Conflict("already-reversed", "This entry was reversed before.", entry=str(entry.reverses))
        if entry.source_key in self._posted:
            raise Conflict("already-posted", "This was booked before.", source_key=entry.source_key)
        if entry.period in self._closed:
            raise Conflict("period-closed", "The accounting month is closed; book in an open one.", period=entry.period)
        self._lock_purpose(entry)
        self._forbid_overdraft(entry)
        for posting in entry.postings:
            self._balances[posting.account] += posting.amount
        self._posted.add(entry.source_key)
        if entry.kind is EntryKind.REVERSED and entry.reverses is not None:
            self._reversed.add(entry.reverses)

    def _lock_purpose(self, entry: Entry) -> None:
        allowed = self._purposes.get(entry.fund, frozenset())
        used = {posting.account.category for posting in entry.postings} - {None}
        strange = sorted(category for category in used if category is not None and category not in allowed)
        if strange:
            raise RuleViolated(
                "purpose-locked",
                "This fund may not be used for these expense categories.",
                rule="F-05",
                categories=strange,
                purposes=sorted(allowed),
            )

    def _forbid_overdraft(self, entry: Entry) -> None:
        findings = [
            Finding(
                "overdrawn",
                f"{posting.account.kind} {posting.account.category or posting.account.owner}: {yuan(-after)} yuan short.",
                rule="F-02",
                values={"short": yuan(-after), "balance": yuan(after - posting.amount)},
            )
            for posting in entry.postings
            if posting.amount < 0
            and not posting.account.may_be_negative
            and (after := self._balances[posting.account] + posting.amount) < 0
        ]
        if findings:
            raise RuleViolated("overdrawn", "There is not enough money for this.", rule="F-02", findings=findings)
