"""The certificate: issued by the ministry on a confirmed pass, never by whoever assessed (C-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.certifying.standing import StatusSlot
from assessment.domain.facts import (
    CertificateIssued,
    CertificateReinstated,
    CertificateRevoked,
    CertificateSuspended,
)
from assessment.domain.schemes.scheme import Scheme, Title
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Forbidden, RuleViolated


class CertificateState(StrEnum):
    """Where a certificate stands; only an issued one counts."""

    REQUESTED = "requested"
    CANCELLED = "cancelled"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REISSUED = "reissued"


C = CertificateState
ITSELF = frozenset({Role.SYSTEM})
ISSUER = frozenset({Role.ISSUER})

CERTIFICATE = Lifecycle(
    "certificate",
    initial=C.REQUESTED,
    transitions=[
        Transition("issue", C.REQUESTED, C.ISSUED, ISSUER),
        Transition("cancel", C.REQUESTED, C.CANCELLED, ITSELF),
        Transition("request_again", C.CANCELLED, C.REQUESTED, ITSELF),
        Transition("suspend", C.ISSUED, C.SUSPENDED, ISSUER),
        Transition("reinstate", C.SUSPENDED, C.ISSUED, ISSUER),
        *arrows("revoke", (C.ISSUED, C.SUSPENDED), C.REVOKED, ISSUER | ITSELF),
        *arrows("reissue", (C.ISSUED, C.SUSPENDED), C.REISSUED, ISSUER),
    ],
)


@dataclass(frozen=True, slots=True)
class HolderName:
    """The holder's name as selection keeps it; ``bo`` and ``latin`` where there is one."""

    zh: str
    bo: str | None = None
    latin: str | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the name is written on the certificate."""
        return tuple(form for form in (self.zh, self.bo, self.latin) if form)


@dataclass(frozen=True, slots=True)
class HolderCard:
    """What anyone who can name a certificate may see of its holder: the name and the programme."""

    name: HolderName
    programme: Title


@dataclass(frozen=True, slots=True)
class Minted:
    """What turns a request into a certificate; made by the mint.

    Attributes:
        card: what the public verification shows (``HolderCard``), sealed.
        credential: the signed credential, sealed.
        sealing_key: the wrapped key of both; destroying it erases them.
        token_digest: digest of the unguessable verification token, hex.
        token: the verification token, sealed.
        key: id of the signing key.
        slot: where its status is found.
        embedded: the credential with its proof embedded, sealed; None when the issuer has no Ed25519 key.
        slip: the compact form for the offline QR code, sealed.
    """

    card: bytes
    credential: bytes
    sealing_key: bytes
    token_digest: str
    token: bytes
    key: str
    slot: StatusSlot
    embedded: bytes | None = None
    slip: bytes | None = None


@dataclass(kw_only=True)
class Certificate(Aggregate):
    """One certificate; a participation has one that has no predecessor, and each has at most one successor.

    Attributes:
        predecessor: the certificate that this one replaces, or None.
        number: given when issued, never before, never again.
        reissue_wanted: why it should be issued anew, or None; the issuer owes it.
        card, credential, embedded, slip, token: sealed under ``sealing_key``; opened only for the holder, the issuer and the public
            verification.
        status_list, status_index: where its status is found; given once, None for one issued before there were lists.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = CERTIFICATE

    participation: UUID
    assessment: UUID
    account: str
    programme: str
    batch: str
    session: str
    unit: str
    scheme_version: str
    requested_on: date
    predecessor: UUID | None = None
    number: str | None = None
    issued_on: date | None = None
    issued_by: str | None = None
    valid_until: date | None = None
    card: bytes | None = None
    credential: bytes | None = None
    sealing_key: bytes | None = None
    token_digest: str | None = None
    token: bytes | None = None
    signing_key: str | None = None
    embedded: bytes | None = None
    slip: bytes | None = None
    status_list: int | None = None
    status_index: int | None = None
    suspended_on: date | None = None
    revoked_on: date | None = None
    revocation_reason: str | None = None
    reissue_wanted: str | None = None
    state: CertificateState = C.REQUESTED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def issue(
        self, number: str, minted: Minted, assessment: Assessment, scheme: Scheme, *, by: Actor, on: date
    ) -> CertificateIssued:
        """Issue it (C-02).

        Raises:
            RuleViolated: ``not-a-confirmed-pass``.
            Forbidden: ``wrong-authority`` or ``issuer-is-assessor``.
        """
        require_issuer(scheme, by)
        check_may_issue(assessment, by)
        self._advance("issue", by)
        self.number, self.issued_on, self.issued_by = number, on, by.subject
        self.valid_until = expiry(scheme, on)
        self.card, self.credential = minted.card, minted.credential
        self.sealing_key = minted.sealing_key
        self.token_digest, self.token, self.signing_key = minted.token_digest, minted.token, minted.key
        self.embedded, self.slip = minted.embedded, minted.slip
        self.status_list, self.status_index = minted.slot.list, minted.slot.index
        return CertificateIssued(self.participation, self.id, number, self.programme, self.session, on)

    def cancel(self, by: Actor) -> None:
        """The result was corrected to a fail before anything was issued."""
        self._advance("cancel", by)

    def request_again(self, by: Actor) -> None:
        """The result was corrected back to a pass."""
        self._advance("request_again", by)

    def suspend(self, scheme: Scheme, *, by: Actor, on: date) -> CertificateSuspended:
        """Let it not count for now."""
        require_issuer(scheme, by)
        self._advance("suspend", by)
        self.suspended_on = on
        return CertificateSuspended(self.participation, self.id, self._number, on)

    def reinstate(self, scheme: Scheme, *, by: Actor, on: date) -> CertificateReinstated:
        """Let it count again."""
        require_issuer(scheme, by)
        self._advance("reinstate", by)
        self.suspended_on = None
        return CertificateReinstated(self.participation, self.id, self._number, on)

    def revoke(self, reason: str, scheme: Scheme, *, by: Actor, on: date) -> CertificateRevoked:
        """End it for good; the service itself does so when a result is overturned."""
        if not by.has(Role.SYSTEM):
            require_issuer(scheme, by)
            require_reason(reason, scheme.certificate.revocation_reasons)
        self._advance("revoke", by)
        self.revoked_on, self.revocation_reason = on, reason
        return CertificateRevoked(self.participation, self.id, self._number, reason, on)

    def replace(self, id: UUID, reason: str, scheme: Scheme, *, by: Actor, on: date) -> Certificate:
        """Give way to a successor with the same content, which is yet to be issued."""
        require_issuer(scheme, by)
        wanted = {self.reissue_wanted} if self.reissue_wanted else set[str]()
        require_reason(reason, scheme.certificate.reissue_reasons | wanted)
        self._advance("reissue", by)
        self.revocation_reason = reason
        return Certificate(
            id=id, participation=self.participation, assessment=self.assessment, account=self.account,
            programme=self.programme, batch=self.batch, session=self.session, unit=self.unit,
            scheme_version=self.scheme_version, requested_on=on, predecessor=self.id,
        )  # fmt: skip

    def ask_reissue(self, reason: str) -> None:
        """Ask the issuer to issue it anew: what it rests on changed but still holds."""
        self.reissue_wanted = reason

    @property
    def _number(self) -> str:
        assert self.number is not None
        return self.number


