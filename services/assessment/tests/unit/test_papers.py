"""The words of a paper, which characters print, and the seal of each level."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko import keys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from assessment.adapters.papers.coverage import missing
from assessment.adapters.papers.press import Press
from assessment.adapters.papers.sealing import LocalSealKey, Sealer
from assessment.adapters.papers.sheet import Code, sheet_of
from assessment.adapters.papers.typesetting import Typesetter
from assessment.domain.certifying.certificate import Certificate, CertificateState, HolderCard, HolderName
from assessment.domain.certifying.paper import PaperText, paper_text, printed, read_paper
from assessment.domain.schemes.scheme import Title
from shared.http.problems import Unavailable
from shared.identity.seals import make_development_seal

ATTENDANCE = {
    "layout": "portrait",
    "body": {
        "zh": "{name}参加{programme}（{session}年），按规定完成学习，特发此证。",
        "en": "{name} attended {programme} in {session}.",
    },
    "colours": {"ink": "#1c2430", "accent": "#0b4a6f", "frame": "#8aa0b4"},
}


def a_text(kit: Any, template: dict[str, Any] | None = None, name: HolderName | None = None) -> PaperText:
    """The words of a paper."""
    titles = {
        "title": Title("证书", "Certificate"),
        "programme": Title("项目", "Programme"),
        "seal": Title("部", "Ministry"),
    }
    certificate = Certificate(
        id=kit.pid(1), participation=kit.pid(1), assessment=kit.pid(1), account="a", programme="p", batch="b",
        session="2024", unit="cn", scheme_version="v", requested_on=date(2025, 8, 1), number="X-2024-1",
        issued_on=date(2025, 8, 1), state=CertificateState.ISSUED,
    )  # fmt: skip
    card = HolderCard(name or HolderName("次仁", "ཚེ་རིང་།", "Tsering"), titles["programme"])
    return paper_text(read_paper(template, **titles), certificate, card)


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seal")
    make_development_seal(*(folder / f"{name}.pem" for name in ("key", "chain", "root")), organisation="Tests")
    return folder


def test_each_language_names_the_holder_in_its_own_way_and_falls_back_to_chinese(kit: Any) -> None:
    full = a_text(kit).body
    alone = a_text(kit, name=HolderName("次仁")).body

    assert full["zh"].startswith("次仁参加项目")
    assert full["en"].startswith("Tsering has completed Programme, session 2024")
    assert alone["en"].startswith("次仁 has completed")


def test_dates_are_written_as_each_language_writes_them(kit: Any) -> None:
    assert a_text(kit).issued_on == {"zh": "2025年8月1日", "bo": "༢༠༢༥ལོའི་ཟླ་༨པའི་ཚེས་༡", "en": "1 August 2025"}


@pytest.mark.parametrize(
    "text", ["𬭚䶮㑇𠮷", "བསྒྲུབས་ཧྥུ་རྒྱ", "Ngawang Döndrup Lhüncäg", "旦增·卓玛"], ids=["rare", "stacks", "latin", "dot"]
)
def test_what_names_are_written_with_prints(text: str) -> None:
    assert missing(text) == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="gb2312"), max_size=40))
def test_every_character_of_gb2312_that_is_a_letter_or_ideograph_prints(text: str) -> None:
    """The 6 763 ideographs of the old set and ASCII; Greek, Cyrillic, kana and drawn lines of that set are left out."""
    kept = "".join(one for one in text if (one.isascii() and one.isprintable()) or "\u4e00" <= one <= "\u9fff")

    assert missing(kept) == []


def test_what_is_missing_is_named_once_in_order() -> None:
    assert missing("王\ue5e5一\ue001\ue5e5") == ["U+E5E5", "U+E001"]


def test_the_same_sheet_gives_the_same_bytes_and_both_layouts_print(kit: Any) -> None:
    """One page each, of the size that the layout says."""
    setter = Typesetter()
    for template, width in ((None, 841.9), (ATTENDANCE, 595.3)):
        text = a_text(kit, template)
        sheet = sheet_of(text, [Code("https://talent.example/verify/x", "QR", "查验")], [])

        first, second = setter.pdf(sheet), setter.pdf(sheet)

        assert missing(printed(text)) == []
        assert first == second
        pages = PdfFileReader(io.BytesIO(first)).root["/Pages"]
        assert pages["/Count"] == 1
        assert float(pages["/Kids"][0]["/MediaBox"][2]) == pytest.approx(width, abs=0.1)


async def test_with_a_timestamp_service_the_seal_is_b_t(kit: Any, seal: Path, tmp_path: Path) -> None:
    """The service here is a stand-in with a key of its own; the token in the seal is a real one."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Time")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1)).sign(key, SHA256())
    own, secret = tmp_path / "time.pem", tmp_path / "time-key.pem"
    own.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    load: Any = keys
    stamper = DummyTimeStamper(
        load.load_cert_from_pemder(str(own)), load.load_private_key_from_pemder(str(secret), passphrase=None)
    )
    pdf = Typesetter().pdf(sheet_of(a_text(kit), [], []))

    sealed = await Sealer(LocalSealKey(seal / "key.pem", seal / "chain.pem"), stamper).seal(pdf)

    [signature] = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    assert len(list(extract_tst_data_iter(signature.signer_info, signed=False))) == 1
    assert sealed.startswith(pdf)


async def test_without_a_seal_nothing_is_printed(kit: Any) -> None:
    with pytest.raises(Unavailable, match="seal"):
        await Press(None, None).print([sheet_of(a_text(kit), [], [])])


async def test_a_press_that_dies_is_replaced_by_the_next_paper(kit: Any, seal: Path) -> None:
    press = Press(seal / "key.pem", seal / "chain.pem")
    sheet = sheet_of(a_text(kit), [], [])
    try:
        [first] = await press.print([sheet])
        assert press._process is not None
        press._process.kill()
        await press._process.wait()
        [second] = await press.print([sheet])
    finally:
        await press.close()

    assert first.startswith(b"%PDF-1.7")
    assert second[: second.index(b"%%EOF")] == first[: first.index(b"%%EOF")]


async def test_a_seal_of_another_key_is_refused_at_once(seal: Path, tmp_path: Path) -> None:
    make_development_seal(*(tmp_path / f"{name}.pem" for name in ("key", "chain", "root")), organisation="Tests")

    with pytest.raises(ValueError, match="does not belong"):
        LocalSealKey(tmp_path / "key.pem", seal / "chain.pem")
