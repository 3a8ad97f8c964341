"""Agreements of N parties: order, shares, amendments, paper, filing, the end by clock or authority (M-04, M-10)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from placement.usecases.agreements.end_agreements import expire_agreements
from shared.identity.signatures import read_keys, verify_signature
from shared.kernel.actor import Role
from shared.testing.actors import someone

FIVE = [
    {"role": "trainee", "order": 1},
    {"role": "sending_unit", "order": 2},
    {"role": "host", "order": 2, "most": 2, "shares": True},
    {"role": "region", "signs": "regional_officer", "order": 3},
]
ALL = {"learning": ["host"], "post": ["host", "sending_unit"], "assessment": ["host"], "logistics": ["sending_unit"]}


def said(answer: Any) -> tuple[int, str, str | None]:
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def five_parties(road: Any, **more: Any) -> None:
    """One person is placed under a policy of five parties; two hosts share."""
    original = road.content

    def content(version: str) -> dict[str, Any]:
        read: dict[str, Any] = original(version)
        return read | {"agreement": {"parties": FIVE, **more}} if version == "batch-3" else read

    road.content = content
    await road.placed(1)
    await road.hosts(2)


def draft(road: Any, *shares: tuple[str, int | None], **more: Any) -> dict[str, Any]:
    hosts = [
        {"role": "host", "organisation": host} | ({} if share is None else {"share": share}) for host, share in shares
    ]
    parties = ["trainee", "sending_unit", *hosts, {"role": "region", "organisation": "cn/54"}]
    duties = {role: ["its part"] for role in ("trainee", "sending_unit", "host", "region")}
    body: dict[str, Any] = road.items([1], parties=parties, terms={"duties": duties, **more})
    return body


BOTH = (("hosts/H001", 60), ("hosts/H002", 40))


async def test_five_parties_in_order_with_shares(road: Any) -> None:
    """Two hosts with 60 and 40: each sign in its turn, the second host sees it, the shares are published."""
    await five_parties(road)
    people = road.people
    id = (await road.ok(road.post(people.unit, "/agreements", draft(road, *BOTH))))["items"][0]["id"]
    await road.ok(road.post(people.unit, "/agreements/offers", {"items": [{"agreement": id}]}))
    sign = f"/agreements/{id}/sign"

    early = await road.post(people.host(2), sign)
    assert said(early) == (409, "not-your-turn", "M-04")
    assert early.json()["waiting_for"] == ["trainee"]
    chinese = await road.post(people.region, sign, headers={"accept-language": "zh-CN"})
    assert "先签署" in chinese.json()["detail"]
    assert said(await road.post(people.host(3), sign))[0] == 404
    assert said(await road.post(people.ministry, sign)) == (403, "not-a-party", "M-04")
    for actor in (people.trainee(1), people.host(2), people.unit, people.host(1)):
        assert (await road.ok(road.post(actor, sign)))["state"] == "offered"
    done = await road.ok(road.post(people.region, sign))

    assert done["state"] == "in_force"
    assert [(p["identity"], p["share"], p["leading"]) for p in done["parties"] if p["role"] == "host"] == [
        ("hosts/H001", 60, True), ("hosts/H002", 40, False),
    ]  # fmt: skip
    (told,) = await road.heard("agreement.in_force")
    assert told["shares"] == [
        {"host": "hosts/H001", "percent": 60, "leading": True}, {"host": "hosts/H002", "percent": 40, "leading": False},
    ]  # fmt: skip
    assert len((await road.ok(road.get(people.host(2), "/agreements")))["items"]) == 1
    assert (await road.ok(road.get(people.host(3), "/agreements")))["items"] == []


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ((("hosts/H001", 60), ("hosts/H002", 39)), "shares-not-whole"),
        ((("hosts/H001", 60), ("hosts/H002", None)), "shares-not-whole"),
        ((("hosts/H001", 50), ("hosts/H001", 50)), "party-twice"),
        ((("hosts/H002", 100),), "leading-host-missing"),
        ((("hosts/H001", 50), ("hosts/H002", 30), ("hosts/H003", 20)), "too-many-parties"),
        ((("hosts/H001", 50), ("hosts/H009", 50)), "unknown-host"),
    ],
    ids=["not 100", "one missing", "twice", "not the placement's", "three", "unknown"],
)
async def test_shares_that_do_not_fit(road: Any, shares: Any, code: str) -> None:
    """Every wrong division is refused with its rule."""
    await five_parties(road)
    await road.hosts(3)

    answer = await road.post(road.people.unit, "/agreements", draft(road, *shares))

    assert answer.status_code in (400, 422)
    assert code in {answer.json()["code"], *(e["code"] for e in answer.json()["errors"])}, answer.text
    assert await road.service.scalar("SELECT count(*) FROM agreement") == 0


async def test_all_problems_at_once(road: Any) -> None:
    """Shares, duties and an area that nobody answers for are told together."""
    await five_parties(road, responsibilities={"required": True})
    body = draft(road, ("hosts/H001", 60), ("hosts/H002", 20), responsibilities={"learning": ["host"], "post": []})
    del body["items"][0]["terms"]["duties"]["region"]

    answer = await road.post(road.people.unit, "/agreements", body)

    assert answer.status_code == 422
    assert [e["code"] for e in answer.json()["errors"]] == [
        "shares-not-whole", "duties-missing", "area-without-side", "area-without-side", "area-without-side",
    ]  # fmt: skip


async def test_the_database_is_the_last_line(road: Any) -> None:
    """Shares that are not whole, an uncovered area, and a binding edition without a signature are refused below too."""
    (id,) = await road.offered_agreements(await road.placed(1))
    shares = [{"role": "host", "identity": "a", "share": 60}, {"role": "host", "identity": "b", "share": 39}]
    for change in (
        f"parties = '{json.dumps(shares)}'",
        'responsibilities = \'{"learning": ["host"]}\'',
        "state = 'in_force'",
    ):
        with pytest.raises(IntegrityError):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(f"UPDATE agreement SET {change} WHERE id = :id"), {"id": id})


async def test_responsibilities_are_the_policys_or_the_drafts(road: Any) -> None:
    """M-10: without a word of the draft the policy's hold; both sides and the trainee read them, a stranger does not."""
    jointly = {area: ["host", "sending_unit"] for area in ALL}
    await road.placed(2)
    own = road.items([2], terms=road.TERMS | {"responsibilities": ALL})
    await road.ok(road.post(road.people.unit, "/agreements", road.items([1], terms=road.TERMS)))
    await road.ok(road.post(road.people.unit, "/agreements", own))

    for actor in (road.people.host(), road.people.unit, road.people.trainee(1), road.people.region):
        shown = await road.ok(road.get(actor, f"/placements/{road.pid(1)}/responsibilities"))
        assert shown["responsibilities"] == jointly
    assert (await road.ok(road.get(road.people.host(), f"/placements/{road.pid(2)}/responsibilities")))[
        "responsibilities"
    ] == ALL
    assert (await road.get(road.people.host(2), f"/placements/{road.pid(1)}/responsibilities")).status_code == 404


