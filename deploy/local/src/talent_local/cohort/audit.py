"""The auditor: what must hold of every book of a platform at rest (the invariants of the reliability programme).

It reads the databases, never through the services, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from talent_local.home import Home
from talent_local.running.servers import SERVICES, postgres

SAID: Final = (
    "(SELECT event_id, type, aggregate_type, aggregate_id, aggregate_seq FROM outbox UNION ALL "
    "SELECT event_id, type, aggregate_type, aggregate_id, aggregate_seq FROM event_archive) AS said"
)
"""Everything a service ever announced."""
PLUMBED: Final = (*SERVICES, "gateway")

TERMINAL: Final = {
    ("selection", "application"): ("completed", "not_selected", "rejected", "withdrawn"),
    ("placement", "placement"): ("closed", "ended", "returned_to_post"),
    ("placement", "report"): ("acknowledged", "lapsed"),
    ("assessment", "assessment"): ("confirmed", "void"),
    ("assessment", "certificate"): ("issued", "revoked", "cancelled"),
    ("funding", "participation"): ("settled", "released"),
    ("funding", "instalment"): ("paid", "void", "clawed_back"),
    ("funding", "disbursement"): ("confirmed",),
}
"""Where everything stands when the road has been walked to its end."""

STORIES: Final = {
    "selection": r"(application\.submitted )+(selected |reserve\.promoted selected |selected reserve\.promoted )?"
    r"(application\.withdrawn |deselected |slot\.vacant |story\.closed )*",
    "placement": r"(match\.proposed (match\.declined )?)*(placed )?(agreement\.in_force |plan\.in_force |mentor\.active )*"
    r"(placement\.arrived )?((placement\.changed|report\.acknowledged|report\.overdue) )*(placement\.ended )?"
    r"((report\.acknowledged|report\.overdue) )*",
    "assessment": r"(assessment\.opened )?(assessed ((certified (waiver\.granted )?)|(waiver\.granted certified ))?)?"
    r"(certificate\.suspended certificate\.reinstated )*(certificate\.(suspended|revoked) )?",
    "funding": r"(funding\.reserved )?(funding\.committed )*"
    r"((instalment\.due|instalment\.paid|funding\.committed|funding\.released|funding\.clawback_due|funding\.clawed_back"
    r"|funding\.settled) )*",
}
"""What a service may say of one participation, in its order; event names are followed by a blank."""


def violations(home: Home) -> list[str]:
    """Every invariant that does not hold, as sentences; empty when all do."""
    found = [*_queues(home), *_streams(home), *_delivered(home), *_books(home), *_finished(home), *_stories(home)]
    return sorted(found)


def book(home: Home) -> list[tuple[Any, ...]]:
    """The journal without recorded times: kind, day, participation, account, amount of every posting, in order."""
    return rows(
        home,
        "funding",
        "SELECT e.kind, e.booked_on::text, coalesce(e.participation::text, ''), a.kind, a.owner, coalesce(a.category, ''), "
        "p.amount FROM posting p JOIN entry e ON e.id = p.entry JOIN account a ON a.id = p.account ORDER BY 1, 2, 3, 4, 5, 6, 7",
    )


def _queues(home: Home) -> Iterator[str]:
    """I12: nothing is on its way; nothing waits or is parked."""
    for service in PLUMBED:
        for table, where in (
            ("outbox", "published_at IS NULL"),
            ("pending", "resolution IS NULL"),
            ("parked", "resolution IS NULL"),
        ):
            count = _one(home, service, f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608 - constants
            if count:
                yield f"I12 {service}: {count} rows in {table}"


def _streams(home: Home) -> Iterator[str]:
    """I5: events of an aggregate are numbered 1 to n, and every consumer has applied exactly up to n."""
    for source in SERVICES:
        streams = rows(
            home,
            source,
            f"SELECT aggregate_id, max(aggregate_seq), count(*), min(aggregate_seq) FROM {SAID} GROUP BY aggregate_id",  # noqa: S608
        )
        last = {key: most for key, most, _, _ in streams}
        for key, most, count, least in streams:
            if (least, count) != (1, most):
                yield f"I5 {source}: events of {key} are not numbered 1 to {most}"
        for consumer in PLUMBED:
            cursors = dict(
                rows(
                    home,
                    consumer,
                    "SELECT aggregate_id, last_seq FROM aggregate_cursor WHERE consumer = %s AND source = %s",
                    consumer,
                    f"/{source}",
                )
            )
            for key, seen in cursors.items():
                if last.get(key) != seen:
                    yield f"I5 {consumer} has applied {seen} of {last.get(key)} events of {source} {key}"
            if consumer == "gateway" and set(cursors) != set(last):
                yield f"I5 gateway knows {len(cursors)} of {len(last)} subjects of {source}"


def _delivered(home: Home) -> Iterator[str]:
    """I3 and I4: what was committed with an outbox row went through the log and was applied exactly once."""
    for source in SERVICES:
        sent = [str(row[0]) for row in rows(home, source, f"SELECT event_id FROM {SAID}")]  # noqa: S608 - a constant
        heard = [
            str(row[0]) for row in rows(home, "gateway", "SELECT event_id FROM feed WHERE source = %s", f"/{source}")
        ]
        if len(heard) != len(set(heard)):
            yield f"I4 {len(heard) - len(set(heard))} events of {source} are in the feed twice"
        if set(sent) != set(heard):
            yield f"I3 {source}: {len(set(sent) - set(heard))} events never arrived, {len(set(heard) - set(sent))} never sent"


def _books(home: Home) -> Iterator[str]:
    """I4: every entry sums to zero, balances follow from postings, nothing is booked or paid twice, settled is settled."""
    checks = {
        "entries that do not sum to zero": "SELECT count(*) FROM (SELECT entry FROM posting GROUP BY entry HAVING sum(amount) <> 0) x",
        "entries booked twice": "SELECT count(*) - count(DISTINCT source_key) FROM entry",
        "accounts whose balance is not the sum of their postings": "SELECT count(*) FROM account a WHERE a.balance <> "
        "coalesce((SELECT sum(amount) FROM posting p WHERE p.account = a.id), 0)",
        "settled participations whose money is not what is owed": "SELECT count(*) FROM participation WHERE state = 'settled' "
        "AND paid - clawed_back <> entitled",
        "instalments paid twice": "SELECT count(*) - count(DISTINCT (payload->>'instalment')) FROM outbox "
        "WHERE type LIKE '%.instalment.paid.v1'",
    }
    for what, statement in checks.items():
        count = _one(home, "funding", statement)
        if count:
            yield f"I4 funding: {count} {what}"
    postings = _one(home, "funding", "SELECT coalesce(sum(amount), 0) FROM posting")
    if postings:
        yield f"I4 funding: all postings sum to {postings}"


def _finished(home: Home) -> Iterator[str]:
    """I7: no case is forgotten on the way."""
    for (service, table), states in TERMINAL.items():
        statement = f"SELECT state, count(*) FROM {table} WHERE NOT state = ANY(%s) GROUP BY state"  # noqa: S608 - constants
        for state, count in rows(home, service, statement, list(states)):
            yield f"I7 {service}: {count} {table} still {state}"


def _stories(home: Home) -> Iterator[str]:
    """I6: what a service said of a participation is a story that its lifecycles allow."""
    for source, grammar in STORIES.items():
        told = rows(
            home,
            source,
            "SELECT aggregate_id, string_agg(split_part(replace(type, %s, ''), '.v1', 1) || ' ', '' ORDER BY aggregate_seq) "  # noqa: S608
            f"FROM {SAID} WHERE aggregate_type = 'participation' GROUP BY aggregate_id",
            f"cn.talent.{source}.",
        )
        for key, story in told:
            if not re.fullmatch(grammar, story):
                yield f"I6 {source} told of {key}: {story}"


@contextmanager
def _connection(home: Home, service: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres(home).dsn(service, user=service)) as connection:
        connection.read_only = True
        yield connection


def rows(home: Home, service: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement finds in the database of a service."""
    with _connection(home, service) as connection:
        return list(connection.execute(statement, values or None).fetchall())


def _one(home: Home, service: str, statement: str) -> Any:
    return rows(home, service, statement)[0][0]
