"""Asks selection for the names that a certificate prints."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from assessment.domain.certifying.certificate import HolderName
from shared.http.problems import Unavailable
from shared.identity.calling import PeerUnavailable, ServiceCaller

_AT_ONCE = 500
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
            part = [str(participation) for participation in participations[start : start + _AT_ONCE]]
            try:
                answer = await self._selection.post(
                    _PATH, {"participations": part, "purpose": purpose}, purpose=purpose
                )
            except PeerUnavailable as error:
                raise Unavailable("names-unavailable", "The names cannot be read right now; try again.") from error
            for row in answer["items"]:
                name = HolderName(row["name_zh"], row.get("name_bo"), row.get("name_latin"))
                found[UUID(row["participation"])] = name
        return found
