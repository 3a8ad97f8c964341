"""A counter in front of the running service: each request one line, by the right person."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import httpx

from funding.adapters.events.consuming import CONSUMES
from funding.testing.office import END, PROGRAMME, SESSION, START, policy_content
from shared.contracts import assessment, placement, selection
from shared.contracts.event import Event
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone
from shared.testing.service import ServiceUnderTest

OPERATOR = someone(Role.OPERATOR)
PREPARER = someone(Role.FINANCE_PREPARER, organisation="cn/54")
REGIONAL = someone(Role.FINANCE_APPROVER, subject="regional-approver", organisation="cn/54")
MINISTRY = someone(Role.FINANCE_APPROVER, subject="ministry-approver", organisation="cn")
TREASURER = someone(Role.TREASURER, organisation="cn-treasury")
AUDITOR = someone(Role.AUDITOR, organisation="cn-audit")
ROSTER = UUID("01890000-0000-7000-8000-00000000000a")
RATES = {"host-training-fee": 8000, "living-allowance": 9000, "travel": 2000, "insurance": 1000}


def yuan(amount: int | str) -> dict[str, str]:
    """Money as it is sent."""
    return {"amount": amount if isinstance(amount, str) else f"{amount}.00", "currency": "CNY"}


def budget_body(fund: str, persons: int, session: str = SESSION) -> dict[str, Any]:
    """A budget for so many whole terms, three quarters of it central."""
    return {
        "fund": fund,
        "session": session,
        "batch": "batch-4",
        "policy": "batch-4",
        "lines": [{"category": category, "amount": yuan(rate * persons)} for category, rate in RATES.items()],
        "contributions": [
            {"source": "central", "amount": yuan(15_000 * persons)},
            {"source": "regional", "amount": yuan(5_000 * persons)},
        ],
    }


class Counter:
    """Speaks to the service and hands it events."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service
        self.set_day(date(2024, 3, 1))

    def set_day(self, day: date) -> None:
        """Let it be noon of a day at the place of the programme."""
        self.service.clock.at = datetime.combine(day, time(4), UTC)

    async def post(self, actor: Actor, path: str, json: Any = None, *, status: int | None = 200, **more: Any) -> Any:
        """POST below ``/v1/funding``; the answer's JSON when it has the expected status (None: the response)."""
        response = await self.service.post(actor, f"/v1/funding{path}", json, **more)
        return response if status is None else expect(response, status)

    async def get(self, path: str, actor: Actor = AUDITOR, *, status: int = 200) -> Any:
        """GET below ``/v1/funding``."""
        return expect(await self.service.get(actor, f"/v1/funding{path}"), status)

    async def applied(self) -> None:
        """Both policies of the programme."""
        for version in ("batch-3", "batch-4"):
            path = f"/v1/funding/policies/{PROGRAMME}/{version}"
            expect(await self.service.call(OPERATOR, "PUT", path, policy_content(version)), 200)

    async def fund(self, granted: int = 10_000_000) -> str:
        """A fund of two sources that gave ``granted`` yuan each; gives its id."""
        await self.applied()
        sources = [{"code": "central", "name": "中央财政"}, {"code": "regional", "name": "自治区财政"}]
        body = {"code": "TST4", "name": "特培经费", "programme": PROGRAMME, "policy": "batch-4", "sources": sources}
        fund: str = (await self.post(PREPARER, "/funds", body, status=201))["id"]
        for source in ("central", "regional"):
            grant = {
                "source": source,
                "amount": yuan(granted),
                "reference": f"doc-{source}",
                "granted_on": "2024-03-01",
            }
            await self.post(TREASURER, f"/funds/{fund}/grants", grant, status=201)
        return fund

    async def allocated(self, fund: str, persons: int) -> dict[str, Any]:
        """A budget through its whole chain into the session's pot."""
        budget = await self.post(PREPARER, "/budgets", budget_body(fund, persons), status=201)
        path = f"/budgets/{budget['id']}"
        budget = await self.post(PREPARER, f"{path}/submit", {})
        for step in budget["chain"]:
            signer = REGIONAL if step["authority"] == "regional" else MINISTRY
            await self.post(signer, f"{path}/approve", {})
        done: dict[str, Any] = await self.post(PREPARER, f"{path}/allocate", {})
        return done

    async def hears(self, *events: Event, event_id: UUID | None = None) -> None:
        """The service gets events, each in a transaction of its own."""
        for event in events:
            await self.service.receive(CONSUMES, event, event_id=event_id or uuid4())

    async def pays(self) -> dict[str, Any]:
        """Everything due is prepared, approved, instructed and confirmed; gives the answer to the return file."""
        await self.post(PREPARER, "/instalments/prepare", {"session": SESSION})
        await self.post(REGIONAL, "/instalments/approve", {"session": SESSION})
        batch = await self.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
        answer: dict[str, Any] = await self.post(
            TREASURER, f"/disbursements/{batch['id']}/returns", self.return_file(batch)
        )
        return answer

    def return_file(self, batch: dict[str, Any], outcome: str = "paid") -> dict[str, Any]:
        """A return file that says the same of every line."""
        day = self.service.clock.at.date().isoformat()
        return {"lines": [{"reference": x["reference"], "outcome": outcome, "on": day} for x in batch["lines"]]}

    async def is_balanced(self) -> bool:
        """The trial balance is zero."""
        found: bool = (await self.get("/trial-balance"))["balanced"]
        return found


