"""The data-sharing catalogue (政务数据共享条例)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from gateway.adapters.catalogue import catalogue
from gateway.domain.sharing.catalogue import Dataset, Sensitivity, ShareClass
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.kernel.refusals import NotFound

router = APIRouter(prefix="/v1/catalogue", tags=["sharing"], responses=READ_PROBLEMS)

DatasetCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9-]*$")]


class CatalogueField(Resource):
    """A field of a dataset."""

    name: str
    type: str
    zh: str
    en: str
    sensitivity: Sensitivity


class CatalogueDataset(Resource):
    """A dataset: who owns it, who may have it, under which condition, and where it is read."""

    code: str
    version: int
    title_zh: str
    title_en: str
    share_class: ShareClass
    condition_zh: str | None
    condition_en: str | None
    legal_reason_zh: str | None
    legal_reason_en: str | None
    owner: str
    refresh_zh: str
    refresh_en: str
    purpose_zh: str
    purpose_en: str
    route: str
    fields: list[CatalogueField]


class Catalogue(Resource):
    """Every dataset."""

    items: list[CatalogueDataset]


@router.get("", response_model=Catalogue)
async def list_catalogue(read: Annotated[Query, Depends(query("catalogue.read"))]) -> Response:
    """The whole catalogue."""
    return read.answer(Catalogue(items=[_shown(one) for one in catalogue().values()]))


@router.get("/{dataset}", response_model=CatalogueDataset)
async def read_dataset(dataset: DatasetCode, read: Annotated[Query, Depends(query("catalogue.read"))]) -> Response:
    """One dataset."""
    found = catalogue().get(dataset)
    if found is None:
        raise NotFound("not-found", "The catalogue has no such dataset.")
    return read.answer(_shown(found))


def _shown(one: Dataset) -> CatalogueDataset:
    condition, reason = one.condition or (None, None), one.legal_reason or (None, None)
    return CatalogueDataset(
        code=one.code, version=one.version, title_zh=one.title[0], title_en=one.title[1], share_class=one.share_class,
        condition_zh=condition[0], condition_en=condition[1], legal_reason_zh=reason[0], legal_reason_en=reason[1],
        owner=one.owner, refresh_zh=one.refresh[0], refresh_en=one.refresh[1], purpose_zh=one.purpose[0],
        purpose_en=one.purpose[1], route=one.route,
        fields=[
            CatalogueField(name=f.name, type=f.type, zh=f.zh, en=f.en, sensitivity=f.sensitivity) for f in one.fields
        ],
    )  # fmt: skip
