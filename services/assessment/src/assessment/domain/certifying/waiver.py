"""The continuing-education waiver: single use, bound to the next higher title level and one application (C-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.certifying.certificate import Certificate, CertificateState
from assessment.domain.facts import WaiverConsumed, WaiverGranted
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict, RuleViolated


class WaiverState(StrEnum):
    """Where a waiver stands."""

    GRANTED = "granted"
    CONSUMED = "consumed"
    VOID = "void"


WAIVER = Lifecycle(
    "waiver",
    initial=WaiverState.GRANTED,
    transitions=[
        Transition(
            "consume", WaiverState.GRANTED, WaiverState.CONSUMED, frozenset({Role.AGENCY, Role.REGIONAL_OFFICER})
        ),
        Transition("void", WaiverState.GRANTED, WaiverState.VOID, frozenset({Role.SYSTEM})),
    ],
)


@dataclass(kw_only=True)
class Waiver(Aggregate):
    """A waiver that came with a certificate.

    Attributes:
        title_level: the only level whose title application it serves.
        application: number that the title authority gave to the application it was used for.
        consumed_by: account of the title authority that used it; with ``application`` it names the receipt.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = WAIVER

    participation: UUID
    certificate: UUID
    account: str
    programme: str
    session: str
    unit: str
    title_level: str
    granted_on: date
    consumed_on: date | None = None
    application: str | None = None
    consumed_by: str | None = None
    state: WaiverState = WaiverState.GRANTED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def consume(
        self, title_level: str, application: str, certificate: Certificate, *, by: Actor, on: date
    ) -> WaiverConsumed:
        """Use it for the first application for the next title level (C-03).

        Raises:
            Conflict: ``waiver-consumed``, ``waiver-void``, or ``certificate-not-in-force``.
            RuleViolated: ``wrong-title-level``.
        """
        if self.state is WaiverState.CONSUMED:
            raise Conflict("waiver-consumed", "The waiver was used before; it serves one application.", rule="C-03")
        if self.state is WaiverState.VOID:
            raise Conflict("waiver-void", "The waiver ended with its certificate.", rule="C-03")
        if certificate.state is not CertificateState.ISSUED:
            raise Conflict("certificate-not-in-force", "The certificate behind the waiver does not count now.")
        if title_level != self.title_level:
            raise RuleViolated(
                "wrong-title-level", "The waiver serves the next higher title level only.", rule="C-03",
                title_level=self.title_level,
            )  # fmt: skip
        self._advance("consume", by)
        self.consumed_on, self.application, self.consumed_by = on, application, by.subject
        return WaiverConsumed(self.participation, self.id, self.title_level, on)

    def follow(self, successor: Certificate) -> None:
        """Belong to the certificate that replaced the one it came with."""
        self.certificate = successor.id

    def void(self, by: Actor) -> None:
        """End it together with its certificate; a consumed one stays consumed."""
        self._advance("void", by)


def grant_waiver(id: UUID, certificate: Certificate, title_level: str, on: date) -> tuple[Waiver, WaiverGranted]:
    """Grant the waiver that comes with an issued certificate (C-03)."""
    waiver = Waiver(
        id=id, participation=certificate.participation, certificate=certificate.id, account=certificate.account,
        programme=certificate.programme, session=certificate.session, unit=certificate.unit,
        title_level=title_level, granted_on=on,
    )  # fmt: skip
    return waiver, WaiverGranted(certificate.participation, id, title_level)
