"""Pages for people: verification without a script, boards and journeys behind view links, documentation."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
import pytest

from gateway.testing.stage import Stage
from gateway.testing.stories import PROGRAMME, SESSION, cohort, participation

BOARD = f"/board/{PROGRAMME}/{SESSION}"


class Outline(HTMLParser):
    """What a page loads and what its inputs are called."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline = 0
        self.labels: set[str | None] = set()
        self.inputs: set[str | None] = set()
        self.lang: str | None = None
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters."""
        found = dict(attrs)
        self.loads += [str(found[name]) for name in ("src", "href", "action") if found.get(name)]
        self.inline += (
            (tag == "script" and "src" not in found) + ("style" in found) + any(name.startswith("on") for name in found)
        )
        if tag == "html":
            self.lang = found.get("lang")
        if tag == "label" and "for" in found:
            self.labels.add(found["for"])
        if tag == "textarea":
            self.inputs.add(found.get("id"))
        if tag == "input" and found.get("type") != "checkbox":
            self.inputs.add(found.get("id"))
        if tag in {"h1", "h2"}:
            self.headings.append(tag)


def outline(page: str) -> Outline:
    """Read a page."""
    parser = Outline()
    parser.feed(page)
    return parser


async def view(stage: Stage, path: str, *roles: str, **who: str) -> str:
    """A view link to a page, made by somebody."""
    answer = await stage.client.post("/v1/view-links", json={"path": path}, headers=stage.bearer(*roles, **who))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])


async def test_a_board_opens_with_a_view_link_in_two_languages(stage: Stage) -> None:
    await stage.arrive(cohort())
    url = await view(stage, BOARD, "regional_officer", organisation="cn/54")

    chinese = await stage.client.get(url + "&lang=zh-CN")
    english = await stage.client.get(url + "&lang=en")

    assert (chinese.status_code, english.status_code) == (200, 200)
    assert "期次看板" in chinese.text
    assert "Cohort board" in english.text
    for page, language in ((chinese, "zh-CN"), (english, "en")):
        found = outline(page.text)
        assert (found.lang, found.inline) == (language, 0)
        assert all(target.startswith(("/", "#")) for target in found.loads)
        assert found.headings[0] == "h1"
        assert found.headings.count("h1") == 1
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"


async def test_a_journey_opens_with_a_view_link_and_shows_what_its_maker_sees(stage: Stage) -> None:
    await stage.arrive(cohort())
    path = f"/journey/{participation(1)}"

    region = await stage.client.get(await view(stage, path, "regional_officer", organisation="cn/54") + "&lang=en")
    host = await stage.client.get(await view(stage, path, "host_officer", organisation="hosts/H001") + "&lang=en")
    bearer = await stage.client.get(path, headers=stage.bearer("auditor"))

    assert (region.status_code, host.status_code, bearer.status_code) == (200, 200, 200)
    assert "20000.00" in region.text
    assert "20000.00" not in host.text
    assert "acc-1" not in region.text


@pytest.mark.parametrize("tail", ["", "?view=", "?view=forged", "?view=WyJhIl0.abc", "?view=" + "x" * 1999])
async def test_without_a_link_of_this_page_nothing_is_shown(tail: str, stage: Stage) -> None:
    await stage.arrive(cohort())

    for path in (BOARD, f"/journey/{participation(0)}"):
        answer = await stage.client.get(path + tail)

        assert answer.status_code == 401
        assert "cn/54" not in answer.text


async def test_a_link_of_another_page_does_not_open_this_one(stage: Stage) -> None:
    await stage.arrive(cohort())
    url = await view(stage, f"/journey/{participation(0)}", "applicant", subject="acc-0")

    other = await stage.client.get(url.replace(participation(0), participation(1)))
    board = await stage.client.get(BOARD + "?" + url.partition("?")[2])

    assert (other.status_code, board.status_code) == (401, 401)


@pytest.mark.parametrize(
    ("path", "roles", "who", "status"),
    [
        (BOARD, ("applicant",), {"subject": "acc-0"}, 403),
        (BOARD, ("host_officer",), {"organisation": "hosts/H001"}, 403),
        (f"/journey/{participation(0)}", ("applicant",), {"subject": "acc-1"}, 404),
        (f"/journey/{participation(0)}", ("mentor",), {}, 403),
        ("/v1/selection/applications", ("auditor",), {}, 400),
        ("/journey/../../etc", ("auditor",), {}, 400),
        ("//evil.example/board/a/b", ("auditor",), {}, 400),
    ],
)
async def test_links_are_made_for_what_the_maker_may_see(
    path: str, roles: tuple[str, ...], who: dict[str, str], status: int, stage: Stage
) -> None:
    await stage.arrive(cohort())

    answer = await stage.client.post("/v1/view-links", json={"path": path}, headers=stage.bearer(*roles, **who))

    assert answer.status_code == status


async def test_the_form_works_without_a_script_in_three_languages(stage: Stage) -> None:
    page = await stage.client.get("/verify")
    found = outline(page.text)

    assert page.status_code == 200
    assert found.labels == found.inputs == {"number", "name", "file", "text"}
    assert not any(target.endswith(".js") for target in found.loads)
    assert all(word in page.text for word in ("证书查验", "Certificate verification", "ལག་ཁྱེར་བདེན་དཔྱད།"))
    assert page.headers["cache-control"] == "no-store"


async def test_a_certificate_is_found_by_form_by_code_and_by_json(stage: Stage) -> None:
    form = await stage.client.post("/verify", data={"number": "TP-1", "name": "Tashi"})
    code = await stage.client.get("/verify/token-of-the-qr-code")
    answer = await stage.client.post("/v1/verifications", json={"number": "TP-1", "name": "Tashi"})

    assert 'data-status="valid"' in form.text
    assert 'data-status="valid"' in code.text
    assert answer.json() == {
        "status": "valid", "name": "Tashi", "programme": {"zh": "西藏特培", "en": "Tibet"}, "issued_on": "2025-11-01",
        "valid_until": None, "replaced_by": None,
    }  # fmt: skip
    assert "identity_number" not in answer.text + form.text + code.text


async def test_doubts_are_all_answered_alike(stage: Stage) -> None:
    """An unknown number and a wrong name cannot be told apart."""
    unknown = await stage.client.post("/v1/verifications", json={"number": "TP-2", "name": "Tashi"})
    wrong = await stage.client.post("/v1/verifications", json={"number": "TP-1", "name": "Nobody"})
    token = await stage.client.post("/v1/verifications", json={"token": "something-else"})

    assert unknown.content == wrong.content == token.content
    assert {unknown.status_code, wrong.status_code, token.status_code} == {200}


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"number": "TP-1"},
        {"name": "x"},
        {"number": "a", "name": "b", "token": "c"},
        {"number": "a", "name": "b", "x": 1},
        {"token": ""},
    ],
)
async def test_a_question_is_asked_in_exactly_one_way(question: dict[str, object], stage: Stage) -> None:
    answer = await stage.client.post("/v1/verifications", json=question)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


async def test_a_mistaken_number_is_said_so(stage: Stage) -> None:
    answer = await stage.client.post(
        "/v1/verifications", json={"number": "bad", "name": "x"}, headers={"accept-language": "zh-CN"}
    )
    form = await stage.client.post("/verify", data={"number": "bad", "name": "x"})

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-number")
    assert (form.status_code, 'role="alert"' in form.text) == (400, True)


async def test_what_was_typed_is_not_echoed(stage: Stage) -> None:
    answer = await stage.client.post("/verify", data={"number": "<script>alert(1)</script>", "name": "<b>x"})

    assert "<script>alert" not in answer.text
    assert "<b>x" not in answer.text


async def test_a_body_larger_than_any_form_is_refused(stage: Stage) -> None:
    answer = await stage.client.post("/verify", content=b"x" * 100_000)

    assert answer.status_code == 413


async def test_questions_are_throttled_per_address(stage: Stage) -> None:
    """A claimed X-Forwarded-For does not make another client out of one."""
    throttle = stage.door.own.state.running.extras["throttle"]
    answers: list[httpx.Response] = []
    try:
        while len(answers) < 70 and not (answers and answers[-1].status_code == 429):
            claimed = {"x-forwarded-for": f"192.0.2.{len(answers)}"}
            answers.append(await stage.client.post("/v1/verifications", json={"token": "guess"}, headers=claimed))
        page = await stage.client.get("/verify/token-of-the-qr-code")
        form = await stage.client.get("/verify")
    finally:
        throttle._buckets.clear()

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (page.status_code, form.status_code) == (429, 200)


async def test_tokens_in_paths_do_not_reach_the_log(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line names the route, never the path or the query."""
    lines: list[dict[str, object]] = []

    class Log:
        @staticmethod
        def info(_: str, **line: object) -> None:
            lines.append(line)

    monkeypatch.setattr("shared.http.observing._log", Log)

    await stage.client.get("/verify/token-of-the-qr-code?x=secret-in-query")
    await stage.client.get("/v1/selection/things/1?view=secret-in-query", headers=stage.bearer("auditor"))

    assert [line["route"] for line in lines] == ["/verify/{token}", "/v1/selection/"]
    assert "token-of-the-qr-code" not in str(lines)
    assert "secret-in-query" not in str(lines)


