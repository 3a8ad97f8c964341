"""The public page of verification: every state, files that are uploaded, throttling; all of it without a script."""

from __future__ import annotations

import io
import re
from typing import Any

import httpx
import pytest
import typst
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from gateway.adapters.verification import Throttle
from gateway.testing.stage import Stage


def a_paper(credential: str, name: str = "credential.jwt") -> bytes:
    """An unsealed PDF with a credential inside."""
    text = f'#pdf.attach("{name}", bytes("{credential}"), relationship: "data", mime-type: "text/plain", description: "x")\nA paper'
    made = typst.compile(text.encode(), pdf_standards=["a-3u"], format="pdf")
    assert isinstance(made, bytes)
    return made


async def sealed(pdf: bytes, seal: Any) -> bytes:
    """The same, sealed."""
    load: Any = signers.SimpleSigner.load
    signer = load(str(seal.key), str(seal.own), ca_chain_files=(str(seal.root),))
    meta = signers.PdfSignatureMetadata(
        field_name="Seal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = await signers.PdfSigner(meta, signer).async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(out.getvalue())


async def upload(stage: Stage, content: bytes, name: str = "certificate.pdf") -> httpx.Response:
    """Send a file as the form does."""
    return await stage.client.post(
        "/verify/file", files={"file": (name, content, "application/pdf"), "text": (None, "")}
    )


def verdict(answer: httpx.Response) -> str | None:
    """The status on a page, None where there is none."""
    found = re.search(r'data-status="([a-z-]+)"', answer.text)
    return found[1] if found else None


@pytest.mark.parametrize("status", ["suspended", "revoked", "reissued", "expired"])
async def test_what_does_not_count_is_said_on_every_way(stage: Stage, seal: Any, status: str) -> None:
    """Page and JSON, by code, by credential and by paper; in the title, too, for those who hear the page."""
    credential = f"credential-of-a-{status}"
    code = await stage.client.get(f"/verify/token-of-a-{status}")
    answers = [
        code,
        await stage.client.post("/verify/file", data={"text": credential}),
        await upload(stage, await sealed(a_paper(credential), seal)),
    ]
    asked = [{"token": f"token-of-a-{status}"}, {"credential": credential}]
    told = [(await stage.client.post("/v1/verifications", json=each)).json()["status"] for each in asked]

    assert [verdict(answer) for answer in answers] == [status] * 3
    assert told == [status] * 2
    assert re.search(r"<title>[^<]+ · [^<]+ · [^<]+</title>", code.text)
    assert 'role="status"' in code.text


async def test_a_sealed_paper_is_verified_by_what_is_inside(stage: Stage, seal: Any) -> None:
    for name in ("credential.jwt", "credential.json"):
        answer = await upload(stage, await sealed(a_paper("credential-1", name), seal))

        assert (answer.status_code, verdict(answer)) == (200, "valid")
        assert "Tashi" in answer.text


async def test_a_forged_paper_is_not_believed_though_the_credential_inside_is_good(
    stage: Stage, seal: Any, foreign_seal: Any
) -> None:
    """No seal, another authority's seal, a changed byte, something added after the seal."""
    plain = a_paper("credential-1")
    good = await sealed(plain, seal)
    changed = good.replace(b"/Lang", b"/Lung", 1) if b"/Lang" in good else good[:200] + b"x" + good[201:]
    added = good + plain
    for forged in (plain, await sealed(plain, foreign_seal), changed, added):
        answer = await upload(stage, forged)

        assert verdict(answer) in {"tampered", None}
        assert "Tashi" not in answer.text
    assert verdict(await upload(stage, plain)) == "tampered"
    assert verdict(await upload(stage, await sealed(plain, foreign_seal))) == "tampered"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-", b"%PDF-1.7\n" + b"<<" * 50_000, b"\xff\xfe binary", b"x" * 20_000,
        (b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Names<</EmbeddedFiles 1 0 R/Kids[1 0 R]>>>>endobj\n"
        b"trailer<</Root 1 0 R/Size 2>>\nstartxref\n9\n%%EOF"),
    ],
    ids=["nothing", "head-only", "nested", "binary", "too-long", "turns-in-circles"],
)  # fmt: skip
async def test_what_is_no_certificate_is_said_so_and_harms_nobody(stage: Stage, content: bytes) -> None:
    answer = await upload(stage, content)

    assert (answer.status_code, verdict(answer)) == (400, None)
    assert 'role="alert"' in answer.text
    assert (await stage.client.get("/verify")).status_code == 200


async def test_a_file_larger_than_a_paper_is_refused_while_it_arrives(stage: Stage) -> None:
    assert (await upload(stage, b"%PDF-" + b"x" * 1_200_000)).status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\n\r\nno name\r\n--a--"),
        ("multipart/form-data; boundary=a", b"--a\r\n" * 40 + b"--a--"),
        ("multipart/form-data; boundary=a", b'--a\r\ncontent-disposition: form-data; name="file"\r\n\r\nno end'),
        ("application/json", b"{}"),
    ],
    ids=["no-boundary", "no-name", "too-many", "no-end", "json"],
)
async def test_a_form_that_does_not_fit_together_is_refused(stage: Stage, kind: str, body: bytes) -> None:
    answer = await stage.client.post("/verify/file", content=body, headers={"content-type": kind})

    assert (answer.status_code, verdict(answer)) == (400, None)


async def test_a_number_is_throttled_whoever_asks() -> None:
    """Guessing the second factor from many addresses is as slow as from one; other numbers are not held up."""
    now = 0.0
    throttle = Throttle(4, clock=lambda: now)
    throttle.take_number("XZTP4-2024-0001-7")
    throttle.take_number("xztp4 2024 0001 7")

    with pytest.raises(Exception, match="wait"):
        throttle.take_number("XZTP4-2024-0001-7")
    throttle.take_number("XZTP4-2024-0002-5")
    now = 15.1
    throttle.take_number("XZTP4-2024-0001-7")


async def test_the_page_says_in_words_how_long_to_wait(stage: Stage) -> None:
    running = stage.door.own.state.running
    before, running.extras["numbers"] = running.extras["numbers"], Throttle(2, clock=lambda: 0.0)
    question = {"number": "TP-2", "name": "x"}
    try:
        await stage.client.post("/verify", data=question)
        page = await stage.client.post("/verify", data=question)
        answer = await stage.client.post("/v1/verifications", json=question)
    finally:
        running.extras["numbers"] = before

    assert (page.status_code, answer.status_code) == (429, 429)
    assert page.headers["retry-after"] == answer.headers["retry-after"] == "30"
    assert re.search(r'role="alert".*Seconds to wait:.*<strong>30</strong>', page.text, re.DOTALL)


async def test_tibetan_is_shown_with_a_font_of_our_own(stage: Stage) -> None:
    """Machines of the public often have none; the page loads it from here and nowhere else."""
    page = await stage.client.get("/verify")
    font = await stage.client.get("/static/noto-serif-tibetan.woff2")

    assert "/static/noto-serif-tibetan.woff2" in page.text
    assert (font.status_code, font.headers["content-type"]) == (200, "font/woff2")
    assert font.content.startswith(b"wOF2")
    assert "font-src 'self'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