def expect(response: httpx.Response, status: int) -> Any:
    """The answer's JSON; fails with the answer when it has another status."""
    assert response.status_code == status, f"{response.status_code}: {response.text[:2000]}"
    return response.json()


def selected(who: UUID, version: int = 1, session: str = SESSION) -> Event:
    """The event ``selected``."""
    return selection.Selected(
        participation=who, account=f"acc-{who}", programme=PROGRAMME, batch="batch-4", session=session, roster=ROSTER,
        roster_version=version, direction="inland", specialty="surgery", specialty_group="health",
        study_direction="clinical", sending_unit="cn/54/5401/U0001", origin_area="5401", title_level="middle", rank=1,
        planned_start=START, planned_end=END, term="P1Y", policy_version="batch-4",
    )  # fmt: skip


def placed(who: UUID, host: str = "hosts/H001") -> Event:
    """The event ``placed``."""
    return placement.Placed(
        participation=who, programme=PROGRAMME, batch="batch-4", session=SESSION, host=host, host_province="11",
        specialty="surgery", planned_start=START, planned_end=END,
    )  # fmt: skip


def arrived(who: UUID, on: date = START) -> Event:
    """The event ``placement.arrived``."""
    return placement.PlacementArrived(participation=who, host="hosts/H001", arrived_on=on, punctuality="on_time")


def ended(who: UUID, kind: Any = "normal", on: date = END, days: int = 365) -> Event:
    """The event ``placement.ended``."""
    return placement.PlacementEnded(
        participation=who, host="hosts/H001", started=kind in ("normal", "early"), ended_on=on, kind=kind,
        reason="completed" if kind == "normal" else "family", days_served=days,
    )  # fmt: skip


def assessed(who: UUID, result: Any = "pass") -> Event:
    """The event ``assessed``."""
    return assessment.Assessed(
        participation=who, assessment=who, result=result, grade="good", score="85.00", scheme="tibet",
        scheme_version="batch-4", confirmed_on=date(2025, 7, 10),
    )  # fmt: skip


def certified(who: UUID) -> Event:
    """The event ``certified``."""
    return assessment.Certified(
        participation=who, certificate=UUID(int=who.int ^ 1), number="TST-2024-0001", programme=PROGRAMME,
        session=SESSION, issued_on=date(2025, 7, 20),
    )  # fmt: skip


def revoked(who: UUID) -> Event:
    """The event ``certificate.revoked``."""
    return assessment.CertificateRevoked(
        participation=who, certificate=UUID(int=who.int ^ 1), number="TST-2024-0001", reason="fraud",
        revoked_on=date(2025, 12, 1),
    )  # fmt: skip


def withdrawn(who: UUID) -> Event:
    """The event ``application.withdrawn`` after selection."""
    return selection.ApplicationWithdrawn(
        participation=who, programme=PROGRAMME, session=SESSION, stage="selected", reason="family"
    )


def deselected(who: UUID, version: int) -> Event:
    """The event ``deselected``."""
    return selection.Deselected(
        participation=who, session=SESSION, roster=ROSTER, roster_version=version, reason="amended"
    )
