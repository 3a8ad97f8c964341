"""Lists as officers work with them: all problems at once with a pointer each, nothing half-done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar
from uuid import UUID

from shared.kernel.refusals import Finding, Malformed, NotFound, Refusal
from shared.kernel.work import Store


class Identified(Protocol):
    """Anything with an id."""

    id: UUID


T = TypeVar("T", bound=Identified)


class Batch:
    """Collects what is wrong with each item.

    Args:
        alone: True for a request about one thing: its refusal is raised as it is, and ``If-Match`` counts.
    """

    def __init__(self, *, alone: bool = False) -> None:
        self.alone = alone
        self._problems: list[tuple[str, Refusal]] = []

    @contextmanager
    def at(self, number: int, member: str = "") -> Iterator[None]:
        """Do one item; a refusal is kept with the pointer of the item (and its ``member``)."""
        try:
            yield
        except Refusal as refusal:
            if self.alone:
                raise
            self._problems.append((f"/items/{number}{member and '/' + member}", refusal))

    def settle(self) -> None:
        """Go on only when nothing was wrong.

        Raises:
            Refusal: of the kind of the first problem, with a finding for every problem.
        """
        if not self._problems:
            return
        findings = []
        for pointer, refusal in self._problems:
            inner = [Finding(f.code, f.detail, pointer + f.pointer, f.rule, f.zh, f.values) for f in refusal.findings]
            findings += inner or [
                Finding(refusal.code, refusal.detail, pointer, refusal.rule, refusal.zh, refusal.values)
            ]
        first = self._problems[0][1]
        codes = {refusal.code for _, refusal in self._problems}
        code = first.code if len(codes) == 1 else "batch-refused"
        detail = first.detail if len(self._problems) == 1 else f"{len(self._problems)} items cannot be done."
        raise type(first)(code, f"{detail} Nothing was changed.", rule=first.rule, findings=findings)

    async def load(self, store: Store[T], ids: Sequence[UUID], member: str) -> dict[UUID, T]:
        """The things the items name, locked in id order; what is missing or named twice becomes a problem."""
        if self.alone:
            return {id: await store.get(id, target=True) for id in ids}
        found = {thing.id: thing for thing in await store.list(id=set(ids))}
        counted = Counter(ids)
        for number, id in enumerate(ids):
            with self.at(number, member):
                if id not in found:
                    raise NotFound("not-found", "There is no such thing, or you may not see it.")
                if counted[id] > 1:
                    raise Malformed("duplicate-item", "The list names this twice.")
        self.settle()
        return found


def by(things: Iterable[T], member: str) -> dict[UUID, T]:
    """The things by one of their members."""
    return {getattr(thing, member): thing for thing in things}


def grouped(things: Iterable[T], member: str) -> Mapping[UUID, list[T]]:
    """The things in lists by one of their members."""
    groups: dict[UUID, list[T]] = {}
    for thing in things:
        groups.setdefault(getattr(thing, member), []).append(thing)
    return groups
