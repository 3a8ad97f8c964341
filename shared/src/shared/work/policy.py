"""The declarative policy table: action × role × relation, default deny, one table per service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from shared.kernel.actor import Actor, Facets, Relation, Role, stands
from shared.kernel.refusals import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Rule:
    """Holders of ``roles`` may do ``action`` to things they stand in ``relation`` to.

    ``action`` is ``<resource>.<verb>``; ``<resource>.read`` decides what is visible.
    """

    action: str
    roles: Set[Role]
    relation: Relation = Relation.ANY


class PolicyTable:
    """Every rule of one service, and the decisions taken from them."""

    def __init__(self, service: str, rules: Iterable[Rule]) -> None:
        self.service = service
        self.rules = tuple(rules)
        self._by_action: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            self._by_action[rule.action].append(rule)

    @property
    def actions(self) -> frozenset[str]:
        """Every action that has a row."""
        return frozenset(self._by_action)

    def relations(self, action: str, actor: Actor) -> frozenset[Relation]:
        """The relations through which the actor's roles may do ``action``; empty means never."""
        return frozenset(rule.relation for rule in self._by_action.get(action, ()) if actor.has(*rule.roles))

    def admit(self, action: str, actor: Actor) -> frozenset[Relation]:
        """Decide by role alone, before any object is known. Raises ``Forbidden``: ``wrong-role``."""
        relations = self.relations(action, actor)
        if not relations:
            raise Forbidden("wrong-role", "Your role may not do this.", action=action)
        return relations

    def decide(self, action: str, actor: Actor, facets: Facets) -> None:
        """Decide against an object.

        Raises:
            NotFound: ``not-found`` when the actor may not even see the object.
            Forbidden: ``not-yours`` when the actor sees it but may not do this to it.
        """
        if any(stands(actor, relation, facets) for relation in self.relations(action, actor)):
            return
        visible = self.relations(f"{action.split('.', 1)[0]}.read", actor)
        if any(stands(actor, relation, facets) for relation in visible):
            raise Forbidden("not-yours", "You may see this but not do this to it.", action=action)
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
