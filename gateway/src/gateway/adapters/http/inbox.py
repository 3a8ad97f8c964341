"""The inbox: what waits for the caller in all services, in one call."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter
from pydantic import Field

from gateway.adapters.inbox.asking import Inbox
from gateway.adapters.inbox.entry import Entry
from gateway.adapters.inbox.own import own_entries
from shared.http.cursors import binding
from shared.http.exact import Day
from shared.http.guards import QueryGuard, admit, authenticate
from shared.http.problems import READ_PROBLEMS
from shared.http.resources import Resource
from shared.http.running import Running, running_of
from shared.kernel.actor import Actor

router = APIRouter(prefix="/v1/inbox", tags=["inbox"], responses=READ_PROBLEMS)

Part = Literal["selection", "placement", "assessment", "funding", "gateway"]


class InboxEntry(Resource):
    """Something that the caller owes; ids and codes only."""

    id: str = Field(description="the same for as long as the thing waits for the same side")
    service: Part
    kind: str
    subject_kind: str
    subject: str
    owed_by: str = Field(description="the role or side that owes it")
    participation: str | None
    session: str | None
    state: str | None
    detail: str | None
    due_on: date | None
    overdue: bool
    escalated_to: list[str]
    count: int = Field(description="how many things this entry stands for")
    link: str | None = Field(description="where the thing is read")
    allowed_actions: list[str] = Field(
        description="which of the thing's own actions answer it; empty where something new is to be made"
    )


class InboxCounts(Resource):
    """How much waits, over all pages; each entry counts once."""

    total: int
    overdue: int
    by_service: dict[str, int]
    by_kind: dict[str, int]


class InboxPage(Resource):
    """What waits, the earliest first. It is read from the services themselves, so one's own acts are always in it."""

    items: list[InboxEntry]
    next_cursor: str | None
    counts: InboxCounts
    unavailable: list[Part] = Field(description="services that did not answer; what waits there is missing")
    truncated: list[Part] = Field(description="services that have more than 500 things waiting")
    as_of: datetime


class InboxGuard(QueryGuard):
    """Guard of the inbox: it holds no connection to the gateway's own database while services are asked."""

    async def __call__(self, request: Request) -> AsyncIterator[Any]:
        """The running service and the caller."""
        running = running_of(request)
        actor = authenticate(request, running)
        await admit(request, running, actor, self.action)
        yield running, actor


Caller = Annotated[tuple[Running[Any], Actor], Depends(InboxGuard("inbox.read"))]


@router.get(
    "",
    response_model=InboxPage,
    responses={
        200: {"headers": {"ETag": {"schema": {"type": "string"}, "description": "for If-None-Match"}}},
        304: {"description": "The caller has it already."},
    },
)
async def read_inbox(
    request: Request,
    caller: Caller,
    service: Annotated[Part | None, QueryParameter(description="only what waits there")] = None,
    kind: Annotated[str | None, QueryParameter(max_length=80)] = None,
    due_before: Annotated[Day | None, QueryParameter(description="only what is due before this day")] = None,
    overdue: bool | None = None,
    limit: Annotated[int, QueryParameter(description="entries a page, 1 to 200; other values are coerced")] = 50,
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
) -> Response:
    """What waits for the caller across all services, with what may be done about it."""
    running, actor = caller
    filters = {"service": service, "kind": kind, "due_before": due_before and str(due_before), "overdue": overdue}
    bound = binding("inbox", filters | {"sub": actor.subject})
    after = tuple(running.cursors.read(bound, cursor)) if cursor else None
    inbox: Inbox = running.extras["inbox"]
    found = await inbox.of(actor)
    found.add(await own_entries(running, actor))
    wanted = [
        entry for entry in found.entries
        if service in (None, entry.service)
        and kind in (None, entry.kind)
        and (due_before is None or (entry.due_on is not None and entry.due_on < due_before))
        and overdue in (None, entry.overdue)
    ]  # fmt: skip
    rest = [entry for entry in wanted if after is None or entry.place > after]
    shown = rest[: max(1, min(limit, 200))]
    following = running.cursors.make(bound, list(shown[-1].place)) if len(rest) > len(shown) else None
    page = InboxPage(
        items=[_shown(entry) for entry in shown], next_cursor=following, counts=_counts(wanted),
        unavailable=found.unavailable, truncated=found.truncated, as_of=running.clock.now(),
    )  # fmt: skip
    tag = f'"{hashlib.sha256(page.model_dump_json(exclude={"as_of"}).encode()).hexdigest()[:32]}"'
    headers = {"cache-control": "no-store", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(page.model_dump_json(), 200, headers, "application/json")


def _shown(entry: Entry) -> InboxEntry:
    return InboxEntry(**{name: getattr(entry, name) for name in InboxEntry.model_fields})


def _counts(entries: list[Entry]) -> InboxCounts:
    return InboxCounts(
        total=len(entries),
        overdue=sum(entry.overdue for entry in entries),
        by_service=dict(sorted(Counter(entry.service for entry in entries).items())),
        by_kind=dict(sorted(Counter(entry.kind for entry in entries).items())),
    )