async def test_amendments_pass_the_same_checks_and_keep_the_signatories(road: Any) -> None:
    """Nobody is dropped, shares stay whole; refused: the original stays and nobody signs the refused one any more."""
    await five_parties(road)
    people = road.people
    first = (await road.ok(road.post(people.unit, "/agreements", draft(road, *BOTH))))["items"][0]["id"]
    await road.ok(road.post(people.unit, "/agreements/offers", {"items": [{"agreement": first}]}))
    for actor in (people.trainee(1), people.host(2), people.unit, people.host(1), people.region):
        await road.ok(road.post(actor, f"/agreements/{first}/sign"))
    path = f"/agreements/{first}/amendments"

    def amendment(*shares: Any) -> dict[str, Any]:
        item = draft(road, *shares)["items"][0]
        return {"parties": item["parties"], "terms": item["terms"], "reason": "Other shares."}

    alone = await road.post(people.region, path, amendment(("hosts/H001", 100)))
    uneven = await road.post(people.region, path, amendment(("hosts/H001", 60), ("hosts/H002", 41)))
    idle = await road.post(people.region, path, {"terms": {"duties": {"trainee": ["x"]}}, "reason": "Less."})
    assert said(alone) == (422, "signatory-dropped", "M-04")
    assert said(uneven) == (422, "shares-not-whole", "M-04")
    assert said(idle) == (422, "duties-missing", "M-10")
    next_one = await road.ok(road.post(people.region, path, amendment(("hosts/H001", 50), ("hosts/H002", 50))))
    await road.ok(road.post(people.unit, "/agreements/offers", {"items": [{"agreement": next_one["id"]}]}))
    await road.ok(road.post(people.trainee(1), f"/agreements/{next_one['id']}/sign"))
    await road.ok(road.post(people.host(2), f"/agreements/{next_one['id']}/refuse", {"reason": "Too much."}))

    assert said(await road.post(people.unit, f"/agreements/{next_one['id']}/sign"))[:2] == (409, "wrong-state")
    assert (await road.ok(road.get(people.unit, f"/agreements/{first}")))["state"] == "in_force"
    assert (await road.placement(1))["agreement"] == first
    again = await road.ok(road.post(people.region, path, amendment(("hosts/H001", 55), ("hosts/H002", 45))))
    assert again["edition"] == 2


