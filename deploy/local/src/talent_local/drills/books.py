"""What the books say after a drill: events each exactly once, the trial balance, what the auditor finds from outside."""

from __future__ import annotations

from talent_local.auditing.books import check_books
from talent_local.auditing.trail import check_trail
from talent_local.client import token
from talent_local.cohort.audit import SAID, rows
from talent_local.drills.table import Table
from talent_local.home import Home
from talent_local.running.servers import SERVICES


def count(home: Home, table: Table) -> None:
    """Events announced and arrived, and the sum of all postings, counted in the databases of a platform at rest."""
    said = [str(row[0]) for service in SERVICES for row in rows(home, service, f"SELECT event_id FROM {SAID}")]  # noqa: S608
    heard = [str(row[0]) for row in rows(home, "gateway", "SELECT event_id FROM feed")]
    once = len(heard) == len(set(heard)) and set(heard) == set(said)
    table.add(
        "events announced; arrived in the gateway's feed", f"{len(said)}; {len(heard)}", "each exactly once", once
    )
    postings, balance = rows(home, "funding", "SELECT count(*), coalesce(sum(amount), 0) FROM posting")[0]
    table.add("trial balance", f"{balance} fen over {postings} postings", "0", balance == 0)


def trails(home: Home, table: Table) -> None:
    """Read the audit trails through the public interface, and who signed their checkpoints; they hold this visit's."""
    bearer = token(home, username="auditor")
    found = [each for service in SERVICES for each in check_trail(home, bearer, service, home.root / "checkpoints")]
    table.add("findings in the audit trails and their signed checkpoints", "; ".join(found) or 0, "0", not found)


def verify(home: Home, table: Table) -> None:
    """Recompute books and trails through the public interface, as `talent audit verify` does."""
    found = check_books(home, token(home, username="auditor"))
    table.add("findings in the books, recomputed", "; ".join(found) or 0, "0", not found)
    trails(home, table)
