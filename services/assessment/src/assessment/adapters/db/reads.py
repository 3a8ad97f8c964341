"""Which entries of the trail are reads of a certificate with its holder's name on it (C-02, domain.md 7.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast

from assessment.adapters.db import tables
from shared.audit.reads import reads_of

_AUDIT = tables.metadata.tables["audit"]
_CERTIFICATE = tables.certificate
_TOLD_NOTHING = ("not-found", "tampered", "malformed-number")


def personal_reads() -> list[Select[Any]]:
    """Papers and credentials handed out, and verifications that told the name."""
    details = _AUDIT.c.details
    told = details["status"].astext.not_in(_TOLD_NOTHING)
    return [
        _reads("certificate.hand-out", "certificate", details["what"].astext.is_not(None)),
        _reads("certificate.verify", "verification", told),
    ]


def _reads(action: str, purpose: str, where: ColumnElement[bool]) -> Select[Any]:
    at = and_(_AUDIT.c.object_type == "certificate", _AUDIT.c.object_id == cast(_CERTIFICATE.c.id, Text))
    return reads_of(
        _AUDIT, (action,), _AUDIT.join(_CERTIFICATE, at), account=_CERTIFICATE.c.account,
        participation=_CERTIFICATE.c.participation, session=_CERTIFICATE.c.session, fields="certificate", purpose=purpose,
        where=where,
    )  # fmt: skip
