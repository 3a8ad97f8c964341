"""Routes of the person concerned: what is held, stated, read, corrected, exported, erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db import people_tables, tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.people.persons import (
    ConsentOut,
    ConsentsOut,
    CorrectionDetail,
    CorrectionOut,
    CorrectionRequestBody,
    DeclarationBody,
    DeclarationOut,
    ErasedOut,
    ExportOut,
    PersonOut,
    ReadOut,
    RefusalBody,
    WithdrawnOut,
)
from selection.domain.people.person import Person
from selection.domain.people.rights import Correction
from selection.domain.people.vault_item import Consent, VaultItem, VaultRead
from selection.usecases.people.correct_person import (
    answer_correction,
    request_correction,
    show_correction,
    withdraw_correction,
)
from selection.usecases.people.declare_attribute import declare_attribute, withdraw_attribute
from selection.usecases.people.erase_person import erase_on_request
from selection.usecases.people.export_person import export_person
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/selection", tags=["persons"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]
_person = tables.person


def unkept(do: Do) -> Do:
    """The command without its idempotency record: what it carries or answers must not be kept in another table.

    Even a hash of a request is telling when the value has a few dozen possibilities.
    """
    return replace(do, claim=None)


@router.get("/persons/me", response_model=PersonOut, responses=READ_PROBLEMS)
async def read_me(read: Annotated[Query, Depends(query("person.read"))]) -> Response:
    """The caller's person, and which attributes are held sealed."""
    person, items = await _me(read), people_tables.vault_item
    rows = await read.all(
        columns_of(VaultItem, items).where(items.c.person_id == person.id).order_by(items.c.attribute)
    )
    return read.answer(PersonOut.of(person, [thing_of(VaultItem, items, row) for row in rows]))


@router.put("/persons/me/declarations/{attribute}", response_model=DeclarationOut, responses=PROBLEMS)
async def put_declaration(
    attribute: str, body: DeclarationBody, do: Annotated[Do, Depends(command("person.declare"))]
) -> Response:
    """State an attribute under the notice in force; for a sensitive one this is the separate consent."""
    return await unkept(do).run(
        lambda work: declare_attribute(work, attribute, body.value, body.notice_version), present=DeclarationOut.of
    )


@router.post("/persons/me/declarations/{attribute}/withdraw", response_model=WithdrawnOut, responses=PROBLEMS)
async def post_withdrawal(
    attribute: str, body: Empty, do: Annotated[Do, Depends(command("person.withdraw"))]
) -> Response:
    """Take a statement and its consent back; the value is deleted."""
    del body
    return await do.run(
        lambda work: withdraw_attribute(work, attribute), present=lambda name, _: WithdrawnOut(attribute=name)
    )


@router.get("/persons/me/consents", response_model=ConsentsOut, responses=READ_PROBLEMS)
async def list_consents(read: Annotated[Query, Depends(query("person.read"))]) -> Response:
    """Every consent of the caller, withdrawn ones too."""
    person, table = await _me(read), people_tables.consent
    rows = await read.all(columns_of(Consent, table).where(table.c.person_id == person.id).order_by(table.c.id))
    return read.answer(ConsentsOut(items=[ConsentOut.of(thing_of(Consent, table, row)) for row in rows]))


@router.get("/persons/me/reads", response_model=PageOf[ReadOut], responses=READ_PROBLEMS)
async def list_reads(read: Annotated[Query, Depends(query("person.read"))], page: Page) -> Response:
    """Who read what of the caller, when, and for what."""
    person, table = await _me(read), people_tables.vault_read
    statement = columns_of(VaultRead, table).where(table.c.person_id == person.id)
    return await read.page(statement, table, page, lambda row: ReadOut.of(thing_of(VaultRead, table, row)))


@router.get("/persons/me/export", response_model=ExportOut, responses=PROBLEMS)
async def export_me(do: Annotated[Do, Depends(command("person.export"))]) -> Response:
    """All that is held of the caller, as data and as text; the access itself is logged."""
    return await unkept(do).run(export_person, present=ExportOut.of)


@router.post("/persons/me/erasure", response_model=ErasedOut, responses=PROBLEMS)
async def post_erasure(body: Empty, do: Annotated[Do, Depends(command("person.erase"))]) -> Response:
    """Destroy the caller's key and take out what is readable; there is no way back."""
    del body
    return await unkept(do).run(erase_on_request, present=ErasedOut.of)


@router.post("/persons/me/corrections", response_model=CorrectionOut, status_code=201, responses=PROBLEMS)
async def post_request(
    body: CorrectionRequestBody, do: Annotated[Do, Depends(command("correction.request"))]
) -> Response:
    """Ask to correct names, or identity number and birth date."""
    return await unkept(do).run(
        lambda work: request_correction(work, body.wanted()), present=CorrectionOut.of, status=201,
        location=lambda thing: f"/v1/selection/corrections/{thing.id}",
    )  # fmt: skip


@router.get("/corrections", response_model=PageOf[CorrectionOut], responses=READ_PROBLEMS)
async def list_corrections(read: Annotated[Query, Depends(query("correction.read"))], page: Page) -> Response:
    """Requests for correction the caller may see."""
    table = people_tables.correction
    visible = read.scope.where({Relation.SELF: table.c.account})
    return await read.page(
        columns_of(Correction, table).where(visible), table, page,
        lambda row: CorrectionOut.of(thing_of(Correction, table, row), read.actor),
    )  # fmt: skip


@router.get("/corrections/{correction_id}", response_model=CorrectionDetail, responses=PROBLEMS)
async def read_correction(correction_id: UUID, do: Annotated[Do, Depends(command("correction.open"))]) -> Response:
    """One request with its values, for whoever answers it; the person sees that it was read."""
    return await unkept(do).run(lambda work: show_correction(work, correction_id), present=CorrectionDetail.read)


@router.post("/corrections/{correction_id}/withdraw", response_model=CorrectionOut, responses=PROBLEMS)
async def post_withdrawn_request(
    correction_id: UUID, body: Empty, do: Annotated[Do, Depends(command("correction.withdraw"))]
) -> Response:
    """Take a request back."""
    del body
    return await do.run(lambda work: withdraw_correction(work, correction_id), present=CorrectionOut.of)


@router.post("/corrections/{correction_id}/accept", response_model=CorrectionOut, responses=PROBLEMS)
async def post_grant(
    correction_id: UUID, body: Empty, do: Annotated[Do, Depends(command("correction.answer"))]
) -> Response:
    """Grant a request; it is applied at once."""
    del body
    return await do.run(lambda work: answer_correction(work, correction_id, True, None), present=CorrectionOut.of)


@router.post("/corrections/{correction_id}/refuse", response_model=CorrectionOut, responses=PROBLEMS)
async def post_refusal(
    correction_id: UUID, body: RefusalBody, do: Annotated[Do, Depends(command("correction.answer"))]
) -> Response:
    """Refuse a request with a reason."""
    return await do.run(
        lambda work: answer_correction(work, correction_id, False, body.reason), present=CorrectionOut.of
    )


async def _me(read: Query) -> Person:
    visible = read.scope.where({Relation.SELF: _person.c.account})
    return thing_of(Person, _person, await read.one(columns_of(Person, _person).where(visible)))
