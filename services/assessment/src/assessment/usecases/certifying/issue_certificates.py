"""The ministry issues the certificates of a session: exactly once each, numbers without gaps (C-02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.certifying.certificate import (
    Certificate,
    CertificateState,
    HolderName,
    check_may_issue,
    expiry,
    require_issuer,
)
from assessment.domain.certifying.numbering import NumberSequence, series_of
from assessment.domain.certifying.standing import StatusSlot
from assessment.domain.certifying.waiver import WaiverState, grant_waiver
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.items import Problems
from assessment.usecases.ports import AssessmentPort, Mint
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import Conflict, NotFound, RuleViolated


class Series:
    """The number sequences that one command draws from, each locked once, and its places in the status lists.

    Args:
        work: the unit of work.
        expected: how many certificates the command is going to issue.
    """

    def __init__(self, work: AssessmentPort, expected: int = 1) -> None:
        self._work, self._expected = work, expected
        self._held: dict[str, NumberSequence] = {}
        self._slots: list[StatusSlot] = []

    async def of(self, name: str) -> NumberSequence:
        """The sequence of a series, begun when it is new."""
        if name not in self._held:
            known = await self._work.sequences.find(series=name)
            if known is None:
                known = NumberSequence(id=self._work.new_id(), series=name)
                self._work.sequences.add(known)
            self._held[name] = known
        return self._held[name]

    async def slot(self) -> StatusSlot:
        """The place of the next certificate."""
        if not self._slots:
            self._slots = await self._work.status_slots(self._expected)
        return self._slots.pop()


async def issue_certificates(
    work: AssessmentPort,
    programme: str,
    session: str,
    participations: Sequence[UUID] | None,
    names: Mapping[UUID, HolderName | None],
    mint: Mint,
) -> list[Certificate]:
    """Issue what is requested, in participation order.

    Args:
        work: the unit of work.
        programme: code.
        session: code.
        participations: whose, or None for everybody's that is requested.
        names: fetched before the transaction, None where selection knows none; a request that came in between
            waits for the next run.
        mint: signs and seals.

    Raises:
        Conflict: ``nothing-to-issue``, or ``not-requested`` naming the participations.
        NotFound: there is no such request that the caller may see.
        RuleViolated: ``name-missing``, ``not-a-confirmed-pass``.
        Forbidden: ``issuer-is-assessor``, ``wrong-authority``.
    """
    wanted = {} if participations is None else {"participation": set(participations)}
    requested = await work.certificates.list(
        order="participation", programme=programme, session=session, state=CertificateState.REQUESTED, **wanted
    )
    if participations is None:
        requested = [certificate for certificate in requested if certificate.participation in names]
    else:
        _all_there(participations, requested)
    if not requested:
        raise Conflict("nothing-to-issue", "No certificate of this session waits to be issued.")
    assessments = await work.assessments.get_many([certificate.assessment for certificate in requested])
    schemes, problems = Schemes(work), Problems()
    for position, (certificate, assessment) in enumerate(zip(requested, assessments, strict=True)):
        with problems.at(position):
            work.authorise(certificate.facets)
            require_issuer(await schemes.of(certificate), work.actor)
            check_may_issue(assessment, work.actor)
            if names.get(certificate.participation) is None:
                raise RuleViolated("name-missing", "Selection knows no name for this participation.")
    problems.refuse()
    waived, series = await participations_waived(work, requested), Series(work, len(requested))
    for certificate, assessment in zip(requested, assessments, strict=True):
        name = names[certificate.participation]
        assert name is not None
        await issue_one(work, certificate, assessment, await schemes.of(certificate), name, mint, waived, series)
    return requested


async def issue_one(
    work: AssessmentPort,
    certificate: Certificate,
    assessment: Assessment,
    scheme: Scheme,
    name: HolderName,
    mint: Mint,
    waived: set[UUID],
    series: Series,
) -> None:
    """Number, mint and issue one certificate; grant its waiver unless the participation in ``waived`` has one (C-03)."""
    sequence = await series.of(series_of(scheme.certificate, certificate.session))
    number = sequence.draw(scheme.certificate.serial_digits)
    minted = await mint.mint(
        certificate, number, name, scheme,
        issued_on=work.today, valid_until=expiry(scheme, work.today), at=work.now, slot=await series.slot(),
    )  # fmt: skip
    work.announce(certificate.issue(number, minted, assessment, scheme, by=work.actor, on=work.today))
    level = scheme.waiver.next_level(assessment.title_level) if scheme.waiver else None
    if level is not None and certificate.participation not in waived:
        waiver, granted = grant_waiver(work.new_id(), certificate, level, work.today)
        work.waivers.add(waiver)
        work.announce(granted)


async def participations_waived(work: AssessmentPort, certificates: Sequence[Certificate]) -> set[UUID]:
    """Whoever of these has a waiver already, granted or consumed (C-03)."""
    held = await work.waivers.list(
        participation={certificate.participation for certificate in certificates},
        state={WaiverState.GRANTED, WaiverState.CONSUMED},
    )
    return {waiver.participation for waiver in held}


def _all_there(participations: Sequence[UUID], requested: Sequence[Certificate]) -> None:
    problems, found = Problems(), {certificate.participation for certificate in requested}
    for position, participation in enumerate(participations):
        with problems.at(position):
            if participation not in found:
                raise NotFound("not-requested", "No certificate of this session waits for this participation.")
    problems.refuse()
