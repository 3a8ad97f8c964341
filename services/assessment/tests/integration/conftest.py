"""The service behind its real routes on a migrated PostgreSQL, with selection answering from memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from joserfc.jwk import ECKey, OKPKey

from assessment.adapters.events.consuming import CONSUMES
from assessment.adapters.http.tools import tools_of
from assessment.api import create_app
from assessment.domain.certifying.certificate import Certificate, HolderName
from assessment.settings import AssessmentSettings
from shared.contracts import placement, selection
from shared.identity.seals import make_development_seal
from shared.testing.actors import Keys
from shared.testing.service import ServiceUnderTest, empty_tables, settings_for, under_test
from shared.work.unit import Circumstances

ROOT = UUID(int=7)
END = date(2025, 6, 30)


class Names:
    """Selection's answer; ``known`` may be emptied, ``asked`` tells what was asked for."""

    def __init__(self) -> None:
        self.missing: set[UUID] = set()
        self.asked: list[tuple[int, str]] = []

    async def names(self, participations: Sequence[UUID], *, purpose: str) -> dict[UUID, HolderName | None]:
        self.asked.append((len(participations), purpose))
        return {
            p: None if p in self.missing else HolderName(f"次仁{p.int % 1000}", "ཚེ་རིང་།", f"Tsering {p.int % 1000}")
            for p in participations
        }


class Road:
    """One cohort's way through this service, step by step."""

    def __init__(self, service: ServiceUnderTest, kit: Any, names: Names) -> None:
        self.service, self.kit, self.people, self.names = service, kit, kit.people, names

    async def policies(self) -> None:
        for version in ("batch-3", "batch-4"):
            answer = await self.service.call(
                self.people.operator, "PUT", f"/v1/assessment/policies/{self.kit.programme}/{version}",
                self.kit.content(version),
            )  # fmt: skip
            assert answer.status_code == 200, answer.text

    async def receive(self, *events: Any) -> None:
        for event in events:
            await self.service.receive(CONSUMES, event)

    def selected(self, number: int, **more: Any) -> selection.Selected:
        return selection.Selected(
            **{
                "participation": self.kit.pid(number), "account": f"account-{number}", "programme": self.kit.programme,
                "batch": "batch-4", "session": "2024", "roster": ROOT, "roster_version": 1, "direction": "outbound",
                "specialty": "clinical-medicine", "specialty_group": "health", "study_direction": "cardiology",
                "sending_unit": "cn/54/5401/U0001", "origin_area": "5401", "title_level": "intermediate", "rank": number,
                "planned_start": date(2024, 7, 1), "planned_end": END, "term": "P1Y", "policy_version": "batch-4",
            } | more
        )  # fmt: skip

    def placed(self, number: int, **more: Any) -> placement.Placed:
        return placement.Placed(
            **{
                "participation": self.kit.pid(number), "programme": self.kit.programme, "batch": "batch-4",
                "session": "2024", "host": "hosts/H001", "host_province": "11", "specialty": "clinical-medicine",
                "planned_start": date(2024, 7, 1), "planned_end": END,
            } | more
        )  # fmt: skip

    def report(self, number: int, period: str = "1", *, late: bool = False) -> placement.ReportAcknowledged:
        due = date(2024, 10, 10)
        submitted = date(2024, 10, 20) if late else due
        return placement.ReportAcknowledged(
            participation=self.kit.pid(number), report=uuid5(ROOT, f"{number}-{period}"), period=period, due_on=due,
            submitted_on=submitted, complete=True,
        )  # fmt: skip

    def ended(self, number: int, kind: Any = "normal") -> placement.PlacementEnded:
        return placement.PlacementEnded(
            participation=self.kit.pid(number), host="hosts/H001", started=True, ended_on=END, kind=kind,
            reason="term-completed", days_served=365,
        )  # fmt: skip

    async def term_completed(self, *numbers: int) -> None:
        """Everybody was selected, placed, reported and finished the term."""
        for n in numbers:
            await self.receive(self.selected(n), self.placed(n), self.report(n), self.ended(n))
        self.service.clock.at = datetime(2025, 8, 1, 2, tzinfo=UTC)

    async def sheet(self, actor: Any, component: str, scores: dict[int, str], **more: Any) -> httpx.Response:
        items = [{"participation": str(self.kit.pid(n)), "score": score} for n, score in scores.items()]
        body = {"component": component, "items": items}
        return await self.service.post(actor, "/v1/assessment/sheets", body, **more)

    async def evaluated(self, *numbers: int) -> None:
        """Host and unit gave their evaluations."""
        assert (
            await self.sheet(self.people.host, "mentor_evaluation", dict.fromkeys(numbers, "85"))
        ).status_code == 200
        assert (await self.sheet(self.people.unit, "unit_evaluation", dict.fromkeys(numbers, "80"))).status_code == 200

    async def recorded(self, panel: dict[int, str]) -> None:
        """The assessor conducted and stated what the scores say."""
        assert (await self.sheet(self.people.assessor, "panel", panel)).status_code == 200
        items = [
            {"participation": str(self.kit.pid(n)), "outcome": "pass" if float(score) >= 60 else "fail"}
            for n, score in panel.items()
        ]
        answer = await self.service.post(self.people.assessor, "/v1/assessment/results", {"items": items})
        assert answer.status_code == 200, answer.text

    async def confirm(self, actor: Any, *numbers: int, **more: Any) -> httpx.Response:
        items = [{"participation": str(self.kit.pid(n))} for n in numbers]
        return await self.service.post(actor, "/v1/assessment/confirmations", {"items": items}, **more)

    async def confirmed(self, panel: dict[int, str]) -> None:
        """The whole way to confirmed results."""
        numbers = list(panel)
        await self.term_completed(*numbers)
        await self.evaluated(*numbers)
        await self.recorded(panel)
        answer = await self.confirm(self.people.second, *numbers)
        assert answer.status_code == 200, answer.text

    async def issue(self, actor: Any = None, **more: Any) -> httpx.Response:
        body = {"programme": self.kit.programme, "session": "2024"}
        return await self.service.post(actor or self.people.issuer, "/v1/assessment/certificates/issue", body, **more)

    async def certified(self, *numbers: int) -> list[dict[str, Any]]:
        """The whole way to issued certificates; gives them in the order of their numbers."""
        await self.confirmed(dict.fromkeys(numbers, "88"))
        answer = await self.issue()
        assert answer.status_code == 200, answer.text
        issued: list[dict[str, Any]] = answer.json()["items"]
        return issued

    async def assessment(self, number: int, actor: Any = None) -> dict[str, Any]:
        """The one assessment as an actor sees it."""
        answer = await self.service.get(
            actor or self.people.assessor,
            "/v1/assessment/assessments",
            params={"participation": str(self.kit.pid(number))},
        )
        found: dict[str, Any] = answer.json()["items"][0]
        return found

    async def certificate(self, number: int) -> dict[str, Any]:
        """The newest certificate of a person, as the issuer sees it."""
        answer = await self.service.get(
            self.people.issuer, "/v1/assessment/certificates", params={"participation": str(self.kit.pid(number))}
        )
        found: dict[str, Any] = answer.json()["items"][-1]
        return found

    async def waiver(self, number: int) -> dict[str, Any]:
        """The waiver of a person, as the title authority sees it."""
        answer = await self.service.get(
            self.people.agency, "/v1/assessment/waivers", params={"participation": str(self.kit.pid(number))}
        )
        found: dict[str, Any] = answer.json()["items"][0]
        return found

    async def stored(self, id: str) -> Certificate:
        """A certificate as the database has it."""
        async with self.service.running.unit(Circumstances(self.people.operator)) as work:
            found: Certificate | None = await work.seen_certificate(id=UUID(id))
        assert found is not None
        return found

    async def verify(self, **question: str) -> httpx.Response:
        return await self.service.post(None, "/v1/assessment/verifications", question)


