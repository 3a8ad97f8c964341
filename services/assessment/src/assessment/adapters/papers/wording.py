"""The sheet of a certificate: its words, the links behind its QR codes, and the credential inside."""

from __future__ import annotations

from assessment.adapters.certificates.mint import LocalMint
from assessment.adapters.papers.coverage import missing
from assessment.adapters.papers.sheet import Attachment, Code, Sheet, sheet_of
from assessment.domain.certifying.certificate import Certificate
from assessment.domain.certifying.paper import paper_text, printed, read_paper
from assessment.domain.schemes.policy import Policy
from shared.credentials.slip import slip_address
from shared.kernel.refusals import RuleViolated


def sheet_for(certificate: Certificate, policy: Policy, mint: LocalMint, public_url: str) -> Sheet:
    """What is set for one certificate, in the words of the programme's own template.

    Raises:
        RuleViolated: ``glyph-missing`` with the characters that the fonts lack.
        Conflict: ``link-lost``.
    """
    card, scheme = mint.open_card(certificate), policy.scheme()
    rule = read_paper(
        policy.effective["certificate"].get("paper"), title=scheme.certificate.title, programme=card.programme,
        seal=scheme.issuer_title,
    )  # fmt: skip
    text = paper_text(rule, certificate, card)
    if absent := missing(printed(text)):
        raise RuleViolated(
            "glyph-missing", "The fonts here cannot print every character of this certificate; it is not printed wrongly.",
            characters=absent,
        )  # fmt: skip
    link = f"{public_url}/verify/{mint.token(certificate)}"
    codes = [Code(link, "QR code: the address where anybody can check this certificate", "在线查验 · Check online")]
    if (slip := mint.open_slip(certificate)) is not None:
        offline = "QR code: the signed certificate itself, to be checked without a network"
        codes.append(Code(slip_address(public_url, slip), offline, "离线查验 · Check offline", "l"))
    return sheet_of(text, codes, _attachments(mint, certificate))


def _attachments(mint: LocalMint, certificate: Certificate) -> list[Attachment]:
    """The same credential in each form that it was signed in."""
    said = "The signed credential (Open Badges 3.0) of this certificate"
    found = [
        Attachment(
            "credential.jwt", mint.open_credential(certificate), "application/vc+jwt", "alternative", f"{said}, JWT"
        )
    ]
    if (embedded := mint.open_embedded(certificate)) is not None:
        found.append(
            Attachment("credential.json", embedded, "application/vc+ld+json", "alternative", f"{said}, embedded proof")
        )
    return found
