"""Rows of an import in the database: loaded with COPY, compared as sets, nothing in them tells who a person is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from selection.domain.importing.row import CheckedRow, RowProblem
from selection.usecases.importing.words import said

_COLUMNS = ("job_id", "number", "outcome", "identity_index", "likeness", "digest", "problems")
_CLEAR = text("DELETE FROM import_row WHERE job_id = :job")
_KNOWN = text(
    """SELECT p.identity_index, p.id AS person, p.name_zh, p.account, a.id AS application, r.digest
    FROM person p LEFT JOIN application a ON a.person_id = p.id AND a.call_id = :call
    LEFT JOIN registration r ON r.id = a.id WHERE p.identity_index = ANY(:indexes)"""
)
_ALIKE = text(
    """SELECT DISTINCT w.number FROM unnest(CAST(:numbers AS int[]), CAST(:names AS text[]), CAST(:births AS date[]),
        CAST(:units AS text[]), CAST(:indexes AS bytea[])) AS w(number, name, birth, unit, index)
    JOIN person p ON p.birth_date = w.birth AND p.name_zh = w.name AND p.identity_index <> w.index
    JOIN application a ON a.person_id = p.id AND a.unit = w.unit"""
)
_TWICE = text(
    """UPDATE import_row r SET outcome = 'wrong', problems = coalesce(problems, '[]'::jsonb) || CAST(:problem AS jsonb)
    FROM (SELECT number, row_number() OVER (PARTITION BY identity_index ORDER BY number) AS nth
          FROM import_row WHERE job_id = :job AND identity_index IS NOT NULL) d
    WHERE r.job_id = :job AND r.number = d.number AND d.nth > 1"""
)
_ALIKE_HERE = text(
    """UPDATE import_row r SET problems = coalesce(problems, '[]'::jsonb) || CAST(:problem AS jsonb)
    FROM (SELECT likeness FROM import_row WHERE job_id = :job AND likeness IS NOT NULL GROUP BY likeness
          HAVING count(DISTINCT identity_index) > 1) d
    WHERE r.job_id = :job AND r.likeness = d.likeness
      AND NOT coalesce(r.problems @> '[{"code": "possible-duplicate"}]'::jsonb, false)"""
)
_COUNTS = text(
    """SELECT count(*) AS total, count(*) FILTER (WHERE outcome = 'ok') AS ok,
        count(*) FILTER (WHERE outcome = 'wrong') AS wrong, count(*) FILTER (WHERE outcome = 'unchanged') AS unchanged,
        count(*) FILTER (WHERE outcome <> 'wrong' AND problems IS NOT NULL) AS warned
    FROM import_row WHERE job_id = :job"""
)
_READY = text(
    """SELECT r.number, r.identity_index, r.digest, p.id AS person, a.id AS application
    FROM import_row r LEFT JOIN person p ON p.identity_index = r.identity_index
    LEFT JOIN application a ON a.person_id = p.id AND a.call_id = :call
    WHERE r.job_id = :job AND r.number = ANY(:numbers) AND r.outcome = 'ok'"""
)
_APPLIED = text(
    """UPDATE import_row r SET outcome = 'applied', application = d.application
    FROM unnest(CAST(:numbers AS int[]), CAST(:applications AS uuid[])) AS d(number, application)
    WHERE r.job_id = :job AND r.number = d.number"""
)
_LATE = text(
    """UPDATE import_row SET outcome = 'unchanged', problems = coalesce(problems, '[]'::jsonb) || CAST(:problem AS jsonb)
    WHERE job_id = :job AND number = ANY(:numbers)"""
)


class Staging:
    """The staged rows of one job, on the connection of an open unit of work."""

    def __init__(self, connection: Any, job: UUID, places: dict[str, int]) -> None:
        self._connection, self._job, self._places = connection, job, places

    async def clear(self) -> None:
        """Forget rows of an earlier run."""
        await self._connection.execute(_CLEAR, {"job": self._job})

    async def add(
        self, call: UUID, checked: Sequence[CheckedRow], unread: Iterable[tuple[int, list[Any]]]
    ) -> list[int]:
        """Stage checked rows and rows that could not even be read; the numbers of those that may be applied.

        Args:
            call: the call they apply for.
            checked: rows with what is wrong with each.
            unread: number and stored problems of each row with a cell of the wrong type.
        """
        known = await self._known(call, checked)
        alike = await self._alike(checked)
        records: list[tuple[Any, ...]] = []
        ready = []
        for each in checked:
            number, found = each.row.number, list(each.problems)
            outcome, more = _standing(each, known.get(each.identity_index))
            found += more
            if number in alike:
                found.append(said("name_zh", "possible-duplicate", "warning"))
            if outcome == "ok" and any(problem.severity == "error" for problem in found):
                outcome = "wrong"
            if outcome == "ok":
                ready.append(number)
            stored = orjson.dumps([self._stored(each, number) for each in found]).decode() if found else None
            records.append((self._job, number, outcome, each.identity_index, each.likeness, each.digest, stored))
        records += [
            (self._job, number, "wrong", None, None, None, orjson.dumps(problems).decode())
            for number, problems in unread
        ]
        raw = (await self._connection.get_raw_connection()).driver_connection
        await raw.copy_records_to_table("import_row", records=records, columns=_COLUMNS)
        return ready

    async def compare(self) -> dict[str, int]:
        """Look at all rows together: identity numbers that come twice, likely duplicates; then count."""
        for statement, problem in (
            (_TWICE, said("identity_number", "row-twice")),
            (_ALIKE_HERE, said("name_zh", "possible-duplicate", "warning")),
        ):
            stored = orjson.dumps([self._stored(problem, None)]).decode()
            await self._connection.execute(statement, {"job": self._job, "problem": stored})
        row = (await self._connection.execute(_COUNTS, {"job": self._job})).one()
        return dict(row._mapping)

    async def ready(self, call: UUID, numbers: Sequence[int]) -> dict[int, Any]:
        """Rows that are still to be applied, by number, with the person and application there are by now."""
        rows = await self._connection.execute(_READY, {"job": self._job, "call": call, "numbers": list(numbers)})
        return {row.number: row for row in rows}

    async def applied(self, numbers: Sequence[int], applications: Sequence[UUID]) -> None:
        """Note which application each row became."""
        values = {"job": self._job, "numbers": list(numbers), "applications": list(applications)}
        await self._connection.execute(_APPLIED, values)

    async def late(self, numbers: Sequence[int]) -> None:
        """Note rows whose person got an application since the check."""
        stored = orjson.dumps([self._stored(said("identity_number", "applied-already", "warning"), None)]).decode()
        await self._connection.execute(_LATE, {"job": self._job, "numbers": list(numbers), "problem": stored})

    def _stored(self, problem: RowProblem, number: int | None) -> dict[str, Any]:
        del number
        return {
            "column": problem.column, "place": self._places.get(problem.column, 0), "code": problem.code,
            "severity": problem.severity, "en": problem.en, "zh": problem.zh,
        }  # fmt: skip

    async def _known(self, call: UUID, checked: Sequence[CheckedRow]) -> dict[bytes, Any]:
        indexes = [each.identity_index for each in checked]
        rows = await self._connection.execute(_KNOWN, {"call": call, "indexes": indexes})
        return {bytes(row.identity_index): row for row in rows}

    async def _alike(self, checked: Sequence[CheckedRow]) -> set[int]:
        rows = [each.row for each in checked]
        values = {
            "numbers": [row.number for row in rows], "names": [row.name_zh for row in rows],
            "births": [row.birth_date for row in rows], "units": [row.unit for row in rows],
            "indexes": [each.identity_index for each in checked],
        }  # fmt: skip
        return {row.number for row in await self._connection.execute(_ALIKE, values)}


def _standing(each: CheckedRow, known: Any) -> tuple[str, list[RowProblem]]:
    """What a row is, given the person of its identity number: the same row again changes nothing."""
    if known is None:
        return "ok", []
    if known.application is not None:
        if known.digest is None:
            return "wrong", [said("identity_number", "applied-already")]
        if bytes(known.digest) == each.digest:
            return "unchanged", []
        return "wrong", [said("identity_number", "row-changed")]
    if known.name_zh != each.row.name_zh:
        return "wrong", [said("name_zh", "person-known-otherwise")]
    return "ok", [said("identity_number", "person-known", "warning")]
