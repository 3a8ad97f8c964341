"""The gateway's unit of work: collects the events of a batch and projects them once, when it commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from gateway.adapters.db import tables
from gateway.adapters.db.read_models import SqlReadModels
from gateway.adapters.db.statistics_tables import correction, observation_set
from gateway.adapters.db.webhook_log import SqlDeliveryLog
from gateway.domain.sharing.correction import Correction
from gateway.domain.statistics.observing import ObservationSet
from gateway.domain.webhooks.webhook import Webhook
from gateway.usecases.project import Arrival, project
from gateway.usecases.webhooks import DeliveryLog
from shared.contracts.event import Event
from shared.kernel.work import Store
from shared.work.unit import UnitOfWork


def _silent(fact: Any) -> Event | None:
    """The gateway publishes nothing: it writes to no service's data and has no facts of its own."""
    del fact
    return None


class GatewayWork(UnitOfWork):
    """A batch of events becomes feed rows and journeys in the transaction that also marks it as consumed."""

    service: ClassVar[str] = "gateway"
    translate = staticmethod(_silent)
    constraints: ClassVar[Mapping[str, tuple[str, str]]] = {
        "uq_observation_set_dataset_edition": (
            "lost-race",
            "Somebody loaded this dataset at the same moment; try again.",
        ),
    }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.observations: Store[ObservationSet] = self.store(ObservationSet, observation_set)
        self.corrections: Store[Correction] = self.store(Correction, correction)
        self.webhooks: Store[Webhook] = self.store(Webhook, tables.webhook)
        self.log: DeliveryLog = SqlDeliveryLog(self)

    def take(self, arrival: Arrival) -> None:
        """Keep an event for the projection at commit."""
        self._arrivals().append(arrival)

    async def flush(self) -> None:
        """Project what was taken; called once more at commit."""
        arrivals = self._arrivals()
        taken, arrivals[:] = list(arrivals), []
        await project(SqlReadModels(self.connection), taken)
        await super().flush()

    async def next_event(self, seed: str, causation: str) -> None:
        """Go on to the next event of the batch; nothing needs to be written before the commit."""
        del seed, causation

    def _arrivals(self) -> list[Arrival]:
        found: list[Arrival] = self.__dict__.setdefault("arrivals", [])
        return found