async def test_paper_and_screen_mix(road: Any) -> None:
    """The trainee signs on paper, attested by another officer than the signing side; the unit signs on screen."""
    (id,) = await road.offered_agreements(await road.placed(1))
    people = road.people
    page = await road.page(people.unit, id)
    paper = f"/agreements/{id}/paper-signatures"

    def signed(role: str, on: str = "2024-03-01", which: str = page) -> dict[str, Any]:
        return {"items": [{"role": role, "page": which, "signed_on": on}]}

    assert said(await road.post(people.trainee(1), paper, signed("trainee")))[0] == 403
    assert said(await road.post(people.unit, paper, signed("sending_unit"))) == (422, "attested-by-party", "M-04")
    assert said(await road.post(people.unit, paper, signed("trainee", "2024-03-02")))[1] == "date-in-future"
    assert said(await road.post(people.unit, paper, signed("trainee", "2024-02-28")))[1] == "signed-before-offer"
    assert said(await road.post(people.unit, paper, signed("trainee", which=road.pid(9))))[:2] == (404, "no-such-page")
    assert said(await road.post(people.unit, paper, signed("host")))[:2] == (404, "no-such-party")
    shown = await road.ok(road.post(people.unit, paper, signed("trainee")))
    mine = next(p for p in shown["parties"] if p["role"] == "trainee")
    assert (mine["means"], mine["document"], mine["attested_by"]) == ("paper", page, people.unit.subject)
    assert (await road.ok(road.post(people.unit, f"/agreements/{id}/sign")))["state"] == "in_force"
    assert (await road.placement(1))["agreement_on"] == "2024-03-01"


async def test_pages_are_what_they_begin_as(road: Any) -> None:
    """PDF, PNG or JPEG by their first bytes, up to 5 MiB; parties and offices read them, nobody else."""
    (id,) = await road.offered_agreements(await road.placed(1))
    people = road.people

    assert said(await road.upload(people.unit, id, b"MZ\x90\x00")) == (415, "not-a-page", None)
    assert (await road.upload(people.unit, id, b"%PDF-", "text/html")).status_code == 415
    assert (await road.upload(people.unit, id, b"%PDF-" + b"0" * 5 * 1024 * 1024)).status_code == 413
    assert (await road.upload(people.other_unit, id, b"%PDF-1.7")).status_code == 404
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    first = await road.page(people.unit, id, content)
    assert await road.page(people.region, id, content) == first
    (listed,) = (await road.ok(road.get(people.trainee(1), f"/agreements/{id}/pages")))["items"]
    assert (listed["media_type"], listed["size"]) == ("image/png", len(content))
    for actor, status in (
        (people.trainee(1), 200), (people.unit, 200), (people.region, 200), (people.auditor, 200),
        (people.trainee(2), 404), (people.other_unit, 404), (people.host(), 404), (people.mentor(), 403),
    ):  # fmt: skip
        answer = await road.get(actor, f"/agreements/{id}/pages/{first}")
        assert answer.status_code == status
        if status == 200:
            assert answer.content == content
            assert answer.headers["content-disposition"] == f'attachment; filename="agreement-page-{first}.png"'


