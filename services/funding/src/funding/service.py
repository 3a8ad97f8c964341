"""What this service is: its name, routes, rules, unit of work, events and duties."""

from __future__ import annotations

from funding.adapters.db.drift import measure_drift
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.events.consuming import CONSUMES
from funding.adapters.http.messages import ZH
from funding.adapters.http.policy import POLICY
from funding.adapters.http.routes import ROUTERS
from funding.usecases.participations.fund_waiting import fund_waiting
from funding.usecases.payments.raise_due import raise_due
from shared.audit.routes import audit_router
from shared.http.running import Service
from shared.messaging.duties import Duty
from shared.messaging.gauging import cases
from shared.messaging.worker import Workload, background


async def _raise_due(work: FundingUnit) -> int:
    return len(await raise_due(work))


WORKLOAD = Workload(
    consumes=CONSUMES,
    duties=(Duty("dated-instalments", 2.0, _raise_due), Duty("waiting-for-funds", 10.0, fund_waiting)),
    measures=(measure_drift, cases("funding", "participation", "instalment", "disbursement")),
)

SERVICE: Service[FundingUnit] = Service(
    name="funding",
    title="Funding: earmarked money that cannot go astray",
    routers=[*ROUTERS, audit_router("funding")],
    policy=POLICY,
    work=FundingUnit,
    messages=ZH,
    background=background(WORKLOAD),
)
