"""Bulk commands: every row is tried, all problems are reported at once, one problem undoes all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from shared.kernel.refusals import Conflict, Finding, Forbidden, Malformed, NotFound, Refusal, RuleViolated

Row = TypeVar("Row")
Result = TypeVar("Result")

_GRAVEST_FIRST: tuple[type[Refusal], ...] = (Malformed, NotFound, Forbidden, Conflict, RuleViolated)


def each_row(rows: Sequence[Row], act: Callable[[Row], Result]) -> list[Result]:
    """Do ``act`` for every row.

    Raises:
        Refusal: of the gravest kind met, with one finding per problem and pointers ``/items/<n>/…``. The caller's
            unit of work rolls back, so nothing is half-written.
    """
    results: list[Result] = []
    refused: list[tuple[int, Refusal]] = []
    for n, row in enumerate(rows):
        try:
            results.append(act(row))
        except Refusal as refusal:
            refused.append((n, refusal))
    if refused:
        raise _together(refused)
    return results


def no_twice(ids: Iterable[UUID | str], member: str) -> None:
    """Refuse a list that names one thing twice. Raises ``Malformed`` ``row-twice``."""
    seen: set[UUID | str] = set()
    findings = []
    for n, id in enumerate(ids):
        if id in seen:
            findings.append(Finding("row-twice", "This row names the same as an earlier one.", f"/items/{n}/{member}"))
        seen.add(id)
    if findings:
        raise Malformed("row-twice", "A row is there twice.", findings=findings)


def _together(refused: list[tuple[int, Refusal]]) -> Refusal:
    kind = next(kind for kind in _GRAVEST_FIRST if any(isinstance(refusal, kind) for _, refusal in refused))
    codes = {refusal.code for _, refusal in refused}
    findings = []
    for n, refusal in refused:
        inner = refusal.findings or (
            Finding(refusal.code, refusal.detail, "", refusal.rule, refusal.zh, refusal.values),
        )
        findings += [_placed(finding, n) for finding in inner]
    if len(codes) == 1:
        first = refused[0][1]
        return kind(first.code, first.detail, rule=first.rule, zh=first.zh, findings=findings)
    return kind("rows-refused", "Some rows cannot be done; nothing was changed.", findings=findings)


def _placed(finding: Finding, n: int) -> Finding:
    row = f"/items/{n}"
    pointer = (
        finding.pointer if finding.pointer.startswith(row + "/") or finding.pointer == row else row + finding.pointer
    )
    return Finding(finding.code, finding.detail, pointer, finding.rule, finding.zh, finding.values)
