"""Reference data through the door, for everybody."""

from __future__ import annotations

from gateway.testing.stage import Stage


async def test_lists_are_open_and_kept(stage: Stage) -> None:
    """Nobody signs in for code lists; the second visit costs nothing."""
    index = await stage.client.get("/v1/reference")
    levels = await stage.client.get("/v1/reference/title-levels")
    again = await stage.client.get("/v1/reference/title-levels", headers={"if-none-match": levels.headers["etag"]})

    assert index.status_code == levels.status_code == 200
    assert "title-levels" in {item["name"] for item in index.json()["items"]}
    assert [entry["code"] for entry in levels.json()["entries"]][:2] == ["none", "junior"]
    assert levels.json()["entries"][1] | {"valid_from": None} == {
        "code": "junior", "zh": "初级", "en": "Junior", "valid_from": None, "valid_to": None,
    }  # fmt: skip
    assert levels.headers["cache-control"].startswith("public")
    assert again.status_code == 304


async def test_a_code_and_a_version_can_be_named(stage: Stage) -> None:
    """A named version never changes; what is not there is 404 in the caller's language, what is malformed 400."""
    one = await stage.client.get("/v1/reference/prefectures/5402", params={"version": 1})
    later = await stage.client.get("/v1/reference/prefectures", params={"version": 99})
    unknown = await stage.client.get("/v1/reference/prefectures/9999", headers={"accept-language": "zh"})
    malformed = await stage.client.get("/v1/reference/Prefectures", params={"version": "new"})

    assert one.json()["valid_from"] == "2014-06-26"
    assert "immutable" in one.headers["cache-control"]
    assert later.status_code == unknown.status_code == 404
    assert unknown.headers["content-language"] == "zh-CN"
    assert malformed.status_code == 400
    assert len(malformed.json()["errors"]) == 2
