"""Holding a claim against the standards: every line, and everything that is wrong with it, at once (F-04, F-05)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from funding.domain.claims.cost_object import Bounds
from funding.domain.claims.lines import INVOICE, ClaimLine
from funding.domain.claims.standards import DAILY, Per, Reimbursement, Standard
from shared.kernel.money import yuan
from shared.kernel.refusals import Finding


@dataclass(frozen=True, slots=True)
class Before:
    """What other claims that count say.

    Attributes:
        invoices: invoice numbers in use, of those asked for.
        lines: lines for the same cost object and claimant's kind of subject.
    """

    invoices: Collection[str]
    lines: Sequence[ClaimLine]


def hold(
    lines: Sequence[ClaimLine],
    *,
    rules: Reimbursement,
    purposes: Collection[str],
    bounds: Bounds,
    before: Before,
    today: date,
) -> tuple[list[ClaimLine], list[Finding]]:
    """The lines with their ceilings, and everything that is wrong with them."""
    held: list[ClaimLine] = []
    findings: list[Finding] = []
    numbers: set[str] = set()
    for nth, line in enumerate(lines):
        pointer = f"/lines/{nth}"
        standard = rules.standards.get(line.category) if line.category in purposes else None
        findings += _dates(line, bounds, standard.days_around if standard else 0, today, pointer)
        findings += _invoices(line, before.invoices, numbers, pointer)
        if standard is None:
            findings.append(
                Finding(
                    "outside-purpose",
                    "This category is not reimbursed from this fund.",
                    f"{pointer}/category",
                    "F-05",
                    values={"category": line.category, "categories": sorted(set(rules.standards) & set(purposes))},
                )
            )
            held.append(line)
            continue
        others = [*before.lines, *held]
        ceiling = ceiling_of(line, standard, bounds, others)
        findings += _standard(line, standard, ceiling, bounds, pointer)
        if standard.per in DAILY and any(o.category == line.category and o.overlaps(line) for o in others):
            detail = "Some of these days are claimed already for this category."
            findings.append(Finding("days-claimed", detail, pointer, "F-04"))
        held.append(replace(line, ceiling=ceiling, per=standard.per))
    return held, findings


def ceiling_of(line: ClaimLine, standard: Standard, bounds: Bounds, others: Iterable[ClaimLine]) -> int:
    """Fen that a line may come to; a ceiling per term is what the other lines have left of it."""
    rate = standard.rate(bounds.province, bounds.tier)
    first, last = max(1, bounds.day(line.from_day)), bounds.day(line.to_day)
    match standard.per:
        case Per.ITEM:
            return rate * line.items
        case Per.TERM:
            used = sum(other.worth for other in others if other.category == line.category)
            return max(0, rate * bounds.persons - used)
        case _:
            persons = line.persons if standard.per is Per.PERSON_DAY else 1
            return standard.for_days(rate, persons, first, last) if first <= last else 0


def _dates(line: ClaimLine, bounds: Bounds, around: int, today: date, pointer: str) -> Iterable[Finding]:
    first, last = bounds.starts_on - timedelta(around), bounds.ends_on + timedelta(around)
    if line.to_day < line.from_day:
        yield Finding("bad-dates", "The last day lies before the first.", f"{pointer}/to_day", "F-04")
    elif not first <= line.from_day <= line.to_day <= last:
        detail = f"The days must lie within {first} and {last}."
        values = {"from": first.isoformat(), "to": last.isoformat()}
        yield Finding("outside-term", detail, f"{pointer}/from_day", "F-04", values=values)
    if line.to_day > today:
        yield Finding("not-yet-spent", "Claim what was spent; this day is still to come.", f"{pointer}/to_day", "F-04")


def _invoices(line: ClaimLine, used: Collection[str], seen: set[str], pointer: str) -> Iterable[Finding]:
    for nth, evidence in enumerate(line.evidence):
        where = f"{pointer}/evidence/{nth}/number"
        number = evidence.invoice_number
        if evidence.kind == INVOICE and not number:
            yield Finding("no-number", "An invoice has a number.", where, "F-04")
        elif number in seen:
            yield Finding("invoice-twice", "The invoice is in this claim twice.", where, "F-04")
        elif number in used:
            yield Finding("invoice-used", "The invoice was used in another claim.", where, "F-04")
        if number:
            seen.add(number)


def _standard(line: ClaimLine, standard: Standard, ceiling: int, bounds: Bounds, pointer: str) -> Iterable[Finding]:
    missing = sorted(set(standard.evidence) - {evidence.kind for evidence in line.evidence})
    if missing:
        detail = f"Without evidence: {', '.join(missing)}."
        yield Finding("no-evidence", detail, f"{pointer}/evidence", "F-04", values={"kinds": missing})
    if line.persons > bounds.persons:
        detail = f"At most {bounds.persons} persons take part."
        yield Finding("too-many-persons", detail, f"{pointer}/persons", "F-04", values={"persons": bounds.persons})
    if line.amount > ceiling and line.from_day <= line.to_day:
        detail = f"The standard allows {yuan(ceiling)} yuan."
        values = {"ceiling": yuan(ceiling), "per": str(standard.per)}
        yield Finding("above-ceiling", detail, f"{pointer}/amount", "F-04", values=values)
