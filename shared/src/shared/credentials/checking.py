"""Checks a credential offline: signature, dates, status; with keys and status lists that somebody brought along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any

from shared.credentials.bitstring import PUBLISHED, PURPOSES, REPLACEMENT, BadList, is_marked, marks, unpacked
from shared.credentials.canonical import NotCanonical, quads
from shared.credentials.integrity import ProofRefused, verify_proof
from shared.credentials.jose import NotCompact, is_compact, read_compact
from shared.credentials.keys import IssuerKeys
from shared.credentials.slip import Slip, SlipRefused, is_slip, slip_text, verified_slip

TYPE = "vc+jwt"
LONGEST = 1_000_000
_LATE = time(23, 59, 59)
_PLACE = timezone(timedelta(hours=8))
"""Where the days of a slip begin and end."""


class Finding(StrEnum):
    """What a check comes to; the first that applies, in this order."""

    FORGED = "forged"
    REVOKED = "revoked"
    REISSUED = "reissued"
    SUSPENDED = "suspended"
    NOT_YET = "not-yet-valid"
    EXPIRED = "expired"
    UNKNOWN_STATUS = "unknown-status"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check comes to, and why.

    Attributes:
        finding: the result.
        form: ``jwt``, ``embedded`` or ``slip``; ``unknown`` for something that is none of them.
        reason: a sentence where the finding needs one.
        status_checked: whether status lists said something about it; never assumed.
        said: what is signed, by member; empty when forged.
    """

    finding: Finding
    form: str
    reason: str = ""
    status_checked: bool = False
    said: Mapping[str, str] = field(default_factory=dict)


class StatusLists:
    """Status lists that somebody brought along; each is believed only when the issuer signed it and it is not too old.

    Args:
        texts: the lists, with embedded proof or as JWT.
        keys: of the issuer.
        now: the moment of the check.
    """

    def __init__(self, texts: Iterable[str], keys: IssuerKeys, now: datetime) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.refused: list[str] = []
        for text in texts:
            try:
                _, said = _signed(text, keys)
                _check_issuer(said, keys)
                if not (_moment(said["validFrom"]) <= now <= _moment(said["validUntil"])):
                    self.refused.append(f"the status list {str(said['id'])[:200]} is of another time")
                    continue
                self.known[str(said["id"])] = said
            except (_Forged, KeyError, ValueError, TypeError) as error:
                self.refused.append(f"a status list is not believed: {error}")

    def of_slip(self, number: int, index: int) -> dict[str, bool] | None:
        """Which purposes are set for a place, or None when a list is missing. Raises ``BadList``."""
        found: dict[str, bool] = {}
        for purpose in PUBLISHED:
            end = f"/status-lists/{number}/{purpose}"
            known = next((said for name, said in self.known.items() if name.endswith(end)), None)
            if known is None and purpose not in PURPOSES:
                continue
            if known is None or known["credentialSubject"]["statusPurpose"] != purpose:
                return None
            found[purpose] = is_marked(unpacked(str(known["credentialSubject"]["encodedList"])), index)
        return found


def check(text: str, keys: IssuerKeys, lists: StatusLists, now: datetime) -> Verdict:
    """The verdict on a credential in any of its forms, or on a slip.

    Args:
        text: the credential.
        keys: of the issuer.
        lists: status lists.
        now: the moment of the check.
    """
    text = text.strip()
    form = _form(text)
    try:
        if form == "slip":
            return _slip_verdict(verified_slip(slip_text(text), keys), lists, now)
        _, said = _signed(text, keys)
        _check_issuer(said, keys)
        return _verdict(form, said, lists, now)
    except (_Forged, SlipRefused) as error:
        return Verdict(Finding.FORGED, form, str(error))


class _Forged(ValueError):
    """The signature does not hold."""


def _form(text: str) -> str:
    if text.startswith("{"):
        return "embedded"
    candidate = slip_text(text)
    if not is_compact(candidate):
        return "unknown"
    return "slip" if is_slip(read_compact(candidate)) else "jwt"


