"""The auditor draws, finds and verifies; the audited answer and correct; nobody does the other's part (F-06)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from funding.adapters.http.policy import POLICY
from funding.domain.audit.sampling import Candidate, SamplingPlan, described, draw
from funding.testing.counter import AUDITOR, PREPARER, REGIONAL, TREASURER, Counter, arrived, placed, selected
from funding.testing.office import START
from shared.kernel.actor import Role
from shared.testing.actors import someone

HOST = someone(Role.HOST_OFFICER, organisation="hosts/H001")
OTHER_HOST = someone(Role.HOST_OFFICER, organisation="hosts/H002")


async def paid(counter: Counter, persons: int = 3) -> str:
    """A fund that paid the first instalment of so many persons; gives its id."""
    fund = await counter.fund()
    await counter.allocated(fund, persons)
    counter.set_day(START)
    for _ in range(persons):
        who = uuid4()
        await counter.hears(selected(who), placed(who), arrived(who))
    await counter.pays()
    return fund


def asked(fund: str, **more: Any) -> dict[str, Any]:
    """A random sample of two."""
    body = {
        "plan": "random",
        "fund": fund,
        "from_day": "2024-03-01",
        "to_day": "2024-07-01",
        "size": 2,
        "seed": "2024-1",
    }
    return body | more


@pytest.mark.parametrize("plan", list(SamplingPlan))
async def test_a_sample_is_drawn_again_from_its_seed(counter: Counter, plan: SamplingPlan) -> None:
    """Whoever has the books and the seed draws the same entries; the digest names the population."""
    fund = await paid(counter)

    first = await counter.post(AUDITOR, "/audit/samples", asked(fund, plan=plan, size=4), status=201)
    again = await counter.post(AUDITOR, "/audit/samples", asked(fund, plan=plan, size=4), status=201)

    entries = (await counter.get(f"/entries?fund={fund}&limit=100"))["items"]
    inspected = [x for x in entries if x["kind"] in ("granted", "budgeted", "paid")]
    assert first["items"] == again["items"] != []
    assert first["population"] == len(inspected)
    assert {x["entry"] for x in first["items"]} <= {x["id"] for x in inspected}
    assert await counter.get(f"/audit/samples/{first['id']}") == first
    assert len((await counter.get(f"/audit/samples?fund={fund}"))["items"]) == 2


async def test_a_finding_goes_its_way(counter: Counter) -> None:
    """Opened, answered, corrected, not good enough, corrected again, verified, closed; every step is kept."""
    fund = await paid(counter)
    sample = await counter.post(AUDITOR, "/audit/samples", asked(fund), status=201)
    body = {
        "sample": sample["id"], "entry": sample["items"][0]["entry"], "severity": "high", "code": "missing-evidence",
        "statement": "No arrival sheet.", "responsible": "hosts/H001", "due_on": "2024-08-01",
    }  # fmt: skip
    finding = await counter.post(AUDITOR, "/audit/findings", body, status=201)
    path = f"/audit/findings/{finding['id']}"

    for actor, action, state in (
        (HOST, "respond", "responded"),
        (HOST, "correct", "corrective_action"),
        (AUDITOR, "insist", "responded"),
        (HOST, "correct", "corrective_action"),
        (AUDITOR, "verify", "verified"),
        (AUDITOR, "close", "closed"),
    ):
        assert (await counter.post(actor, f"{path}/{action}", {"text": "as said"}))["state"] == state

    closed = await counter.get(path, HOST)
    assert [step["action"] for step in closed["steps"]] == [
        "respond",
        "correct",
        "insist",
        "correct",
        "verify",
        "close",
    ]
    assert (closed["corrected_by"], closed["verified_by"]) == (HOST.subject, AUDITOR.subject)
    assert closed["closed_on"] == "2024-07-01"


async def test_a_disputed_finding_is_upheld_or_withdrawn(counter: Counter) -> None:
    """The audited may disagree; the auditor has the last word, either way."""
    await paid(counter)
    body = {
        "severity": "low", "code": "late-return", "statement": "Late.", "responsible": "cn/54", "due_on": "2024-07-20"
    }  # fmt: skip
    ends = []
    for verdict in ("uphold", "withdraw"):
        path = f"/audit/findings/{(await counter.post(AUDITOR, '/audit/findings', body, status=201))['id']}"
        await counter.post(PREPARER, f"{path}/dispute", {"text": "It was in time."})
        ends.append((await counter.post(AUDITOR, f"{path}/{verdict}", {"text": "See the stamp."}))["state"])

    assert ends == ["responded", "closed"]


async def test_findings_are_seen_by_their_own_and_the_late_ones_stand_out(counter: Counter) -> None:
    """A host sees its own findings only; overdue ones are listed by themselves."""
    await paid(counter)
    for responsible, due in (("hosts/H001", "2024-07-10"), ("hosts/H002", "2024-09-10")):
        body = {"severity": "low", "code": "x", "statement": "x", "responsible": responsible, "due_on": due}
        await counter.post(AUDITOR, "/audit/findings", body, status=201)
    counter.set_day(START.replace(month=8))

    mine = (await counter.get("/audit/findings", OTHER_HOST))["items"]
    late = (await counter.get("/audit/findings?overdue=true"))["items"]
    of_other = (await counter.get("/audit/findings?responsible=hosts/H001"))["items"][0]["id"]

    assert [each["responsible"] for each in mine] == ["hosts/H002"]
    assert [(each["responsible"], each["overdue"]) for each in late] == [("hosts/H001", True)]
    assert (await counter.service.get(OTHER_HOST, f"/v1/funding/audit/findings/{of_other}")).status_code == 404
    answer = await counter.post(OTHER_HOST, f"/audit/findings/{of_other}/respond", {"text": "x"}, status=None)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"due_on": "2024-06-30"}, 400, "finding-wrong"),
        ({"entry": str(uuid4())}, 404, "not-found"),
        ({"sample": str(uuid4())}, 404, "not-found"),
        ({"severity": "terrible"}, 422, None),
        ({"statement": ""}, 422, None),
    ],
)
async def test_a_wrong_finding_is_refused(
    counter: Counter, change: dict[str, Any], status: int, code: str | None
) -> None:
    """All problems are named, in the language of the caller; nothing is kept."""
    await paid(counter, 1)
    body = {"severity": "low", "code": "x", "statement": "x", "responsible": "cn/54", "due_on": "2024-07-20"} | change

    answer = await counter.post(AUDITOR, "/audit/findings", body, status=None, headers={"accept-language": "zh-CN"})

    assert answer.status_code in {status, 400}, answer.text
    assert code is None or answer.json()["code"] == code
    assert (await counter.get("/audit/findings"))["items"] == []


async def test_a_wrong_sample_is_refused(counter: Counter) -> None:
    """Days that lie ahead, nothing to draw from, an unknown fund."""
    fund = await paid(counter, 1)

    ahead = await counter.post(AUDITOR, "/audit/samples", asked(fund, to_day="2025-01-01"), status=400)
    empty = await counter.post(AUDITOR, "/audit/samples", asked(fund, from_day="2024-04-01", to_day="2024-04-02"), status=422)  # fmt: skip
    await counter.post(AUDITOR, "/audit/samples", asked(str(uuid4())), status=404)

    assert (ahead["code"], empty["code"]) == ("days-wrong", "population-empty")


async def test_the_roles_of_auditor_and_audited_do_not_mix(counter: Counter) -> None:
    """The preparer opens nothing and verifies nothing; the auditor corrects nothing."""
    fund = await paid(counter, 1)
    body = {"severity": "low", "code": "x", "statement": "x", "responsible": "cn/54", "due_on": "2024-07-20"}
    await counter.post(PREPARER, "/audit/samples", asked(fund), status=403)
    await counter.post(REGIONAL, "/audit/findings", body, status=403)
    path = f"/audit/findings/{(await counter.post(AUDITOR, '/audit/findings', body, status=201))['id']}"

    await counter.post(AUDITOR, f"{path}/respond", {"text": "x"}, status=403)
    await counter.post(TREASURER, f"{path}/verify", {"text": "x"}, status=403)
    await counter.post(AUDITOR, f"{path}/verify", {"text": "x"}, status=409)


def test_the_auditor_reads_everything_and_writes_only_samples_and_findings() -> None:
    """F-06: of the whole table, what changes anything and admits an auditor is on samples and findings."""
    admitted = {action for action in POLICY.actions if POLICY.relations(action, AUDITOR)}
    reading = {action for action in POLICY.actions if action.endswith((".read", ".file"))}

    assert reading <= admitted
    assert {action.partition(".")[0] for action in admitted - reading} == {"sample", "finding"}


@pytest.mark.parametrize(
    "path", ["/funds", "/budgets", "/disbursements", "/instalments/prepare", "/periods/2024-01/close"]
)
async def test_the_auditor_is_refused_elsewhere(counter: Counter, path: str) -> None:
    """Refused by role before the body is looked at."""
    await counter.post(AUDITOR, path, {}, status=403)


async def test_findings_and_samples_are_kept(counter: Counter) -> None:
    """SQL too deletes no finding and changes no sample."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    for statement in ("DELETE FROM audit_finding", "TRUNCATE audit_finding", "UPDATE audit_sample SET seed = 'mine'"):
        async with counter.service.running.engine.connect() as connection:
            with pytest.raises(DBAPIError, match="append-only"):
                await connection.execute(text(statement))


def test_every_fen_has_its_chance_and_large_entries_are_certain() -> None:
    """Monetary-unit sampling: what is larger than the interval is always drawn."""
    from datetime import date

    small = [Candidate(uuid4(), "paid", 100, date(2024, 7, 1), "x", None, None) for _ in range(50)]
    large = Candidate(uuid4(), "paid", 100_000, date(2024, 7, 1), "x", None, None)

    for seed in map(str, range(20)):
        drawn = draw(SamplingPlan.MONETARY_UNIT, [*small, large], size=5, seed=seed)
        assert large.entry in {item.entry for item in drawn}
    assert described([*small, large]) == described([large, *reversed(small)])
