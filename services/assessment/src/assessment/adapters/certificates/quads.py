"""Canonical N-Quads of the documents that this service makes, written directly: their shape is known.

The general way (``shared.credentials.canonical``) expands contexts for 7 ms a credential; this one takes a fiftieth of that
and gives the same bytes, or refuses: a document of any other shape is none of ours. The blank nodes are labelled as RDFC-1.0
says for nodes whose first-degree hashes differ; alike ones (two equal forms of a name) go the general way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from shared.credentials import bitstring, vendored
from shared.credentials.canonical import NotCanonical
from shared.credentials.canonical import quads as general_quads

_OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_VC = "https://www.w3.org/2018/credentials#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
_SEC = "https://w3id.org/security#"
_SCHEMA = "https://schema.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|\+08:00)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"'})
_FALSE = f'"false"^^<{"https://www.w3.org/2001/XMLSchema#boolean"}>'
_BADGE_CONTEXTS = [vendored.CREDENTIALS_V2, vendored.OPEN_BADGES_V3]


class OtherShape(NotCanonical):
    """The document does not have the shape that this service gives its documents."""


def quads(document: Mapping[str, Any]) -> str:
    """Canonical N-Quads of an achievement credential, a status list credential, or a proof's options of either.

    Raises:
        OtherShape: it is none of these to the letter.
    """
    match document.get("type"):
        case "DataIntegrityProof":
            return _proof(document)
        case ["VerifiableCredential", "OpenBadgeCredential"]:
            return _badge(document)
        case ["VerifiableCredential", "BitstringStatusListCredential"]:
            return _status_list(document)
        case _:
            raise OtherShape("a document of another kind")


def _badge(credential: Mapping[str, Any]) -> str:
    _members(credential, {"@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject"},
             {"validUntil", "credentialStatus"})  # fmt: skip
    if credential["@context"] != _BADGE_CONTEXTS:
        raise OtherShape("other contexts")
    me, issuer, subject = _iri(credential["id"]), credential["issuer"], credential["credentialSubject"]
    _members(issuer, {"id", "type", "name"})
    _members(subject, {"type", "identifier", "achievement", "licenseNumber"})
    achievement = subject["achievement"]
    _members(achievement, {"id", "type", "achievementType", "name", "description", "criteria"})
    _members(achievement["criteria"], {"narrative"})
    if (issuer["type"], subject["type"], achievement["type"]) != (["Profile"], ["AchievementSubject"], ["Achievement"]):
        raise OtherShape("parts of other types")
    authority, what = _iri(issuer["id"]), _iri(achievement["id"])
    if authority == what or me in (authority, what):
        raise OtherShape("two parts with one id")
    named = [
        f"{authority} {_TYPE} <{_OB}Profile> .\n",
        f"{authority} <{_SCHEMA}name> {_text(issuer['name'])} .\n",
        f"{what} {_TYPE} <{_OB}Achievement> .\n",
        f"{what} <{_OB}achievementType> {_text(achievement['achievementType'])} .\n",
        f"{what} <{_SCHEMA}description> {_text(achievement['description'])} .\n",
        f"{what} <{_SCHEMA}name> {_text(achievement['name'])} .\n",
        f"{me} {_TYPE} <{_OB}OpenBadgeCredential> .\n",
        f"{me} {_TYPE} <{_VC}VerifiableCredential> .\n",
        f"{me} <{_SCHEMA}name> {_text(credential['name'])} .\n",
        f"{me} <{_VC}issuer> {authority} .\n",
        f"{me} <{_VC}validFrom> {_time(credential['validFrom'])} .\n",
    ]
    if "validUntil" in credential:
        named.append(f"{me} <{_VC}validUntil> {_time(credential['validUntil'])} .\n")
    if "credentialStatus" in credential:
        named += _statuses(me, credential["credentialStatus"])
    forms = subject["identifier"]
    if not isinstance(forms, list) or not 1 <= len(forms) <= 3:
        raise OtherShape("other identifiers")
    # Each blank node: the pieces of its own quads around the names of blank nodes.
    own = {f"i{at}": _identity(form) for at, form in enumerate(forms)}
    own["c"] = [(f" <{_OB}narrative> {_text(achievement['criteria']['narrative'])} .\n", None)]
    own["s"] = [
        (f" {_TYPE} <{_OB}AchievementSubject> .\n", None),
        (f" <{_OB}achievement> {what} .\n", None),
        (f" <{_OB}licenseNumber> {_text(subject['licenseNumber'])} .\n", None),
        *((f" <{_OB}identifier> ", f"i{at}") for at in range(len(forms))),
    ]
    pointing = {"s": f"{me} <{_VC}credentialSubject> ", "c": f"{what} <{_OB}Criteria> "}
    labels = _labels(own, pointing)
    if labels is None:
        return general_quads(credential)
    lines = named + [f"{start}{labels[node]} .\n" for node, start in pointing.items()]
    for node, pieces in own.items():
        lines += [f"{labels[node]}{piece}{'' if to is None else labels[to] + ' .' + chr(10)}" for piece, to in pieces]
    return "".join(sorted(set(lines)))


def _labels(own: Mapping[str, list[tuple[str, str | None]]], pointing: Mapping[str, str]) -> dict[str, str] | None:
    """The canonical name of each blank node (RDFC-1.0, 4.4.3 steps 3 and 4), or None when two nodes are alike."""
    hashes: dict[str, str] = {}
    for node, pieces in own.items():
        lines = [f"_:a{piece}" if to is None else f"_:a{piece}_:z .\n" for piece, to in pieces]
        if node in pointing:
            lines.append(f"{pointing[node]}_:a .\n")
        if node.startswith("i"):
            lines.append(f"_:z <{_OB}identifier> _:a .\n")
        hashes[hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()] = node
    if len(hashes) != len(own):
        return None
    return {hashes[digest]: f"_:c14n{place}" for place, digest in enumerate(sorted(hashes))}


def _identity(form: Any) -> list[tuple[str, str | None]]:
    _members(form, {"type", "hashed", "identityType", "identityHash"})
    if (form["type"], form["hashed"], form["identityType"]) != ("IdentityObject", False, "name"):
        raise OtherShape("another identifier")
    if form["hashed"] is not False:
        raise OtherShape("another identifier")
    return [
        (f" {_TYPE} <{_OB}IdentityObject> .\n", None),
        (f" <{_OB}hashed> {_FALSE} .\n", None),
        (f" <{_OB}identityHash> {_text(form['identityHash'])} .\n", None),
        (f' <{_OB}identityType> "name" .\n', None),
    ]


def _statuses(me: str, entries: Any) -> list[str]:
    if not isinstance(entries, list) or len(entries) not in (len(bitstring.PURPOSES), len(bitstring.PUBLISHED)):
        raise OtherShape("other statuses")
    lines: list[str] = []
    for entry, purpose in zip(entries, bitstring.PUBLISHED, strict=False):
        _members(entry, {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"})
        address, index = str(entry["statusListCredential"]), entry["statusListIndex"]
        if entry["id"] != f"{address}#{index}" or not address.endswith(f"/{purpose}"):
            raise OtherShape("another status")
        if (entry["type"], entry["statusPurpose"]) != ("BitstringStatusListEntry", purpose):
            raise OtherShape("another status")
        it = _iri(entry["id"])
        lines += [
            f"{it} {_TYPE} <{_STATUS}BitstringStatusListEntry> .\n",
            f"{it} <{_STATUS}statusListCredential> {_iri(address)} .\n",
            f"{it} <{_STATUS}statusListIndex> {_text(index)} .\n",
            f'{it} <{_STATUS}statusPurpose> "{purpose}" .\n',
            f"{me} <{_VC}credentialStatus> {it} .\n",
        ]
    return lines


def _status_list(credential: Mapping[str, Any]) -> str:
    _members(credential, {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject"})
    subject = credential["credentialSubject"]
    _members(subject, {"id", "type", "statusPurpose", "encodedList", "ttl"}, {"description"})
    if credential["@context"] != [vendored.CREDENTIALS_V2] or subject["type"] != "BitstringStatusList":
        raise OtherShape("other contexts or types")
    if subject["id"] != f"{credential['id']}#list" or type(subject["ttl"]) is not int:
        raise OtherShape("another list")
    me, listed = _iri(credential["id"]), _iri(subject["id"])
    told = [f"{listed} <{_SCHEMA}description> {_text(subject['description'])} .\n"] if "description" in subject else []
    return "".join(sorted([
        *told,
        f"{listed} {_TYPE} <{_STATUS}BitstringStatusList> .\n",
        f"{listed} <{_STATUS}encodedList> {_text(subject['encodedList'])}^^<{_SEC}multibase> .\n",
        f"{listed} <{_STATUS}statusPurpose> {_text(subject['statusPurpose'])} .\n",
        f'{listed} <{_STATUS}ttl> "{subject["ttl"]}"^^<{_XSD}integer> .\n',
        f"{me} {_TYPE} <{_VC}VerifiableCredential> .\n",
        f"{me} {_TYPE} <{_STATUS}BitstringStatusListCredential> .\n",
        f"{me} <{_VC}credentialSubject> {listed} .\n",
        f"{me} <{_VC}issuer> {_iri(credential['issuer'])} .\n",
        f"{me} <{_VC}validFrom> {_time(credential['validFrom'])} .\n",
        f"{me} <{_VC}validUntil> {_time(credential['validUntil'])} .\n",
    ]))  # fmt: skip


def _proof(options: Mapping[str, Any]) -> str:
    _members(options, {"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose"})
    if options["@context"] not in (_BADGE_CONTEXTS, [vendored.CREDENTIALS_V2]):
        raise OtherShape("other contexts")
    if (options["cryptosuite"], options["proofPurpose"]) != ("eddsa-rdfc-2022", "assertionMethod"):
        raise OtherShape("another proof")
    return (
        f"_:c14n0 <http://purl.org/dc/terms/created> {_time(options['created'])} .\n"
        f"_:c14n0 {_TYPE} <{_SEC}DataIntegrityProof> .\n"
        f'_:c14n0 <{_SEC}cryptosuite> "eddsa-rdfc-2022"^^<{_SEC}cryptosuiteString> .\n'
        f"_:c14n0 <{_SEC}proofPurpose> <{_SEC}assertionMethod> .\n"
        f"_:c14n0 <{_SEC}verificationMethod> {_iri(options['verificationMethod'])} .\n"
    )


def _members(part: Any, needed: set[str], possible: frozenset[str] | set[str] = frozenset()) -> None:
    if not isinstance(part, Mapping) or not needed <= part.keys() <= needed | possible:
        raise OtherShape("other members")


def _iri(value: Any) -> str:
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        raise OtherShape("an id is no absolute IRI")
    return f"<{value}>"


def _time(value: Any) -> str:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise OtherShape("a time in another form")
    return f'"{value}"^^<{_XSD}dateTime>'


def _text(value: Any) -> str:
    if not isinstance(value, str) or _CONTROL.search(value):
        raise OtherShape("a text that we do not sign")
    return f'"{value.translate(_ESCAPES)}"'
