"""Load an edition of a dataset of observations, all of it or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gateway.domain.fingerprint import canonical
from gateway.domain.statistics.observing import ObservationSet, Observed, check_rows
from shared.kernel.actor import Actor
from shared.kernel.refusals import Conflict
from shared.kernel.work import Store


class ObservationWork(Protocol):
    """What this use case needs of its unit of work."""

    actor: Actor
    now: datetime
    observations: Store[ObservationSet]

    def new_id(self) -> UUID:
        """See ``Work.new_id``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadObservations:
    """Stated numbers with their source; ``citation`` names the document that states them."""

    dataset: str
    programme: str
    citation: str
    rows: tuple[Observed, ...]


async def load_observations(work: ObservationWork, request: LoadObservations) -> ObservationSet:
    """The new edition; the one before stays for statistics as of an earlier day.

    Raises:
        RuleViolated: ``observations-rejected`` with every problem.
        Conflict: ``same-edition`` when the newest edition says exactly this.
    """
    check_rows(request.rows)
    content = canonical({"programme": request.programme, "citation": request.citation,
                         "rows": [asdict(row) for row in request.rows]})  # fmt: skip
    found = hashlib.sha256(content).hexdigest()
    earlier = await work.observations.list(order="edition", dataset=request.dataset)
    if earlier and earlier[-1].content_hash == found:
        raise Conflict("same-edition", "The newest edition says exactly this already.", edition=earlier[-1].edition)
    if earlier and earlier[-1].programme != request.programme:
        raise Conflict("other-programme", "The dataset belongs to another programme.", programme=earlier[-1].programme)
    loaded = ObservationSet(
        work.new_id(), request.dataset, len(earlier) + 1, request.programme, request.citation, list(request.rows), found,
        work.actor.subject, work.now,
    )  # fmt: skip
    work.observations.add(loaded)
    return loaded
