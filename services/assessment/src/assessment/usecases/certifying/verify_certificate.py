"""Anyone may ask whether a certificate counts; the answer always looks at the records, never at the paper (C-02)."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessment.domain.certifying.certificate import Certificate, CertificateState, HolderCard
from assessment.domain.certifying.numbering import is_well_formed, tidy
from assessment.domain.schemes.scheme import Title
from assessment.usecases.ports import AssessmentPort, Mint

_FILLERS = re.compile(r"[\s·•・.,'’\-]+")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a number with the holder's name, or a token, or a credential."""

    number: str | None = None
    name: str | None = None
    token: str | None = None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer; everything but the status is None unless the question proved that it knows the certificate.

    ``status``: valid, suspended, revoked, reissued, expired, not-found, tampered or malformed-number. ``replaced_by`` is the
    number of the certificate that took the place of a reissued one; whether that one counts is another question.
    """

    status: str
    name: str | None = None
    programme: Title | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    replaced_by: str | None = None


async def verify_certificate(work: AssessmentPort, question: Question, mint: Mint) -> Verification:
    """Answer and leave an audit entry; an unknown number costs the same work as a known one."""
    answer, certificate = await _answer(work, question, mint)
    work.note("certificate.verify", "certificate", str(certificate or ""), status=answer.status, by=_manner(question))
    return answer


async def _answer(work: AssessmentPort, question: Question, mint: Mint) -> tuple[Verification, UUID | None]:
    if question.credential is not None:
        number = mint.slip_number(question.credential)
        if number is not None:
            return await _told(work, await work.seen_certificate(number=number), mint, named=True)
        id = mint.credential_id(question.credential)
        if id is None:
            return Verification("tampered"), None
        return await _told(work, await work.seen_certificate(id=UUID(id)), mint, named=True)
    if question.token is not None:
        digest = mint.token_digest(question.token.strip())
        return await _told(work, await work.seen_certificate(token_digest=digest), mint, named=True)
    number = tidy(question.number or "")
    if not is_well_formed(number):
        return Verification("malformed-number"), None
    certificate = await work.seen_certificate(number=number)
    return await _told(work, certificate, mint, named=False, name=question.name or "")


async def _told(
    work: AssessmentPort, certificate: Certificate | None, mint: Mint, *, named: bool, name: str = ""
) -> tuple[Verification, UUID | None]:
    card = mint.open_card(certificate)
    if not named:
        named = _is_name(card, name)
    if certificate is None or not named:
        return Verification("not-found"), certificate.id if certificate else None
    status = _status(certificate, work.today)
    successor = None
    if certificate.state is CertificateState.REISSUED:
        successor = await work.seen_certificate(predecessor=certificate.id)
    told = Verification(
        status, card.name.zh, card.programme, certificate.issued_on, certificate.valid_until,
        successor.number if successor else None,
    )  # fmt: skip
    return told, certificate.id


def _is_name(card: HolderCard, given: str) -> bool:
    wanted = _plain(given)
    matches = [hmac.compare_digest(_plain(form), wanted) for form in card.name.forms]
    return any(matches) and bool(wanted)


def _plain(name: str) -> bytes:
    """A name without what people write differently: spacing, dots, case, width."""
    return _FILLERS.sub("", unicodedata.normalize("NFKC", name)).casefold().encode()


def _status(certificate: Certificate, today: date) -> str:
    match certificate.state:
        case CertificateState.ISSUED:
            ended = certificate.valid_until is not None and certificate.valid_until < today
            return "expired" if ended else "valid"
        case CertificateState.SUSPENDED | CertificateState.REVOKED | CertificateState.REISSUED:
            return str(certificate.state)
        case _:
            return "not-found"


def _manner(question: Question) -> str:
    return "credential" if question.credential else "token" if question.token else "number"
