"""The paper of a certificate over its real route: PDF/A-3u, sealed, with the credential inside, right in three scripts."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from asn1crypto import pem, x509
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from assessment.domain.certifying.certificate import HolderName

VERAPDF = Path(__file__).parent / "verapdf"


def page(content: bytes) -> Image.Image:
    """The first page as a picture of 150 dots per inch."""
    document = pypdfium2.PdfDocument(content)
    try:
        drawn: Image.Image = document[0].render(scale=150 / 72).to_pil()
        return drawn
    finally:
        document.close()


def said(content: bytes) -> str:
    """The text of the first page as a reader would copy it, without line ends."""
    document = pypdfium2.PdfDocument(content)
    try:
        text: str = document[0].get_textpage().get_text_range()
        return "".join(text.split())
    finally:
        document.close()


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    """What a tool says."""
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=240)


async def paper(road: Any, certificate: str, who: str = "trainee", **more: Any) -> Any:
    """Ask for a paper."""
    return await road.service.get(getattr(road.people, who), f"/v1/assessment/certificates/{certificate}/paper", **more)


@pytest.fixture
async def printed(road: Any) -> tuple[dict[str, Any], bytes]:
    """An issued certificate and its paper."""
    [issued] = await road.certified(1)
    answer = await paper(road, issued["id"])
    assert answer.status_code == 200, answer.text
    return issued, answer.content


def root(road: Any) -> x509.Certificate:
    """The root of the seal."""
    path: Path = road.service.running.settings.seal_certificates
    *_, last = pem.unarmor(path.read_bytes(), multiple=True)
    return x509.Certificate.load(last[2])


async def status(road: Any, content: bytes) -> Any:
    """What a validator says about the seal."""
    reader = PdfFileReader(io.BytesIO(content))
    [seal] = reader.embedded_signatures
    trusted = ValidationContext(trust_roots=[root(road)], allow_fetching=False)
    return await async_validate_pdf_signature(seal, trusted)


async def test_the_paper_is_pdf_a_3u_after_it_was_sealed(printed: Any) -> None:
    """Claims part 3 conformance U; every font embedded and mapped to Unicode; output intent, tags, language, title."""
    _, content = printed
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as claims:
            assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("3", "U")
        assert pdf.check_pdf_syntax() == []
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert b"%%EOF\n" in content.split(b"startxref", 2)[1]
        assert str(pdf.Root.Lang).startswith("zh")
        assert "/AA" not in pdf.Root
        assert "/OpenAction" not in pdf.Root
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
        assert len(fonts) >= 4
        for font in fonts:
            if font.Subtype == "/Type0":
                assert "/ToUnicode" in font
            else:
                assert font.FontDescriptor.keys() & {"/FontFile2", "/FontFile3"}
        [widget] = pdf.pages[0].Annots
        assert int(widget.F) & 0b100
        assert not int(widget.F) & 0b100011
        assert not pdf.is_encrypted


async def test_the_seal_covers_the_whole_file_and_any_change_breaks_it(road: Any, printed: Any) -> None:
    _, content = printed
    good = await status(road, content)

    assert good.bottom_line
    assert good.coverage.name == "ENTIRE_FILE"
    assert good.docmdp_ok
    spot = content.index(b"/Producer") if b"/Producer" in content else 3000
    bad = content[: spot + 12] + bytes([content[spot + 12] ^ 1]) + content[spot + 13 :]
    changed = await status(road, bad)
    assert not changed.bottom_line
    assert not changed.intact


async def test_the_credential_inside_is_the_one_that_verifies(road: Any, printed: Any) -> None:
    _, content = printed
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert {str(file.AFRelationship) for file in pdf.Root.AF} == {"/Alternative"}
        inside = {name: spec.get_file() for name, spec in pdf.attachments.items()}
        assert {name: file.mime_type for name, file in inside.items()} == {
            "credential.jwt": "application/vc+jwt",
            "credential.json": "application/vc+ld+json",
        }
        credentials = [file.read_bytes().decode() for file in inside.values()]

    for credential in credentials:
        assert (await road.verify(credential=credential)).json()["status"] == "valid"


async def test_the_codes_on_the_page_lead_to_this_certificate(road: Any, printed: Any) -> None:
    """Read back from the rendered page: the address with the token, and the slip that needs no network."""
    _, content = printed

    found = sorted(code.text for code in zxingcpp.read_barcodes(page(content)))

    slip, link = found
    address, _, token = link.rpartition("/")
    assert address == "https://talent.example/verify"
    assert slip.startswith("https://talent.example/verify#slip=")
    assert (await road.verify(token=token)).json()["status"] == "valid"
    assert (await road.verify(credential=slip)).json()["status"] == "valid"


async def test_names_stand_in_three_scripts_as_text(printed: Any) -> None:
    """What the page says can be searched and read aloud: it comes back by ToUnicode, Tibetan stacks included."""
    issued, content = printed
    text = said(content)

    for words in (issued["number"], "次仁", "ཚེ་རིང་", "Tsering", "མཐར་ཕྱིན་ལག་ཁྱེར།", "CertificateofCompletion"):
        assert words in text, words


async def test_other_tools_agree(printed: Any, tmp_path: Path) -> None:
    """``pdfsig`` and ``qpdf``, where they are installed; elsewhere the two validators above have said the same."""
    if None in (shutil.which("pdfsig"), shutil.which("qpdf")):
        pytest.skip("poppler-utils and qpdf are not installed")
    (tmp_path / "paper.pdf").write_bytes(printed[1])

    def told(*command: str) -> str:
        done = subprocess.run([*command, str(tmp_path / "paper.pdf")], check=True, capture_output=True, text=True)
        return done.stdout

    assert "No syntax or stream encoding errors" in told("qpdf", "--check")
    signature = told("pdfsig", "-nocert")
    assert "Signature is Valid" in signature
    assert "Total document signed" in signature
    assert "ETSI.CAdES.detached" in signature


async def test_an_independent_validator_calls_it_pdf_a_3u(printed: Any, tmp_path: Path) -> None:
    """veraPDF, where Java and Maven are installed (it is fetched once into ``.run``)."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    if java is None or maven is None:
        pytest.skip("Java and Maven are not installed")
    jars = Path(__file__).parents[4] / ".run" / "verapdf"
    if not any(jars.glob("validation-model-*.jar")):
        fetch = [maven, "-q", "-B", "-f", str(VERAPDF / "pom.xml"), "dependency:copy-dependencies"]
        if ran(*fetch, f"-DoutputDirectory={jars}").returncode != 0:
            pytest.skip("veraPDF cannot be fetched from here")
    (tmp_path / "paper.pdf").write_bytes(printed[1])

    told = ran(java, "-cp", f"{jars}/*", str(VERAPDF / "Check.java"), str(tmp_path / "paper.pdf")).stdout

    assert "compliant" in told.splitlines(), told


