"""A valid, a suspended, a revoked, a reissued and a forged certificate, each checked by page, JSON, CLI and QR code (C-02).

Runs after the cohort's own tests: it takes back certificates of the cohort that they look at.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from shared.credentials.bitstring import PUBLISHED
from shared.credentials.jose import compact, decoded, encoded, read_compact, to_sign
from talent_local.cli import app
from talent_local.client import origin, token
from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.run import door_of
from talent_local.cohort.steps.finishing import CERTIFICATES

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

ACTS: dict[str, tuple[str, dict[str, str]] | None] = {
    "valid": None, "suspended": ("suspend", {}), "revoked": ("revoke", {"reason": "issued-in-error"}),
    "reissued": ("reissue", {"reason": "lost"}),
}  # fmt: skip
EXIT = {"valid": 0, "revoked": 5, "suspended": 6, "forged": 7, "reissued": 8}
WORDS = {
    "valid": ("有效", "Valid", "ནུས་ལྡན།"), "suspended": ("暂停", "Suspended", "གནས་སྐབས་མཚམས་འཇོག"),
    "revoked": ("已撤销", "Revoked", "ཕྱིར་འཐེན་བྱས་པ།"), "reissued": ("已换发新证", "Replaced by a new certificate", "གསར་བརྗེ་བྱས་པ།"),
    "tampered": ("内容被改动", "Altered", "བཟོ་བཅོས་བྱས་པ།"),
}  # fmt: skip


@dataclass(slots=True)
class Paper:
    """A printed certificate, and what a person takes from it.

    Attributes:
        link, slip: what its two QR codes say, read from the rendered page.
        credentials: the signed credentials inside, by file name.
        successor: number of the one that replaced it.
    """

    number: str
    name: str
    pdf: bytes
    link: str
    slip: str
    credentials: dict[str, str]
    successor: str | None = None


@dataclass(slots=True)
class Desk:
    """Whoever checks: a browser without script, and a folder with what the issuer publishes, fetched once."""

    browser: httpx.AsyncClient
    folder: Path
    papers: dict[str, Paper] = field(default_factory=dict)

    async def fetch(self) -> None:
        """Keep the issuer's keys and status lists."""
        for name in ("did", "jwks"):
            (self.folder / f"{name}.json").write_bytes((await self.browser.get(f"/.well-known/{name}.json")).content)
        for purpose in PUBLISHED:
            found = await self.browser.get(f"/v1/assessment/status-lists/0/{purpose}")
            (self.folder / f"{purpose}.json").write_bytes(found.raise_for_status().content)

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A question to the door, which throttles whoever asks much: asked again after the seconds that it names."""
        while True:
            answer = await self.browser.request(method, path, **more)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer
            await asyncio.sleep(float(answer.headers["retry-after"]))

    def offline(self, what: str | bytes, keys: str = "did") -> tuple[int, dict[str, Any]]:
        """What ``talent verify`` says by the machine's own clock."""
        file = self.folder / "file"
        file.write_bytes(what if isinstance(what, bytes) else what.encode())
        command = ["verify", str(file), "--json", f"--{keys}", str(self.folder / f"{keys}.json")]
        for purpose in PUBLISHED:
            command += ["--status", str(self.folder / f"{purpose}.json")]
        done = CliRunner().invoke(app, command)
        return done.exit_code, json.loads(done.stdout)

    async def asked(self, **question: str) -> dict[str, Any]:
        """The JSON answer."""
        answer = await self.send("POST", "/v1/verifications", json=question)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def taken_from(number: str, name: str, pdf: bytes) -> Paper:
    """Look at a paper as a person with a scanner does."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        codes = [code.text for code in zxingcpp.read_barcodes(document[0].render(scale=200 / 72).to_pil())]
    finally:
        document.close()
    [link] = [code for code in codes if "#slip=" not in code]
    [slip] = [code for code in codes if "#slip=" in code]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        inside = {name: opened.attachments[name].get_file().read_bytes().decode() for name in opened.attachments}
    return Paper(number, name, pdf, link, slip, inside)


@pytest.fixture(scope="module")
async def desk(carried: Any, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """Four papers, printed while all counted; then three certificates lose their standing by the issuer's own routes."""
    who = persons.ISSUER
    bearer = {"authorization": "Bearer " + token(
        carried.home, subject=who.account, roles=who.roles, organisation=who.organisation
    )}  # fmt: skip
    browser = httpx.AsyncClient(base_url=origin(carried.home, "gateway"), timeout=60, trust_env=False)
    async with browser, door_of(carried.home) as door:
        made = Desk(browser, tmp_path_factory.mktemp("published"))
        rows = await door.all(persons.ISSUER, CERTIFICATES, session=calendar.SESSION, state="issued")
        for row, (standing, act) in zip(sorted(rows, key=lambda row: str(row["number"])), ACTS.items(), strict=False):
            person = await door.get(persons.REGIONAL, f"/v1/selection/applications/{row['participation']}")
            pdf = (await browser.get(f"{CERTIFICATES}/{row['id']}/paper", headers=bearer)).raise_for_status().content
            made.papers[standing] = taken_from(row["number"], person["person"]["name_zh"], pdf)
            if act is not None:
                done = await door.post(who, f"{CERTIFICATES}/{row['id']}/{act[0]}", act[1], step="verified")
                made.papers[standing].successor = done["number"] if act[0] == "reissue" else None
        await made.fetch()
        yield made


