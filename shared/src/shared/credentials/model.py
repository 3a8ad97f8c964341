"""The normative statements of the VC Data Model 2.0 about the form of credentials and presentations, as checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from shared.credentials.vendored import CREDENTIALS_V2

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]+")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TYPED: Final = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")
_LANGUAGE = {"@value", "@language", "@direction"}
_ENVELOPES: Final = {
    "EnvelopedVerifiableCredential": "data:application/vc+",
    "EnvelopedVerifiablePresentation": "data:application/vp+",
}


def credential_flaws(credential: Any) -> list[str]:
    """Where a credential breaks the data model (sections 4.2 to 4.12); empty when it does not."""
    if not isinstance(credential, Mapping):
        return ["a credential must be an object"]
    return list(_credential(credential))


def presentation_flaws(presentation: Any) -> list[str]:
    """Where a presentation, or a credential in it, breaks the data model (section 4.13); empty when none does."""
    if not isinstance(presentation, Mapping):
        return ["a presentation must be an object"]
    return list(_presentation(presentation))


def _credential(credential: Mapping[str, Any]) -> Iterator[str]:
    if "EnvelopedVerifiableCredential" in _list(credential.get("type")):
        yield from _envelope(credential, "EnvelopedVerifiableCredential")
        return
    yield from _context(credential)
    yield from _type(credential, "VerifiableCredential")
    yield from _id(credential, "credential")
    for name in ("name", "description"):
        yield from _words(credential, name)
    yield from _issuer(credential)
    yield from _subjects(credential)
    yield from _dates(credential)
    yield from _parts(credential)


def _presentation(presentation: Mapping[str, Any]) -> Iterator[str]:
    if "EnvelopedVerifiablePresentation" in _list(presentation.get("type")):
        yield from _envelope(presentation, "EnvelopedVerifiablePresentation")
        return
    yield from _context(presentation)
    yield from _type(presentation, "VerifiablePresentation")
    yield from _id(presentation, "presentation")
    holder = presentation.get("holder")
    if holder is not None and not _is_url(holder.get("id") if isinstance(holder, Mapping) else holder):
        yield "holder must be a URL, or an object with an id that is one"
    for held in _list(presentation.get("verifiableCredential")):
        if not isinstance(held, Mapping):
            yield "verifiableCredential must hold objects, not strings or numbers"
        else:
            yield from _credential(held)


def _context(document: Mapping[str, Any]) -> Iterator[str]:
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts:
        yield "@context must be present and an ordered set"
    elif contexts[0] != CREDENTIALS_V2:
        yield f"the first item of @context must be {CREDENTIALS_V2}"
    elif not all(isinstance(item, Mapping) or _is_url(item) for item in contexts):
        yield "the items of @context must be URLs or objects"


def _type(document: Mapping[str, Any], needed: str) -> Iterator[str]:
    kinds = _list(document.get("type"))
    if not kinds or not all(isinstance(kind, str) and kind for kind in kinds):
        yield "type must be present and one or more terms or URLs"
    elif needed not in kinds:
        yield f"type must include {needed}"


def _id(part: Mapping[str, Any], what: str) -> Iterator[str]:
    if "id" in part and not _is_url(part["id"]):
        yield f"the id of the {what} must be a single URL"


def _words(part: Mapping[str, Any], name: str) -> Iterator[str]:
    """A string, or language value objects with nothing but value, language and direction."""
    for value in _list(part.get(name)):
        if isinstance(value, str):
            continue
        whole = isinstance(value, Mapping) and "@value" in value and value.keys() <= _LANGUAGE
        if not whole or not all(isinstance(said, str) for said in value.values()):
            yield f"{name} must be a string or language value objects"
        elif value.get("@direction", "ltr") not in ("ltr", "rtl"):
            yield f"the direction of {name} must be ltr or rtl"


def _issuer(credential: Mapping[str, Any]) -> Iterator[str]:
    issuer = credential.get("issuer")
    if not _is_url(issuer.get("id") if isinstance(issuer, Mapping) else issuer):
        yield "issuer must be a URL, or an object with an id that is one"
    elif isinstance(issuer, Mapping):
        for name in ("name", "description"):
            yield from _words(issuer, name)


def _subjects(credential: Mapping[str, Any]) -> Iterator[str]:
    subjects = _list(credential.get("credentialSubject"))
    if not subjects:
        yield "credentialSubject must be present"
    for subject in subjects:
        if not isinstance(subject, Mapping) or not subject:
            yield "credentialSubject must be an object, or a set of objects, with claims"
        else:
            yield from _id(subject, "subject")


def _dates(credential: Mapping[str, Any]) -> Iterator[str]:
    found: list[datetime] = []
    for name in ("validFrom", "validUntil"):
        if name in credential:
            moment = _moment(credential[name])
            if moment is None:
                yield f"{name} must be a dateTimeStamp"
            else:
                found.append(moment)
    if len(found) == 2 and found[0] > found[1]:
        yield "validUntil must not be before validFrom"


def _parts(credential: Mapping[str, Any]) -> Iterator[str]:
    for name in _TYPED:
        for part in _list(credential.get(name)):
            if not isinstance(part, Mapping):
                yield f"{name} must be an object, or a set of objects"
                continue
            if not _list(part.get("type")):
                yield f"{name} must have a type"
            if "id" in part and not _is_url(part["id"]):
                yield f"the id of {name} must be a URL"
            elif name == "credentialSchema" and "id" not in part:
                yield f"{name} must have an id"
    seen: set[str] = set()
    for part in _list(credential.get("relatedResource")):
        if not isinstance(part, Mapping) or not _is_url(part.get("id")) or part["id"] in seen:
            yield "every relatedResource must be an object with a URL of its own as id"
        elif not part.keys() & {"digestSRI", "digestMultibase"}:
            yield "a relatedResource must have digestSRI or digestMultibase"
        else:
            seen.add(str(part["id"]))


def _envelope(document: Mapping[str, Any], kind: str) -> Iterator[str]:
    yield from _context(document)
    if _list(document.get("type")) != [kind]:
        yield f"the type of an envelope must be {kind}"
    if not str(document.get("id")).startswith(_ENVELOPES[kind]):
        yield f"the id of an {kind} must be a data URL with the secured document"


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and _STAMP.fullmatch(value) else None
    except ValueError:
        return None