def request_certificate(id: UUID, assessment: Assessment, *, predecessor: UUID | None, on: date) -> Certificate:
    """The request that a confirmed pass makes by itself.

    Raises:
        RuleViolated: ``not-a-confirmed-pass`` (C-02).
    """
    if not assessment.passed:
        raise _not_passed()
    return Certificate(
        id=id, participation=assessment.participation, assessment=assessment.id, account=assessment.account,
        programme=assessment.programme, batch=assessment.batch, session=assessment.session, unit=assessment.unit,
        scheme_version=assessment.scheme_version, requested_on=on, predecessor=predecessor,
    )  # fmt: skip


def check_may_issue(assessment: Assessment, by: Actor) -> None:
    """Raises ``RuleViolated`` unless passed and confirmed, ``Forbidden`` when ``by`` had a hand in the result (C-02)."""
    if not assessment.passed:
        raise _not_passed()
    if by.subject in assessment.judges:
        raise Forbidden("issuer-is-assessor", "You had a hand in the result; another person must issue.", rule="C-02")


def require_issuer(scheme: Scheme, by: Actor) -> None:
    """Raises ``Forbidden`` (``wrong-authority``) unless ``by`` acts for the body that certifies (C-02)."""
    if by.organisation != scheme.issuer:
        raise Forbidden("wrong-authority", "Only the ministry that certifies may do this.", rule="C-02")


def require_reason(reason: str, known: frozenset[str]) -> None:
    """Raises ``RuleViolated`` (``unknown-reason``) for a reason that the scheme does not list."""
    if reason not in known:
        raise RuleViolated("unknown-reason", "Choose a reason of the scheme.", known=sorted(known))


def expiry(scheme: Scheme, issued_on: date) -> date | None:
    """The last day of validity, or None for a certificate without end; 29 February becomes 28 February."""
    years = scheme.certificate.valid_years
    if years is None:
        return None
    try:
        return issued_on.replace(year=issued_on.year + years)
    except ValueError:
        return issued_on.replace(year=issued_on.year + years, day=28)


def _not_passed() -> RuleViolated:
    return RuleViolated("not-a-confirmed-pass", "A certificate rests on a confirmed pass only.", rule="C-02")
