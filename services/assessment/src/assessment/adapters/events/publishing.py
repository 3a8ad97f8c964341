"""Which fact becomes which published event; a fact without an entry stays inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from assessment.adapters.events.accrediting import ACCREDITING_FORMS
from assessment.adapters.events.returning import RETURNING_FORMS
from assessment.domain import facts
from shared.contracts import assessment as published
from shared.contracts.event import Event


def translate(fact: Any) -> Event | None:
    """The published form of ``fact``, or None."""
    make = (_FORMS | ACCREDITING_FORMS | RETURNING_FORMS).get(type(fact))
    return None if make is None else make(fact)


def _opened(fact: facts.AssessmentOpened) -> Event:
    return published.AssessmentOpened(participation=fact.participation, assessment=fact.assessment, scheme=fact.scheme)


def _assessed(fact: facts.ResultConfirmed) -> Event:
    return published.Assessed(
        participation=fact.participation,
        assessment=fact.assessment,
        result=cast(Literal["pass", "fail"], str(fact.outcome)),
        grade=fact.grade,
        score=str(fact.score),
        scheme=fact.scheme,
        scheme_version=fact.scheme_version,
        confirmed_on=fact.confirmed_on,
        attempt=fact.attempt,
        ordinal=fact.ordinal,
    )


def _certified(fact: facts.CertificateIssued) -> Event:
    return published.Certified(
        participation=fact.participation,
        certificate=fact.certificate,
        number=fact.number,
        programme=fact.programme,
        session=fact.session,
        issued_on=fact.issued_on,
    )


def _revoked(fact: facts.CertificateRevoked) -> Event:
    return published.CertificateRevoked(
        participation=fact.participation,
        certificate=fact.certificate,
        number=fact.number,
        reason=fact.reason,
        revoked_on=fact.revoked_on,
    )


def _suspended(fact: facts.CertificateSuspended) -> Event:
    return published.CertificateSuspended(
        participation=fact.participation,
        certificate=fact.certificate,
        number=fact.number,
        suspended_on=fact.suspended_on,
    )


def _reinstated(fact: facts.CertificateReinstated) -> Event:
    return published.CertificateReinstated(
        participation=fact.participation,
        certificate=fact.certificate,
        number=fact.number,
        reinstated_on=fact.reinstated_on,
    )


def _granted(fact: facts.WaiverGranted) -> Event:
    return published.WaiverGranted(participation=fact.participation, waiver=fact.waiver, title_level=fact.title_level)


def _consumed(fact: facts.WaiverConsumed) -> Event:
    return published.WaiverConsumed(
        participation=fact.participation,
        waiver=fact.waiver,
        title_level=fact.title_level,
        consumed_on=fact.consumed_on,
    )


_FORMS: dict[type, Callable[[Any], Event]] = {
    facts.AssessmentOpened: _opened,
    facts.ResultConfirmed: _assessed,
    facts.CertificateIssued: _certified,
    facts.CertificateRevoked: _revoked,
    facts.CertificateSuspended: _suspended,
    facts.CertificateReinstated: _reinstated,
    facts.WaiverGranted: _granted,
    facts.WaiverConsumed: _consumed,
}