async def test_papers_of_one_certificate_differ_in_the_seal_only(road: Any, printed: Any) -> None:
    issued, content = printed
    again = (await paper(road, issued["id"], "issuer")).content
    first = PdfFileReader(io.BytesIO(content)).embedded_signatures[0].byte_range[1]

    def set_part(of: bytes) -> bytes:
        return of[: of.index(b"%%EOF") + 5]

    assert first > len(set_part(content))
    assert set_part(content) == set_part(again)


async def test_only_what_counts_is_printed(road: Any, printed: Any) -> None:
    issued, _ = printed
    path = f"/v1/assessment/certificates/{issued['id']}"
    issuer = road.people.issuer

    for verb, body, code in (
        ("suspend", {}, 409),
        ("reinstate", {}, 200),
        ("revoke", {"reason": "fraud"}, 409),
    ):
        assert (await road.service.post(issuer, f"{path}/{verb}", body)).status_code == 200
        answer = await paper(road, issued["id"], "issuer", headers={"accept-language": "zh-CN"})
        assert answer.status_code == code, verb
        if code == 409:
            assert answer.json()["code"] == "paper-of-invalid-certificate"
            assert answer.json()["detail"] == "该证书目前无效，不能打印。"


@pytest.mark.parametrize(
    ("who", "expected"), [("other_trainee", 404), ("unit", 403), ("assessor", 403), ("auditor", 403), ("mentor", 403)]
)
async def test_a_paper_is_for_holder_and_issuer(road: Any, printed: Any, who: str, expected: int) -> None:
    assert (await paper(road, printed[0]["id"], who)).status_code == expected