def _key_files(directory: Path) -> dict[str, Path]:
    current = ECKey.generate_key("P-256", {"kid": "certificates-2"})
    proving = OKPKey.generate_key("Ed25519", {"kid": "certificates-3"})
    retired = OKPKey.generate_key("Ed25519", {"kid": "certificates-1"})
    private, older = directory / "certificates.jwk", directory / "certificates-retired.json"
    private.write_text(json.dumps({"keys": [current.as_dict(private=True), proving.as_dict(private=True)]}))
    older.write_text(json.dumps({"keys": [retired.as_dict(private=False)]}))
    seal, chain, root = (directory / name for name in ("seal.pem", "seal-chain.pem", "seal-root.pem"))
    make_development_seal(seal, chain, root, organisation="Tests")
    tested = directory / "conformance.jwk"
    tested.write_text(json.dumps(OKPKey.generate_key("Ed25519", {"kid": "conformance-1"}).as_dict(private=True)))
    return {
        "certificate_key": private, "vc_api_key": tested, "certificate_keys_retired": older, "seal_key": seal, "seal_certificates": chain,
    }  # fmt: skip


@pytest.fixture(scope="session")
async def running(
    migrated: Any, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The service, started once."""
    settings = settings_for(
        AssessmentSettings, migrated("assessment"), keys, selection_url="http://selection.invalid",
        public_url="https://talent.example", **_key_files(tmp_path_factory.mktemp("certificates")),
    )  # fmt: skip
    async with under_test(create_app(settings), keys) as service:
        yield service


@pytest.fixture
async def service(running: ServiceUnderTest) -> ServiceUnderTest:
    """The service with empty tables at 1 March 2024."""
    await empty_tables(running)
    running.clock.at = datetime(2024, 3, 1, 4, tzinfo=UTC)
    return running


@pytest.fixture
async def road(service: ServiceUnderTest, kit: Any) -> Road:
    """A cohort about to begin: the policies are loaded."""
    names = Names()
    tools_of(service.running).names = names
    road = Road(service, kit, names)
    await road.policies()
    return road
