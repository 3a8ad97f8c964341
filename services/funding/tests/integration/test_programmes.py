"""Every programme of the field can be said in data and is applied through the route (F-03 – F-08)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from funding.domain.payments.rates import Circumstance, Span
from funding.domain.policy import FundingPolicy, read_policy
from funding.testing.counter import OPERATOR, Counter, expect
from shared.kernel.money import yuan

PROGRAMMES = next(each for each in Path(__file__).resolve().parents if (each / "programmes").is_dir()) / "programmes"


def policies() -> list[dict[str, Any]]:
    """The funding policies of all programmes, predecessors before successors."""
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(PROGRAMMES.glob("*/*/funding.yaml"))]
    return sorted(found, key=lambda content: content.get("inherits", ""))


async def applied(counter: Counter) -> dict[tuple[str, str], FundingPolicy]:
    done = {}
    for content in policies():
        path = f"/v1/funding/policies/{content['programme']}/{content['version']}"
        answer = expect(await counter.service.call(OPERATOR, "PUT", path, content), 200)
        done[content["programme"], content["version"]] = read_policy(answer["effective"])
    return done


async def test_every_programme_is_applied_and_says_what_its_kind_needs(counter: Counter) -> None:
    found = await applied(counter)

    assert {programme for programme, _ in found} >= {
        "tibet-special-training", "tibet-expert-mission", "sichuan-two-way-secondment", "skilled-talent-class",
        "heilongjiang-talent-support",
    }  # fmt: skip
    assert all(policy.purposes for policy in found.values())
    assert found["tibet-expert-mission", "batch-4"].reimbursement is not None
    assert found["heilongjiang-talent-support", "round-1"].matrix.autonomy is not None


async def test_two_years_outbound_and_one_year_inbound_are_one_policy(counter: Counter) -> None:
    """W-02, W-04: by the day and by the term; the plateau subsidy rises on its effective date."""
    policy = (await applied(counter))["sichuan-two-way-secondment", "batch-2"]
    outbound = policy.full_term(Span(date(2012, 7, 1), date(2014, 6, 30)), Circumstance("51", "P2Y"))
    inbound = policy.full_term(Span(date(2012, 7, 1), date(2013, 6, 30)), Circumstance("51", "P1Y"))

    assert {name: yuan(amount) for name, amount in outbound.items()} == {
        "post-allowance": "43800.00", "plateau-allowance": "31025.00", "travel": "6000.00", "insurance": "1000.00",
    }  # fmt: skip
    assert {name: yuan(amount) for name, amount in inbound.items()} == {
        "post-allowance": "21900.00", "plateau-allowance": "14600.00", "travel": "3000.00", "insurance": "500.00",
    }  # fmt: skip