def _signed(text: str, keys: IssuerKeys) -> tuple[str, dict[str, Any]]:
    """What is signed, once the signature holds. Raises ``_Forged``."""
    text = text.strip()
    if len(text) > LONGEST:
        raise _Forged("too long to be a credential")
    try:
        if text.startswith("{"):
            said = json.loads(text)
            verify_proof(said, keys, quads)
            return "embedded", said
        read = read_compact("".join(text.split()))
        key = keys.find(read.kid)
        if key is None or read.header.get("typ") != TYPE or read.algorithm != key.algorithm:
            raise _Forged("no key of the issuer signs credentials like this")
        if not key.verifies(read.signature, read.signed):
            raise _Forged("the signature is of another credential or by another key")
        said = json.loads(read.payload)
    except (ProofRefused, NotCanonical, NotCompact) as error:
        raise _Forged(str(error)) from error
    except (ValueError, RecursionError, AttributeError) as error:
        raise error if isinstance(error, _Forged) else _Forged("not written as a credential") from error
    if not isinstance(said, dict):
        raise _Forged("not written as a credential")
    return "jwt", said


def _check_issuer(said: Mapping[str, Any], keys: IssuerKeys) -> None:
    issuer = said.get("issuer")
    named = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if keys.controller is not None and named != keys.controller:
        raise _Forged(f"the credential names another issuer than {keys.controller}")


def _verdict(form: str, said: Mapping[str, Any], lists: StatusLists, now: datetime) -> Verdict:
    try:
        told = _told(said)
        starts = _moment(said["validFrom"]) if "validFrom" in said else None
        ends = _moment(said["validUntil"]) if "validUntil" in said else None
        found = marks(said, lists.known) if said.get("credentialStatus") else {}
    except BadList as error:
        return Verdict(Finding.UNKNOWN_STATUS, form, str(error))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Verdict(Finding.FORGED, form, "signed, but not a certificate of this issuer")
    why = "the credential names no status list" if not said.get("credentialStatus") else ""
    return _weighed(form, told, found or None, starts, ends, why, lists, now)


def _slip_verdict(slip: Slip, lists: StatusLists, now: datetime) -> Verdict:
    told = {"number": slip.number, "holder": slip.holder, "programme": slip.programme}
    told |= {"issued on": slip.issued_on.isoformat()}
    starts = datetime.combine(slip.issued_on, time(), _PLACE)
    ends = datetime.combine(slip.valid_until, _LATE, _PLACE) if slip.valid_until else None
    if slip.valid_until:
        told["valid until"] = slip.valid_until.isoformat()
    try:
        found = lists.of_slip(*slip.status) if slip.status else None
    except (BadList, KeyError, TypeError) as error:
        return Verdict(Finding.UNKNOWN_STATUS, "slip", str(error), said=told)
    why = "" if slip.status else "the slip names no status list"
    return _weighed("slip", told, found, starts, ends, why, lists, now)


def _weighed(
    form: str, told: Mapping[str, str], found: Mapping[str, bool] | None, starts: datetime | None,
    ends: datetime | None, why: str, lists: StatusLists, now: datetime,
) -> Verdict:  # fmt: skip
    checked = found is not None
    if found and found.get("revocation"):
        return _ended(form, found.get(REPLACEMENT), told)
    if found and found.get("suspension"):
        return Verdict(Finding.SUSPENDED, form, "it does not count for now", checked, told)
    if starts is not None and now < starts:
        return Verdict(Finding.NOT_YET, form, f"it counts from {starts.date()}", checked, told)
    if ends is not None and now > ends:
        return Verdict(Finding.EXPIRED, form, f"it counted until {ends.date()}", checked, told)
    if not checked:
        missing = why or "; ".join(lists.refused) or "the status lists that it names were not given"
        return Verdict(Finding.UNKNOWN_STATUS, form, missing, checked, told)
    return Verdict(Finding.VALID, form, "", checked, told)


def _ended(form: str, replaced: bool | None, told: Mapping[str, str]) -> Verdict:
    """A revoked one; ``replaced`` is None when no list says which of the two it was."""
    if replaced:
        return Verdict(
            Finding.REISSUED, form, "the issuer replaced it by another certificate; ask for that", True, told
        )
    why = "the issuer withdrew it" if replaced is False else "the issuer withdrew it, or replaced it by another"
    return Verdict(Finding.REVOKED, form, why, True, told)


def _told(said: Mapping[str, Any]) -> dict[str, str]:
    """What a person wants to read of a credential."""
    subject = said["credentialSubject"]
    told = {"number": str(subject["licenseNumber"]), "achievement": str(subject["achievement"]["name"])}
    told["holder"] = " / ".join(str(form["identityHash"]) for form in subject["identifier"])
    told["issued on"] = date.fromisoformat(str(said["validFrom"])[:10]).isoformat()
    if "validUntil" in said:
        told["valid until"] = date.fromisoformat(str(said["validUntil"])[:10]).isoformat()
    return told


def _moment(written: object) -> datetime:
    at = datetime.fromisoformat(str(written))
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at