async def test_every_print_is_written_down_and_told_in_words(road: Any, printed: Any, kit: Any) -> None:
    issued, _ = printed
    await paper(road, issued["id"], "issuer")
    path = f"/v1/assessment/certificates/{issued['id']}/hand-outs"

    chinese = await road.service.get(kit.people.trainee, path, headers={"accept-language": "zh-CN"})
    english = (await road.service.get(kit.people.operator, path, headers={"accept-language": "en"})).json()["items"]

    assert [item["words"] for item in chinese.json()["items"]] == [
        "2025年8月1日，发证机关打印了证书。", "2025年8月1日，持证人打印了证书。",
    ]  # fmt: skip
    assert english[0]["words"] == "The paper was printed to the issuer on 2025-08-01."
    assert (await road.service.get(kit.people.unit, path)).status_code == 403
    assert (await road.service.get(kit.people.other_trainee, path)).status_code == 404


async def test_neither_file_name_nor_metadata_nor_audit_name_the_holder(road: Any, printed: Any) -> None:
    issued, content = printed
    answer = await paper(road, issued["id"])

    assert answer.headers["content-disposition"] == 'inline; filename="certificate.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as claims:
        assert "次仁" not in str(claims)
        assert "Tsering" not in str(claims)
    assert await road.service.scalar("SELECT count(*) FROM audit WHERE details::text ~ '次仁|Tsering'") == 0


async def test_a_name_that_the_fonts_cannot_print_is_refused_not_printed_wrongly(road: Any, kit: Any) -> None:
    """The refusal names the code point; nothing was handed out."""

    async def rare(participations: Any, *, purpose: str) -> dict[Any, HolderName]:
        del purpose
        return {each: HolderName("王\ue5e5") for each in participations}

    road.names.names = rare
    [issued] = await road.certified(1)

    answer = await paper(road, issued["id"], "issuer")

    assert (answer.status_code, answer.json()["code"]) == (422, "glyph-missing")
    assert "U+E5E5" in answer.text
    assert await road.service.scalar("SELECT count(*) FROM audit WHERE action = 'certificate.hand-out'") == 0


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("body", {"zh": "{ethnicity}结业", "en": "x"}, "/certificate/paper/body/zh"),
        ("body", {"zh": "只有中文"}, "/certificate/paper/body"),
        ("colours", {"ink": "red"}, "/certificate/paper/colours/ink"),
        ("layout", "sideways", "/certificate/paper/layout"),
        ("seal", {"zh": "部\ue5e5"}, "/certificate/paper/seal/zh"),
    ],
    ids=["unknown-blank", "language-missing", "colour", "layout", "glyph"],
)
async def test_a_template_that_cannot_be_printed_is_refused_when_it_is_published(
    service: Any, kit: Any, member: str, value: Any, pointer: str
) -> None:
    content = kit.content("batch-3")
    content["certificate"]["paper"][member] = value

    answer = await service.call(
        kit.people.operator, "PUT", f"/v1/assessment/policies/{kit.programme}/batch-3", content
    )  # fmt: skip

    assert answer.status_code in {400, 422}
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_without_a_template_a_plain_one_prints(road: Any, kit: Any) -> None:
    """Policies that were stored before papers existed still print."""
    [issued] = await road.certified(1)
    await road.service.scalar(
        "WITH changed AS (UPDATE policy SET effective = effective #- '{certificate,paper}' RETURNING 1) "
        "SELECT count(*) FROM changed"
    )

    answer = await paper(road, issued["id"])

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-1.7")
