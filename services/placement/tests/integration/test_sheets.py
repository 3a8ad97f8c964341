"""Registers and completions by sheet: all wrong cells at once, all or nothing, a job for large ones (P-04, D-07)."""

from __future__ import annotations

from typing import Any

from placement.adapters.jobs.steps import STEPS
from shared.jobs.stepping import run_jobs

HOSTS = "/v1/placement/hosts/register"
HEAD = "单位代码,单位类型,省份代码,中文名称,英文名称,所属系统,专业大类,专业,所在地区代码,单位类别,联系协调机构代码\n"


async def sent(road: Any, actor: Any, path: str, content: str, **headers: str) -> Any:
    """A CSV file as the body."""
    return await road.service.call(
        actor, "POST", path, headers={"content-type": "text/csv"} | headers, content=content.encode("utf-8-sig")
    )


def line(number: int, **more: str) -> str:
    cells = {
        "code": f"H{number:03d}", "type": "university", "province": "11", "zh": f"第{number}大学", "en": "University",
        "sector": "education", "groups": "education health", "specialties": "primary-education", "area": "1101",
        "class": "", "office": "",
    } | more  # fmt: skip
    return ",".join(cells.values()) + "\n"


async def test_a_register_goes_out_and_comes_back(road: Any) -> None:
    """P-04, D-08: what was exported is taken in unchanged; a changed line changes one host."""
    operator = road.people.operator
    made = await road.ok(sent(road, operator, HOSTS, HEAD + line(1) + line(2)))
    out = await road.service.get(road.people.region, f"{HOSTS}.csv")
    book = await road.service.get(road.people.region, f"{HOSTS}.xlsx")
    same = await road.ok(sent(road, operator, HOSTS, out.content.decode("utf-8-sig")))
    changed = await road.ok(sent(road, operator, HOSTS, HEAD + line(2, en="College")))
    again = await road.ok(
        road.service.call(operator, "POST", HOSTS, headers={"content-type": "application/octet-stream"},
                          content=book.content)
    )  # fmt: skip

    counts = [
        tuple(each[name] for name in ("created", "changed", "unchanged")) for each in (made, same, changed, again)
    ]
    assert counts == [(2, 0, 0), (0, 0, 2), (0, 1, 0), (0, 1, 1)]
    shown = await road.ok(road.get(operator, "/hosts/H001"))
    assert (shown["path"], shown["specialty_groups"], shown["area"]) == ("hosts/H001", ["education", "health"], "1101")
    assert out.headers["cache-control"] == "no-store"
    assert (await sent(road, road.people.region, HOSTS, HEAD + line(3))).status_code == 403


async def test_every_wrong_cell_is_named_and_nothing_is_written(road: Any) -> None:
    """Cells that cannot be read, cells against the rules, the same host twice: by address, in both languages."""
    operator = road.people.operator
    unreadable = HEAD + line(1, type="school") + line(2, province="1") + line(3, groups="") + line(4, area="north")
    ruled = HEAD + line(1) + line(2, province="99", area="9901") + line(1) + line(3, area="4401")

    first = await sent(road, operator, HOSTS, unreadable)
    second = await sent(road, operator, HOSTS, ruled, **{"accept-language": "zh-CN"})
    empty = await sent(road, operator, HOSTS, HEAD)

    assert (first.status_code, first.json()["code"]) == (400, "sheet-wrong")
    assert [each["pointer"] for each in first.json()["errors"]] == ["/csv/B2", "/csv/C3", "/csv/G4", "/csv/I5"]
    assert [(each["pointer"], each["code"]) for each in second.json()["errors"]] == [
        ("/csv/C3", "unknown-province"), ("/csv/A4", "duplicate-item"), ("/csv/I5", "unknown-area"),
    ]  # fmt: skip
    assert all(each["detail"].endswith("。") for each in second.json()["errors"])
    assert [each["code"] for each in empty.json()["errors"]] == ["empty-file"]
    assert await road.service.scalar("SELECT count(*) FROM host") == 0


async def test_a_large_register_is_a_job(road: Any) -> None:
    """All or nothing there too: the job counts what it did, or says which cells are wrong."""
    operator = road.people.ministry
    good = HEAD + "".join(line(n) for n in range(1, 801))

    queued = await sent(road, operator, f"{HOSTS}/imports", good)
    wrong = await sent(road, operator, f"{HOSTS}/imports", good + line(900, province="99", area="9901"))
    await run_jobs(road.service.running, STEPS)

    assert (queued.status_code, queued.json()["state"]) == (202, "queued")
    done, failed = [await road.ok(road.get(operator, f"/jobs/{each.json()['id']}")) for each in (queued, wrong)]
    assert (done["state"], done["counts"]) == ("done", {"created": 800, "changed": 0, "unchanged": 0})
    assert failed["state"] == "failed"
    assert "C802" in str(failed["problem"])
    assert await road.service.scalar("SELECT count(*) FROM host") == 800