async def test_filing_with_its_proof(road: Any) -> None:
    """Prepared, submitted, returned with a reason, again, acknowledged; anyone can check document and signature."""
    (id,) = await road.agreed(await road.placed(1))
    people, filings = road.people, "/agreement-filings"
    filing = await road.prepared_filing(id)
    one = {"items": [{"filing": filing}]}

    twice = await road.post(people.unit, filings, {"items": [{"agreement": id}]})
    assert said(twice) == (409, "filing-exists", "M-04")
    receipt = {"items": [{"filing": filing, "number": "藏2024-1"}]}
    assert said(await road.post(people.region, f"{filings}/acknowledgements", receipt))[:2] == (409, "wrong-state")
    await road.ok(road.post(people.unit, f"{filings}/submissions", one))
    assert said(await road.post(people.unit, f"{filings}/acknowledgements", receipt))[0] == 403
    await road.ok(road.post(people.region, f"{filings}/{filing}/return", {"reason": "Seal missing."}))
    await road.ok(road.post(people.unit, f"{filings}/submissions", one))
    await road.ok(road.post(people.region, f"{filings}/acknowledgements", receipt))

    agreement = await road.ok(road.get(people.unit, f"/agreements/{id}"))
    assert (agreement["state"], agreement["filing_number"]) == ("filed", "藏2024-1")
    shown = await road.ok(road.get(people.unit, f"{filings}/{filing}"))
    assert [(s["receipt"], s["reason"]) for s in shown["submissions"]] == [(None, "Seal missing."), ("藏2024-1", None)]
    proof = await road.ok(road.get(people.trainee(1), f"{filings}/{filing}/proof"))
    keys = read_keys(road.service.keys.public)
    assert verify_signature(proof["signature"], proof["statement"].encode(), keys, kind=proof["kind"]) == "placement"
    assert json.loads(proof["document"])["agreement"] == id
    assert (await road.get(people.other_unit, f"{filings}/{filing}/proof")).status_code == 404


async def test_one_step_filing_has_a_proof_too(road: Any) -> None:
    """The short way for an authority that files on its own leaves the same file."""
    (id,) = await road.agreed(await road.placed(1))
    body = {"items": [{"agreement": id, "number": "N-1"}]}
    await road.ok(road.post(road.people.region, "/agreements/filings", body))

    (filing,) = (await road.ok(road.get(road.people.region, f"/agreement-filings?agreement={id}")))["items"]
    assert (filing["state"], filing["submissions"][0]["receipt"]) == ("acknowledged", "N-1")


async def test_expiry_by_the_clock_and_termination_by_the_authority(road: Any) -> None:
    """The day after the planned end it expires; a termination has its reason and lets a new agreement follow."""
    ids = await road.agreed(await road.placed(2))
    path = f"/agreements/{ids[1]}/terminate"
    assert said(await road.post(road.people.unit, path, {"reason": "We want to."}))[0] == 403
    ended = await road.ok(road.post(road.people.region, path, {"reason": "Unit merged."}))
    assert (ended["state"], ended["termination_reason"]) == ("terminated", "Unit merged.")
    assert (await road.placement(2))["agreement_on"] is None
    await road.ok(road.post(road.people.unit, "/agreements", road.items([2], terms=road.TERMS)))

    for day, expired in ((date(2025, 6, 30), 0), (date(2025, 7, 1), 1), (date(2025, 7, 2), 0)):
        road.on(day)
        async with road.service.running.system_unit(f"duty:{day}") as work:
            assert await expire_agreements(work) == expired
    assert (await road.ok(road.get(road.people.unit, f"/agreements/{ids[0]}")))["state"] == "expired"


async def test_policies_say_who_signs(road: Any) -> None:
    """A role twice, a role of its own without a signer and a trainee signed for by an officer: all told at once."""
    parties = [
        {"role": "trainee", "signs": "unit_officer"}, "sending_unit", {"role": "sending_unit"}, {"role": "bureau"},
    ]  # fmt: skip
    content = road.content("batch-3") | {"agreement": {"parties": parties}}

    answer = await road.put(road.people.operator, "/policies/tibet-special-training/batch-3", content)

    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [
        "/agreement/parties/0/signs", "/agreement/parties/1/role", "/agreement/parties/2/role",
        "/agreement/parties/3/signs",
    ]  # fmt: skip


async def test_a_foreign_region_neither_signs_nor_files(road: Any) -> None:
    """An office of another region sees nothing of it."""
    (id,) = await road.agreed(await road.placed(1))
    other = someone(Role.REGIONAL_OFFICER, organisation="cn/51")

    assert (await road.post(other, "/agreement-filings", {"items": [{"agreement": id}]})).status_code == 404
    assert (await road.post(other, f"/agreements/{id}/terminate", {"reason": "No."})).status_code == 404
