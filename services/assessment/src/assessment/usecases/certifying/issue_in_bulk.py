"""Issue thousands of certificates as a job: a chunk is a transaction, so each is issued once whatever dies (C-02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid5

from assessment.domain.certifying.certificate import (
    Certificate,
    CertificateState,
    HolderName,
    check_may_issue,
    require_issuer,
)
from assessment.usecases.certifying.issue_certificates import Series, issue_one, participations_waived
from assessment.usecases.ports import AssessmentPort, Mint
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import Refusal, RuleViolated

ISSUE: Final = "certificates-issue"
_SESSIONS: Final = UUID("5b0d2c7e-6f0f-5d38-9f3e-6d8f7a4a2b11")


def session_id(programme: str, session: str) -> UUID:
    """The subject of an issuing job: the same for every job of a session."""
    return uuid5(_SESSIONS, f"{programme}/{session}")


@dataclass(slots=True)
class Chunk:
    """What one chunk did: certificates in the order of their numbers, and who was left, by code of the refusal."""

    issued: list[Certificate] = field(default_factory=list)
    left: list[tuple[UUID, str]] = field(default_factory=list)


async def issue_chunk(
    work: AssessmentPort,
    programme: str,
    session: str,
    participations: Sequence[UUID],
    names: Mapping[UUID, HolderName | None],
    mint: Mint,
) -> Chunk:
    """Issue what can be issued of a chunk, and say why of the rest; what is no longer requested is passed over.

    Args:
        work: the unit of work.
        programme: code.
        session: code.
        participations: of the chunk.
        names: fetched before the transaction, None where selection knows none.
        mint: signs and seals.

    Returns:
        what was issued, and the participations left with ``name-missing``, ``not-a-confirmed-pass``,
        ``issuer-is-assessor`` or ``wrong-authority``.
    """
    requested = await work.certificates.list(
        order="participation", programme=programme, session=session, state=CertificateState.REQUESTED,
        participation=set(participations),
    )  # fmt: skip
    assessments = await work.assessments.get_many([certificate.assessment for certificate in requested])
    waived = await participations_waived(work, requested)
    schemes, series, done = Schemes(work), Series(work, len(requested) or 1), Chunk()
    for certificate, assessment in zip(requested, assessments, strict=True):
        scheme, name = await schemes.of(certificate), names.get(certificate.participation)
        try:
            require_issuer(scheme, work.actor)
            check_may_issue(assessment, work.actor)
            if name is None:
                raise RuleViolated("name-missing", "Selection knows no name for this participation.")
        except Refusal as refusal:
            done.left.append((certificate.participation, refusal.code))
            continue
        await issue_one(work, certificate, assessment, scheme, name, mint, waived, series)
        done.issued.append(certificate)
    return done
