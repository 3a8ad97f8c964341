"""What people do about accreditations and cards, step by step, for tests over the real routes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import yaml

from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone

PROGRAMME, VERSION = "heilongjiang-talent-support", "round-1"
FILE = Path(__file__).parents[5] / "programmes" / PROGRAMME / VERSION / "assessment.yaml"
ROUTE = "/v1/assessment/accreditations"
UNIT = "cn/23/2301/U0001"
PERSON = someone(Role.APPLICANT, subject="talent-1")
REVIEWER = someone(Role.LOCAL_REVIEWER, subject="reviewer-1", organisation="cn/23/2301")
BODY = someone(Role.REGIONAL_OFFICER, subject="body-1", organisation="cn/23")
PROVIDER = someone(Role.AGENCY, subject="hospital-1", organisation="providers/hospital-1")
OTHER = someone(Role.AGENCY, subject="airport-1", organisation="providers/airport-1")
EVIDENCE = {"kind": "award", "reference": "奖励证书 2020-17", "sha256": "ab" * 32}


def content() -> dict[str, Any]:
    """The programme's own policy."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


class Office:
    """What people do about accreditations, step by step."""

    def __init__(self, road: Any) -> None:
        self.road, self.service = road, road.service

    async def open(self) -> None:
        """Publish the policy."""
        await self.put(content())

    async def put(self, policy: dict[str, Any]) -> httpx.Response:
        """Publish a policy."""
        answer: httpx.Response = await self.service.call(
            self.road.people.operator, "PUT", f"/v1/assessment/policies/{PROGRAMME}/{policy['version']}", policy
        )
        return answer

    async def applied(self, who: Actor = PERSON, tier: str = "tier-2", **more: Any) -> httpx.Response:
        """Apply for a tier."""
        body = {
            "programme": PROGRAMME, "policy_version": VERSION, "unit": UNIT, "tier": tier, "evidence": [EVIDENCE]
        } | more  # fmt: skip
        answer: httpx.Response = await self.service.post(who, ROUTE, body)
        return answer

    async def do(self, who: Actor, id: str, verb: str, **body: Any) -> httpx.Response:
        """Do something to an accreditation."""
        answer: httpx.Response = await self.service.post(who, f"{ROUTE}/{id}/{verb}", body)
        return answer

    async def carded(self, who: Actor = PERSON, tier: str = "tier-2") -> dict[str, Any]:
        """The whole way to a card."""
        asked = await self.applied(who, tier)
        assert asked.status_code == 201, asked.text
        id = asked.json()["id"]
        for actor, verb in ((REVIEWER, "review"), (BODY, "assign")):
            answer = await self.do(actor, id, verb, tier=tier)
            assert answer.status_code == 200, answer.text
        return await self.card(who)

    async def card(self, who: Actor = PERSON) -> dict[str, Any]:
        """The newest card that somebody sees."""
        found: dict[str, Any] = (await self.service.get(who, "/v1/assessment/cards")).json()["items"][-1]
        return found

    async def use(self, number: str, service: str, receipt: str, who: Actor = PROVIDER, **more: Any) -> httpx.Response:
        """Record a use."""
        body = {"number": number, "service": service, "receipt": receipt, "used_on": "2024-03-01"} | more
        answer: httpx.Response = await self.service.post(who, "/v1/assessment/card-uses", body)
        return answer