def shown(page: httpx.Response) -> str | None:
    """The status on the page, which needs no script and says it in Chinese, Tibetan and English."""
    found = re.search(r'data-status="([a-z-]+)"', page.text)
    assert "<script" not in page.text.lower()
    if found and found[1] in WORDS:
        zh, en, bo = WORDS[found[1]]
        for code, word in (("zh-CN", zh), ("en", en), ("bo", bo)):
            assert f'<span lang="{code}">{word}</span>' in page.text, (code, word)
    return found[1] if found else None


@pytest.mark.parametrize("standing", list(ACTS))
async def test_by_page(desk: Desk, standing: str) -> None:
    """Typed, uploaded as paper, pasted, and scanned; a replaced one names its successor."""
    paper = desk.papers[standing]
    pages = [
        await desk.send("POST", "/verify", data={"number": paper.number, "name": paper.name}),
        await desk.send("POST", "/verify/file", files={"file": ("certificate.pdf", paper.pdf)}),
        await desk.send("POST", "/verify/file", data={"text": paper.credentials["credential.json"]}),
    ]

    assert [shown(page) for page in pages] == [standing] * 3
    assert all((paper.successor or paper.number) in page.text for page in pages if paper.successor)


@pytest.mark.parametrize("standing", list(ACTS))
async def test_by_json(desk: Desk, standing: str) -> None:
    """By number and name, and by the credential in both of its forms."""
    paper = desk.papers[standing]
    answers = [
        await desk.asked(number=paper.number, name=paper.name),
        *[await desk.asked(credential=text) for text in paper.credentials.values()],
    ]

    assert len(answers) == 3
    assert {(answer["status"], answer["name"], answer["replaced_by"]) for answer in answers} == {
        (standing, paper.name, paper.successor)
    }


@pytest.mark.parametrize("standing", list(ACTS))
def test_by_command_without_a_network(desk: Desk, standing: str) -> None:
    """The paper, and each credential in it, with the DID document and with the JWKS, today and not in the cohort's year."""
    paper = desk.papers[standing]
    for keys in ("did", "jwks"):
        papers: list[str | bytes] = [paper.pdf, *paper.credentials.values()]
        for what in papers:
            code, said = desk.offline(what, keys)
            assert (code, said["finding"], said["status_checked"]) == (EXIT[standing], standing, True), said
            assert said["said"]["number"] == paper.number


@pytest.mark.parametrize("standing", list(ACTS))
async def test_by_qr_code(desk: Desk, standing: str) -> None:
    """Read from the rendered page: the address opens the public page, the offline code is checked with and without a network."""
    paper = desk.papers[standing]
    page = await desk.send("GET", httpx.URL(paper.link).raw_path.decode())
    code, said = desk.offline(paper.slip)

    assert shown(page) == standing
    assert (await desk.asked(token=paper.link.rpartition("/")[2]))["status"] == standing
    assert (await desk.asked(credential=paper.slip))["status"] == standing
    assert (code, said["finding"], said["said"]["holder"]) == (EXIT[standing], standing, paper.name)


def forgeries(paper: Paper) -> dict[str, str]:
    """The same claims for somebody else, and the same claims by another key, in every form."""
    foreign = Ed25519PrivateKey.generate()
    jwt, embedded = paper.credentials["credential.jwt"], paper.credentials["credential.json"]
    header, payload, signature = jwt.split(".")
    slip = paper.slip.partition("#slip=")[2]
    claims = decoded(payload.encode()).decode().replace(paper.number, paper.number + "1")
    kid = read_compact(jwt).kid
    signed = to_sign({"alg": "Ed25519", "kid": kid, "typ": "vc+jwt"}, decoded(payload.encode()))
    return {
        "changed JWT": f"{header}.{encoded(claims.encode()).decode()}.{signature}",
        "changed JSON": embedded.replace(paper.name, "张三"),
        "foreign key": compact(signed, foreign.sign(signed)),
        "changed slip": f"{slip[:-8]}AAAAAAAA",
    }


async def test_a_forged_one_is_believed_nowhere(desk: Desk) -> None:
    """Of a valid certificate: changed words, another key, a changed paper, an invented code."""
    paper = desk.papers["valid"]
    made = forgeries(paper)
    document, carrying = pikepdf.open(io.BytesIO(paper.pdf)), io.BytesIO()
    for name in list(document.attachments):
        del document.attachments[name]
    document.attachments["credential.json"] = made["changed JSON"].encode()
    document.save(carrying)
    document.close()
    altered = paper.pdf.replace(b"%%EOF\n", b"%%EOF ", 1)

    for name, text in made.items():
        page = await desk.send("POST", "/verify/file", data={"text": text})
        assert shown(page) == "tampered", name
        assert (await desk.asked(credential=text))["status"] == "tampered", name
        code, said = desk.offline(text)
        assert (code, said["finding"], said["said"]) == (EXIT["forged"], "forged", {}), name
    for pdf in (altered, carrying.getvalue()):
        page = await desk.send("POST", "/verify/file", files={"file": ("certificate.pdf", pdf)})
        assert shown(page) == "tampered"
    assert desk.offline(carrying.getvalue())[0] == EXIT["forged"]
    invented = await desk.send("GET", httpx.URL(paper.link).raw_path.decode()[:-4] + "AAAA")
    assert shown(invented) == "not-found"
    assert (await desk.asked(number=paper.number, name="张三"))["status"] == "not-found"
