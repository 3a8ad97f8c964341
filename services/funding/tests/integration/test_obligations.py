"""What waits for whom in money matters, over HTTP."""

from __future__ import annotations

from typing import Any

from funding.testing.claims import (
    CHECKER,
    HOST,
    OTHER_HOST,
    drafted,
    fund_with_claims,
    lodging,
    registered_class,
    submitted,
)
from funding.testing.counter import AUDITOR, REGIONAL, TREASURER, Counter
from shared.kernel.actor import Role
from shared.testing.actors import someone


async def owed(counter: Counter, who: Any, **query: str) -> list[tuple[str, str, int]]:
    rows = (await counter.get("/obligations?" + "&".join(f"{k}={v}" for k, v in query.items()), who))["items"]
    return [(row["kind"], row["state"], row["count"]) for row in rows]


async def test_a_claim_waits_for_one_side_after_the_other(counter: Counter) -> None:
    """Its claimant, the preparer, the approver, the treasury: each sees it when it is their turn and not before."""
    await fund_with_claims(counter)
    await registered_class(counter)
    draft = await drafted(counter, lodging("2024-07-05", "2024-07-05", "340.00", "INV-0"))
    assert await owed(counter, HOST, kind="revise-claim") == [("revise-claim", "draft", 1)]
    assert await owed(counter, OTHER_HOST) == []
    assert await owed(counter, CHECKER, kind="check-claim") == []

    claim = await submitted(counter, lodging("2024-07-01", "2024-07-02", "680.00", "INV-1"))
    assert await owed(counter, CHECKER, kind="check-claim") == [("check-claim", "submitted", 1)]
    shown = (await counter.get("/obligations?kind=check-claim", CHECKER))["items"][0]
    assert (shown["subject"], shown["subject_kind"], shown["owed_by"]) == (claim["id"], "claim", "finance_preparer")

    await counter.post(CHECKER, f"/claims/{claim['id']}/check", {"cuts": []})
    assert await owed(counter, CHECKER, kind="check-claim") == []
    assert await owed(counter, REGIONAL, kind="sign-approval") == [("sign-approval", "pending", 1)]
    elsewhere = someone(Role.FINANCE_APPROVER, subject="elsewhere", organisation="cn/99")
    assert await owed(counter, elsewhere, kind="sign-approval") == []

    await counter.post(REGIONAL, f"/claims/{claim['id']}/approve", {"cuts": []})
    assert await owed(counter, REGIONAL, kind="sign-approval") == []
    assert await owed(counter, HOST) == [("revise-claim", draft["state"], 1)]
    assert await owed(counter, AUDITOR) == []
    assert isinstance(await owed(counter, TREASURER), list)
