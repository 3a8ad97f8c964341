"""Builders: a cohort's published events, per service in order, as the services would send them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from gateway.adapters.events.consuming import arrival_of
from gateway.domain.folding import fold
from gateway.domain.journey import Journey
from gateway.usecases.project import Arrival
from shared.contracts.envelope import Envelope
from shared.contracts.event import REGISTRY, Event

PROGRAMME, BATCH, SESSION = "tibet-special-training", "batch-4", "2024"
CALL, ROSTER, FUND, RUN = (str(UUID(int=n)) for n in (901, 902, 903, 904))
START = datetime(2024, 2, 1, 4, tzinfo=UTC)


def thing(person: int, kind: int) -> str:
    """A stable id of something that belongs to a person."""
    return str(UUID(int=(person << 16) + kind))


def participation(person: int) -> str:
    """The id of a person's participation."""
    return thing(person, 1)


def money(amount: str) -> dict[str, str]:
    """Money on the wire."""
    return {"amount": amount, "currency": "CNY"}


class Telling:
    """Numbers and dates the events of a story as the services do."""

    def __init__(self, subject: str, start: datetime = START) -> None:
        self.subject = subject
        self.at = start
        self.told: dict[str, list[Arrival]] = {}

    def tell(self, service: str, event: str, **payload: Any) -> None:
        """The next event of a service."""
        contract = REGISTRY[f"cn.talent.{service}.{event}.v1"]
        self.at += timedelta(days=3)
        arrivals = self.told.setdefault(service, [])
        found: Event = contract.model_validate(payload)
        sequence = len(arrivals) + 1
        event_id = uuid5(NAMESPACE_URL, f"{self.subject}/{service}/{sequence}")
        envelope = Envelope(
            str(event_id), f"/{service}", contract.type_name(), self.subject, self.at, sequence, contract.aggregate
        )
        arrivals.append(arrival_of(envelope, found))


def story(person: int, ending: str = "certified", start: datetime = START) -> dict[str, list[Arrival]]:
    """One person's events by service.

    Args:
        person: number of the person.
        ending: certified, revoked, failed, early, withdrawn or withdrawn_selected.
        start: business time of the first event.
    """
    who, telling = participation(person), Telling(participation(person), start)
    area = f"540{person % 7 + 1}"
    unit, host = f"cn/54/{area}/U{person:04d}", f"hosts/H{person % 5:03d}"
    cohort = {"participation": who, "programme": PROGRAMME, "session": SESSION}
    telling.tell(
        "selection", "application.submitted", **cohort, batch=BATCH, account=f"acc-{person}", call=CALL, unit=unit,
        origin_area=area,
    )  # fmt: skip
    if ending == "withdrawn":
        telling.tell("selection", "application.withdrawn", **cohort, stage="before_selection", reason="family")
        telling.tell("selection", "story.closed", participation=who, outcome="withdrawn")
        return telling.told
    telling.tell(
        "selection", "selected", **cohort, batch=BATCH, account=f"acc-{person}", roster=ROSTER, roster_version=1,
        direction="outbound", specialty="clinical-medicine", specialty_group="health", study_direction="surgery",
        sending_unit=unit, origin_area=area, title_level="intermediate", rank=person, planned_start="2024-09-01",
        planned_end="2025-08-31", term="P1Y", host_preferences=[host], policy_version=BATCH,
    )  # fmt: skip
    telling.tell("funding", "funding.reserved", participation=who, fund=FUND, amount=money("20000.00"))
    if ending == "withdrawn_selected":
        telling.tell("selection", "application.withdrawn", **cohort, stage="selected", reason="health")
        telling.tell("funding", "funding.released", participation=who, amount=money("20000.00"), reason="withdrawn")
        telling.tell("selection", "story.closed", participation=who, outcome="withdrawn")
        return telling.told
    telling.tell("placement", "match.proposed", participation=who, host="hosts/H099", run=RUN)
    telling.tell("placement", "match.declined", participation=who, host="hosts/H099", reason="no_mentor")
    telling.tell("placement", "match.proposed", participation=who, host=host, run=RUN)
    telling.tell(
        "placement", "placed", **cohort, batch=BATCH, host=host, host_province="11", specialty="clinical-medicine",
        planned_start="2024-09-01", planned_end="2025-08-31",
    )  # fmt: skip
    telling.tell(
        "funding",
        "funding.committed",
        participation=who,
        commitment=thing(person, 2),
        fund=FUND,
        amount=money("20000.00"),
    )
    telling.tell("assessment", "assessment.opened", participation=who, assessment=thing(person, 3), scheme="trainee")
    telling.tell("placement", "agreement.in_force", participation=who, agreement=thing(person, 4), agreement_version=1)
    telling.tell("placement", "mentor.active", participation=who, mentor=thing(person, 5))
    telling.tell("placement", "plan.in_force", participation=who, plan=thing(person, 6), plan_version=1)
    telling.tell(
        "placement", "placement.arrived", participation=who, host=host, arrived_on="2024-09-01", punctuality="on_time"
    )
    _instalment(telling, person, 7, "arrival", "12000.00", "2024-09-20")
    report = {"participation": who, "report": thing(person, 8), "period": "1", "due_on": "2024-12-15"}
    telling.tell("placement", "report.overdue", **report)
    telling.tell("placement", "report.acknowledged", **report, submitted_on="2024-12-20", complete=False)
    telling.tell("placement", "report.acknowledged", **report, submitted_on="2024-12-20", complete=True)
    if ending == "early":
        telling.tell(
            "placement", "placement.ended", participation=who, host=host, started=True, ended_on="2025-02-01",
            kind="early", reason="health", days_served=154,
        )  # fmt: skip
        telling.tell(
            "funding", "funding.clawback_due", participation=who, amount=money("3000.00"), reason="ended-early"
        )
        telling.tell(
            "funding", "funding.clawed_back", participation=who, amount=money("3000.00"), recovered_on="2025-03-01"
        )
        telling.tell("selection", "story.closed", participation=who, outcome="ended_early")
        return telling.told
    telling.tell(
        "placement", "placement.ended", participation=who, host=host, started=True, ended_on="2025-08-31", kind="normal",
        reason="term-over", days_served=365,
    )  # fmt: skip
    passed = ending != "failed"
    telling.tell(
        "assessment", "assessed", participation=who, assessment=thing(person, 3), result="pass" if passed else "fail",
        grade="good" if passed else "failed", score="83.5" if passed else "51", scheme="trainee", scheme_version=BATCH,
        confirmed_on="2025-10-10",
    )  # fmt: skip
    if passed:
        certificate = {"participation": who, "certificate": thing(person, 9), "number": f"TP-2025-{person:05d}"}
        telling.tell(
            "assessment", "certified", **certificate, programme=PROGRAMME, session=SESSION, issued_on="2025-11-01"
        )
        telling.tell("assessment", "waiver.granted", participation=who, waiver=thing(person, 10), title_level="senior")
        _instalment(telling, person, 11, "certified", "8000.00", "2025-11-20")
        if ending == "revoked":
            telling.tell("assessment", "certificate.suspended", **certificate, suspended_on="2026-01-05")
            telling.tell("assessment", "certificate.reinstated", **certificate, reinstated_on="2026-01-20")
            telling.tell("assessment", "certificate.revoked", **certificate, reason="fraud", revoked_on="2026-02-01")
    telling.tell(
        "funding", "funding.settled", participation=who, entitled=money("20000.00" if passed else "12000.00"),
        paid=money("20000.00" if passed else "12000.00"), clawed_back=money("0.00"), settled_on="2025-12-01",
    )  # fmt: skip
    outcome = {"revoked": "revoked", "failed": "failed"}.get(ending, "certified")
    telling.tell("selection", "story.closed", participation=who, outcome=outcome)
    return telling.told