@pytest.mark.parametrize(
    "path", ["/docs", "/problems/wrong-state", "/problems/upstream-down?lang=en", "/static/style.css"]
)
async def test_documentation_is_served_from_here(path: str, stage: Stage) -> None:
    answer = await stage.client.get(path)

    assert answer.status_code == 200
    for target in outline(answer.text).loads:
        if target.startswith("/static"):
            assert (await stage.client.get(target)).status_code == 200
        assert not target.startswith(("http", "//"))


async def test_unknown_files_are_not_found(stage: Stage) -> None:
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/x.js", "/problems/UPPER", "/nowhere"):
        assert (await stage.client.get(path)).status_code in {400, 404}


async def test_the_contract_says_when_a_service_is_away(stage: Stage) -> None:
    """One service of the stage is away on purpose."""
    answer = await stage.client.get("/openapi.json")

    assert (answer.status_code, answer.json()["code"]) == (503, "upstream-down")


async def test_the_probes_answer_without_a_token(stage: Stage) -> None:
    for probe in ("live", "ready", "startup"):
        assert (await stage.client.get(f"/health/{probe}")).status_code == 200
    assert "http_requests_total" in (await stage.client.get("/metrics")).text


@pytest.mark.parametrize(("name", "kind"), [("did", "application/did+json"), ("jwks", "application/jwk-set+json")])
async def test_the_issuers_did_resolves_at_the_door(stage: Stage, name: str, kind: str) -> None:
    """``did:web:<host>`` is looked up under ``/.well-known/did.json`` of the host, by anybody."""
    answer = await stage.client.get(f"/.well-known/{name}.json")

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.json() == {"name": name}
    assert answer.headers["cache-control"] == "public, max-age=300"


async def test_whoever_comes_to_the_front_is_shown_the_contract(stage: Stage) -> None:
    """A person who signed in without naming a page ends there."""
    answer = await stage.client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
