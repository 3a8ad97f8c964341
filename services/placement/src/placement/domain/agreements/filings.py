"""The filing of an agreement with the regional authority: prepared, submitted, acknowledged or returned (M-04)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from placement.domain.agreements.agreement import Agreement
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows

KIND = "agreement-filing+jws"
"""``typ`` of the signature over a filing's statement."""


class FilingState(StrEnum):
    """Where the file of one edition is; lapsed when the edition ended before it was on file."""

    PREPARED = "prepared"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    LAPSED = "lapsed"


S = FilingState

_OFFICES = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})
_REGION = frozenset({Role.REGIONAL_OFFICER})
OPEN = (S.PREPARED, S.SUBMITTED, S.RETURNED)

FILING = Lifecycle(
    "agreement filing",
    initial=S.PREPARED,
    transitions=[
        *arrows("submit", (S.PREPARED, S.RETURNED), S.SUBMITTED, _OFFICES),
        Transition("acknowledge", S.SUBMITTED, S.ACKNOWLEDGED, _REGION),
        Transition("return", S.SUBMITTED, S.RETURNED, _REGION),
        *arrows("lapse", OPEN, S.LAPSED, frozenset({Role.SYSTEM})),
    ],
)


@dataclass(kw_only=True, slots=True)
class Submission:
    """One time it was handed in, and what the authority said: a receipt number or the reason of a return."""

    submitted_on: date
    answered_on: date | None = None
    receipt: str | None = None
    reason: str | None = None


@dataclass(kw_only=True)
class Filing(Aggregate):
    """The file of one edition of an agreement. ``document`` is what is on file, byte by byte; ``sha256`` its hash."""

    lifecycle: ClassVar[Lifecycle[FilingState]] = FILING

    agreement: UUID
    participation: UUID
    edition: int
    document: str
    sha256: str
    submissions: list[Submission] = field(default_factory=list)
    state: FilingState = FilingState.PREPARED

    @classmethod
    def of(cls, id: UUID, agreement: Agreement) -> Filing:
        """The file of an agreement as it is in force."""
        document = document_of(agreement)
        return cls(
            id=id,
            agreement=agreement.id,
            participation=agreement.participation,
            edition=agreement.edition,
            document=document,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
        )

    def submit(self, *, on: date, by: Actor) -> None:
        """Hand it in, or in again after a return."""
        self._advance("submit", by)
        self.submissions.append(Submission(submitted_on=on))

    def acknowledge(self, receipt: str, *, on: date, by: Actor) -> None:
        """The authority takes it on file under a receipt number; the caller files the agreement under it."""
        self._advance("acknowledge", by)
        self.submissions[-1].answered_on, self.submissions[-1].receipt = on, receipt

    def send_back(self, reason: str, *, on: date, by: Actor) -> None:
        """The authority wants it handed in again."""
        self._advance("return", by)
        self.submissions[-1].answered_on, self.submissions[-1].reason = on, reason

    def lapse(self, *, by: Actor) -> None:
        """The edition ended before it was on file."""
        self._advance("lapse", by)


def document_of(agreement: Agreement) -> str:
    """Canonical JSON of an agreement in force; people by account, organisations by path, scans by hash only."""
    return _canonical(
        {
            "agreement": str(agreement.id),
            "participation": str(agreement.participation),
            "edition": agreement.edition,
            "in_force_on": str(agreement.in_force_on),
            "parties": [
                {
                    "role": party.role,
                    "identity": party.identity,
                    "share": party.share,
                    "signed_on": str(party.signed_on),
                    "means": party.means,
                    "page": None if party.document is None else str(party.document),
                }
                for party in agreement.parties
            ],
            "duties": agreement.duties,
            "responsibilities": agreement.responsibilities,
            "service_years": agreement.service_years,
        }
    )


def statement_of(filing: Filing) -> str:
    """Canonical JSON of what happened to a filing so far; this text is signed."""
    return _canonical(
        {
            "filing": str(filing.id),
            "agreement": str(filing.agreement),
            "edition": filing.edition,
            "sha256": filing.sha256,
            "state": str(filing.state),
            "submissions": [
                {
                    "submitted_on": str(each.submitted_on),
                    "answered_on": None if each.answered_on is None else str(each.answered_on),
                    "receipt": each.receipt,
                    "reason": each.reason,
                }
                for each in filing.submissions
            ],
        }
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