def _instalment(telling: Telling, person: int, kind: int, milestone: str, amount: str, paid_on: str) -> None:
    named = {"participation": telling.subject, "instalment": thing(person, kind), "milestone": milestone}
    telling.tell("funding", "instalment.due", **named, amount=money(amount), due_on=paid_on[:8] + "01")
    telling.tell("funding", "instalment.paid", **named, amount=money(amount), paid_on=paid_on)


def roster_story() -> list[Arrival]:
    """The roster of the cohort is fixed, filed and acknowledged."""
    telling = Telling(ROSTER)
    named = {"roster": ROSTER, "session": SESSION, "version": 1}
    telling.tell(
        "selection", "roster.fixed", **named, programme=PROGRAMME, batch=BATCH, selected_count=180, reserve_count=20,
        sha256="a" * 64,
    )  # fmt: skip
    telling.tell("selection", "roster.filed", **named)
    telling.tell("selection", "roster.acknowledged", **named, receipt="R-2024-17")
    return telling.told["selection"]


ENDINGS = ("certified", "revoked", "failed", "early", "withdrawn", "withdrawn_selected")


def woven(streams: dict[str, list[Arrival]], order: list[str]) -> list[Arrival]:
    """The events of several services in an order between services; within one service the order is kept."""
    left = {service: list(arrivals) for service, arrivals in streams.items()}
    chosen = [left[service].pop(0) for service in order if left.get(service)]
    return chosen + [arrival for service in sorted(left) for arrival in left[service]]


def cohort(size: int = 6) -> list[Arrival]:
    """The events of a small cohort, one person after the other, and of its roster."""
    people = [arrival for n in range(size) for arrival in woven(story(n, ENDINGS[n % len(ENDINGS)]), [])]
    return people + roster_story()


def folded(arrivals: list[Arrival]) -> Journey:
    """The journey of one person's arrivals, in the order given."""
    journey = Journey(arrivals[0].happening.subject)
    for arrival in arrivals:
        fold(journey, arrival.happening)
    return journey
