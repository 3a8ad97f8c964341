"""Asks selection for the names that a certificate prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from assessment.domain.certifying.certificate import HolderName
from shared.http.problems import Unavailable
from shared.identity.calling import PeerRefused, PeerUnavailable, ServiceCaller

_AT_ONCE = 500
_NOT_FOUND: Final = 404
_PATH = "/v1/selection/persons/lookup"


class SelectionNames:
    """Implements ``usecases.ports.NameSource`` over HTTP, in this service's own name."""

    def __init__(self, selection: ServiceCaller) -> None:
        self._selection = selection

    async def names(self, participations: Sequence[UUID], *, purpose: str) -> dict[UUID, HolderName | None]:
        """See ``NameSource.names``.

        Raises:
            Unavailable: ``names-unavailable`` when selection does not answer; nothing was changed.
        """
        found: dict[UUID, HolderName | None] = dict.fromkeys(participations)
        for start in range(0, len(participations), _AT_ONCE):
            for row in await self._rows(list(participations[start : start + _AT_ONCE]), purpose):
                name = HolderName(row["name_zh"], row.get("name_bo"), row.get("name_latin"))
                found[UUID(row["participation"])] = name
        return found

    async def _rows(self, wanted: list[UUID], purpose: str) -> list[dict[str, Any]]:
        """What selection knows; whom it names as unknown is left out and the rest asked for again."""
        while wanted:
            body = {"participations": [str(one) for one in wanted], "purpose": purpose}
            try:
                answer = await self._selection.post(_PATH, body, purpose=purpose)
            except PeerUnavailable as error:
                unknown = _unknown(error)
                if unknown.isdisjoint(wanted):
                    raise Unavailable("names-unavailable", "The names cannot be read right now; try again.") from error
                wanted = [one for one in wanted if one not in unknown]
            else:
                rows: list[dict[str, Any]] = answer["items"]
                return rows
        return []


def _unknown(error: PeerUnavailable) -> set[UUID]:
    if not isinstance(error, PeerRefused) or error.status != _NOT_FOUND:
        return set()
    return {UUID(one) for one in error.problem.get("ids") or []}
