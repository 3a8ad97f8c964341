"""The certificate as a verifiable credential: Open Badges 3.0 on the W3C data model 2.0, without its signature."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from assessment.domain.certifying.certificate import HolderName
from assessment.domain.schemes.scheme import Scheme

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
OFFSET = "+08:00"
"""Days begin and end where the programme runs; somewhere else they would begin hours after the certificate was issued."""
STATUS_PURPOSES = ("revocation", "suspension", "replacement")
"""The third tells a revoked certificate that was replaced from one that was withdrawn (decision 41)."""


def achievement_credential(
    certificate: UUID,
    number: str,
    name: HolderName,
    scheme: Scheme,
    *,
    session: str,
    issued_on: date,
    valid_until: date | None,
    issuer: str,
    status: tuple[str, int] | None = None,
) -> dict[str, Any]:
    """The credential of one certificate.

    Args:
        certificate: its id, the credential's ``urn:uuid:``.
        number: the certificate number.
        name: holder, written into the credential; whoever holds the file may read it.
        scheme: rules it was issued under.
        session: code of the session.
        issued_on: first day of validity.
        valid_until: last day of validity, or None.
        issuer: DID of the issuer, under which its keys are published.
        status: address of the status list without its purpose, and the index in it; None leaves the status out.
    """
    credential: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": certificate.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": scheme.certificate.title.en,
        "issuer": {"id": issuer, "type": ["Profile"], "name": scheme.issuer_title.zh},
        "validFrom": f"{issued_on.isoformat()}T00:00:00{OFFSET}",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": form}
                for form in name.forms
            ],
            "achievement": {
                "id": f"urn:talent:achievement:{scheme.programme}:{scheme.version}:{session}",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": f"{scheme.programme_title.zh} {scheme.certificate.title.zh}",
                "description": f"{scheme.programme_title.en}, session {session}",
                "criteria": {"narrative": scheme.title.en},
            },
            "licenseNumber": number,
        },
    }
    if valid_until is not None:
        credential["validUntil"] = f"{valid_until.isoformat()}T23:59:59{OFFSET}"
    if status is not None:
        credential["credentialStatus"] = _status(*status)
    return credential


def _status(address: str, index: int) -> list[dict[str, Any]]:
    """One entry per purpose, all at the same index (Bitstring Status List 1.0)."""
    return [
        {
            "id": f"{address}/{purpose}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": f"{address}/{purpose}",
        }
        for purpose in STATUS_PURPOSES
    ]
