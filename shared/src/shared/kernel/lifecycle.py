"""Lifecycles as data, and the aggregate that asks its lifecycle before it moves.

One table per question: (action, source, target, roles). From the same table come the refusals, ``allowed_actions``,
the diagrams in the READMEs and the tests that every arrow that is not drawn is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.refusals import Conflict, Forbidden

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """One arrow: ``action`` leads from ``source`` to ``target`` and may be done by ``roles``."""

    action: str
    source: S
    target: S
    roles: frozenset[Role]


def arrows(action: str, sources: Iterable[S], target: S, roles: frozenset[Role]) -> Iterator[Transition[S]]:
    """The same arrow from several sources."""
    return (Transition(action, source, target, roles) for source in sources)


class Lifecycle(Generic[S]):
    """A named table of transitions over one ``StrEnum`` of states.

    Raises:
        ValueError: when two arrows share (action, source) or a state cannot be reached.
    """

    def __init__(self, name: str, *, initial: S, transitions: Iterable[Transition[S]]) -> None:
        self.name = name
        self.initial = initial
        self.transitions = tuple(transitions)
        self._by_key = {(t.action, t.source): t for t in self.transitions}
        if len(self._by_key) != len(self.transitions):
            raise ValueError(f"lifecycle {name}: an action leaves one state twice")
        unreachable = set(type(initial)) - {initial} - {t.target for t in self.transitions}
        if unreachable:
            raise ValueError(f"lifecycle {name}: nothing leads to {sorted(unreachable)}")

    @property
    def actions(self) -> frozenset[str]:
        """Every action that some state knows."""
        return frozenset(t.action for t in self.transitions)

    def next(self, action: str, state: S, by: Actor) -> S:
        """The state that ``action`` leads to.

        Raises:
            Conflict: ``wrong-state`` when no such arrow leaves ``state``.
            Forbidden: ``wrong-role`` when the arrow is for other roles.
        """
        arrow = self._by_key.get((action, state))
        if arrow is None:
            raise Conflict(
                "wrong-state",
                f"'{action}' is not possible while the {self.name} is '{state}'.",
                action=action,
                state=str(state),
                allowed_actions=self.allowed(state, by),
            )
        if not by.has(*arrow.roles):
            raise Forbidden("wrong-role", f"Your role may not '{action}' this {self.name}.", action=action)
        return arrow.target

    def allowed(self, state: S, by: Actor) -> list[str]:
        """The actions that ``by`` may take in ``state``, sorted."""
        return sorted({t.action for t in self.transitions if t.source == state and by.has(*t.roles)})

    def is_final(self, state: S) -> bool:
        """True when no arrow leaves ``state``."""
        return all(t.source != state for t in self.transitions)

    def diagram(self) -> str:
        """The lifecycle as a Mermaid state diagram, for the READMEs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {t.source} --> {t.target}: {t.action}" for t in self.transitions]
        return "\n".join(lines)


@dataclass(kw_only=True)
class Aggregate:
    """A thing with an identity, a version and a state that only its lifecycle moves.

    Subclasses are dataclasses (``@dataclass(kw_only=True)``) that declare ``state`` with their own enum and set
    ``lifecycle``. ``version`` counts commits; the store raises it, never the domain.
    """

    lifecycle: ClassVar[Lifecycle[Any]]

    id: UUID
    version: int = 0

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "state" and "state" in self.__dict__:
            raise AttributeError("the state moves through the lifecycle table: call _advance")
        super().__setattr__(name, value)

    def _advance(self, action: str, by: Actor) -> None:
        """Move along one arrow or refuse. Raises ``Conflict`` (wrong state) or ``Forbidden`` (wrong role)."""
        self.__dict__["state"] = self.lifecycle.next(action, self.__dict__["state"], by)

    def allowed_actions(self, by: Actor) -> list[str]:
        """What ``by`` may do next, for the ``allowed_actions`` member of every representation."""
        return self.lifecycle.allowed(self.__dict__["state"], by)
