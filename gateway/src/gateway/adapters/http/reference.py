"""Reference data for everyone: the code lists of the platform with labels in Chinese and English."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Response
from fastapi import Query as QueryParameter
from pydantic import BaseModel, Field

from gateway.adapters.reference import code_lists
from gateway.domain.reference import CodeList, Entry
from shared.http.guards import public
from shared.http.problems import READ_PROBLEMS
from shared.http.resources import Resource
from shared.http.running import Running
from shared.kernel.refusals import NotFound

OPEN_PROBLEMS = {status: shown for status, shown in READ_PROBLEMS.items() if status not in {401, 403}} | {
    304: {"description": "The caller has it already"}
}
router = APIRouter(prefix="/v1/reference", tags=["reference"], responses=OPEN_PROBLEMS)

EVERYONE = public("code lists hold nothing about anybody")
NEWEST, PINNED = "public, max-age=3600", "public, max-age=31536000, immutable"
"""How long answers may be kept: the newest version may change, a version that was named never does."""

ListName = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9-]*$")]
EntryCode = Annotated[str, Path(max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Version = Annotated[
    int | None, QueryParameter(ge=1, le=1_000_000, description="a version of the list; without it the newest")
]
Known = Annotated[str | None, Header(alias="if-none-match", max_length=200, description="ETag that the caller has")]


class ReferenceEntry(Resource):
    """One code with its labels; the days say when it may be used, null is without an end."""

    code: str
    zh: str
    en: str
    valid_from: date | None = None
    valid_to: date | None = None


class ReferenceSummary(Resource):
    """A list without its entries."""

    name: str
    zh: str
    en: str
    version: int = Field(description="the version shown; it rises with every change")
    source: str = Field(description="who keeps the list: the platform, or a standard")
    count: int


class ReferenceList(ReferenceSummary):
    """A list with its entries in their order."""

    entries: list[ReferenceEntry]


class ReferenceIndex(Resource):
    """All lists."""

    items: list[ReferenceSummary]


@router.get("", response_model=ReferenceIndex)
async def list_reference(_: Annotated[Running[Any], Depends(EVERYONE)], known: Known = None) -> Response:
    """Every code list, by name."""
    items = [ReferenceSummary(**_summary(one, one.version)) for one in code_lists().values()]
    return _kept(ReferenceIndex(items=items), known, NEWEST)


@router.get("/{name}", response_model=ReferenceList)
async def read_reference(
    name: ListName, _: Annotated[Running[Any], Depends(EVERYONE)], version: Version = None, known: Known = None
) -> Response:
    """One list, in its newest or in a named version."""
    found = _found(name, version)
    entries = [_entry(entry) for entry in found.of(version)]
    shown = ReferenceList(**_summary(found, version or found.version), entries=entries)
    return _kept(shown, known, PINNED if version else NEWEST)


@router.get("/{name}/{code}", response_model=ReferenceEntry)
async def read_reference_entry(
    name: ListName,
    code: EntryCode,
    _: Annotated[Running[Any], Depends(EVERYONE)],
    version: Version = None,
    known: Known = None,
) -> Response:
    """One code of a list."""
    entry = next((entry for entry in _found(name, version).of(version) if entry.code == code), None)
    if entry is None:
        raise NotFound("not-found", "The list does not hold this code in this version.")
    return _kept(_entry(entry), known, PINNED if version else NEWEST)


def _found(name: str, version: int | None) -> CodeList:
    found = code_lists().get(name)
    if found is None or (version is not None and version > found.version):
        raise NotFound("not-found", "There is no such list, or not in this version.")
    return found


def _summary(found: CodeList, version: int) -> dict[str, Any]:
    return {
        "name": found.name, "zh": found.zh, "en": found.en, "version": version, "source": found.source,
        "count": len(found.of(version)),
    }  # fmt: skip


def _entry(entry: Entry) -> ReferenceEntry:
    return ReferenceEntry(
        code=entry.code, zh=entry.zh, en=entry.en, valid_from=entry.valid_from, valid_to=entry.valid_to
    )


def _kept(shown: BaseModel, known: str | None, keeping: str) -> Response:
    """The answer with its ETag, or 304 when the caller has it."""
    body = shown.model_dump_json().encode()
    headers = {"cache-control": keeping, "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
    if known is not None and headers["etag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")
