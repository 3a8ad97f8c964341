"""The authorisation matrix: the document is what the code says, and the routes do what the document says.

Executed here: every route of every service and of the gateway, asked over its real ASGI door as every role and as
nobody; every action decided for every role against a thing of the caller's own, a sibling's, a parent's and a foreign
organisation. Stored things are asked for from every organisation in tests/journey/test_stored_things.py.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.refusals import Forbidden, NotFound
from shared.testing.actors import Keys
from shared.testing.service import settings_for
from talent_local.authorization import FILE, HOMES, ROLES, Way, document, services, ways
from talent_local.home import checkout

pytestmark = pytest.mark.timeout(420)

UNKNOWN = "00000000-0000-7000-8000-000000000000"
AT_ONCE = 4
BY_NAME = {"day": "2024-09-01", "date": "2024-09-01", "month": "2024-09", "year": "2024"}


def written() -> list[dict[str, str]]:
    """The document as it is committed."""
    with (checkout() / FILE).open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_the_document_is_what_the_code_says() -> None:
    """``python -m talent_local.authorization`` writes it anew."""
    assert (checkout() / FILE).read_text(encoding="utf-8") == document()


def test_every_route_is_in_the_document_once() -> None:
    rows = written()

    assert len({(row["method"], row["path"]) for row in rows}) == len(rows) == len(list(ways())) > 550
    assert all(bool(row["action"]) != bool(row["open_because"]) for row in rows)
    assert all(any(row[role] for role in ROLES) for row in rows if row["action"]), "a route that nobody may take"


@pytest.fixture(params=HOMES)
async def app(
    request: pytest.FixtureRequest, migrated: Callable[[str], str], keys: Keys, tmp_path: Path
) -> AsyncIterator[tuple[str, FastAPI]]:
    """One service, started, over its migrated database."""
    name = str(request.param)
    kind = getattr(import_module(f"{name}.settings"), f"{name.capitalize()}Settings")
    more: dict[str, Any] = {
        member: "http://127.0.0.1:9" for member in kind.model_fields if member.endswith("_url")
    } | {"oidc_issuer": "http://127.0.0.1:9", "oidc_audience": "nobody", "certificate_key": keys.private["assessment"]}  # fmt: skip
    more = {member: value for member, value in more.items() if member in kind.model_fields}
    more = {member: value for member, value in more.items() if member not in {"database_url", "event_log_url"}}
    if name == "gateway":
        more.pop("public_url", None)
    made = import_module(f"{name}.api").create_app(settings_for(kind, migrated(name), keys, pool_size=20, **more))
    own: FastAPI = made if isinstance(made, FastAPI) else made.own
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(own.router.lifespan_context(own))
        yield name, own


async def test_every_route_takes_every_role_as_the_document_says(app: tuple[str, FastAPI], keys: Keys) -> None:
    """Refused is 403 ``wrong-role`` before anything of the thing or the body is told; nobody is 401; the rest goes on."""
    name, own = app
    rows = {(row["method"], row["path"]): row for row in written() if row["owner"] == name and row["action"]}
    turns = asyncio.Semaphore(AT_ONCE)
    transport = httpx.ASGITransport(own, raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=transport, base_url="http://service", timeout=60) as client:

        async def ask(row: dict[str, str], role: Role | None) -> str | None:
            may = role is not None and bool(row[role])
            if may and row["path"].endswith("/stream"):
                return None  # it would stay open
            headers = {} if role is None else _bearer(keys, name, role)
            body: dict[str, Any] = {} if row["method"] in {"GET", "DELETE"} else {"json": {}}
            async with turns:
                answer = await client.request(row["method"], _filled(row["path"]), headers=headers, **body)
            return _wrong(row, role, may, answer)

        found = await asyncio.gather(*(ask(row, role) for row in rows.values() for role in (None, *ROLES)))

    assert len(found) >= 6 * (len(ROLES) + 1)
    assert [problem for problem in found if problem] == []


def _wrong(row: dict[str, str], role: Role | None, may: bool, answer: httpx.Response) -> str | None:
    problem = "problem+json" in answer.headers.get("content-type", "")
    code = answer.json().get("code") if problem else None
    if role is None:
        good = (answer.status_code, code) == (401, "unauthenticated")
    elif may:
        good = answer.status_code not in {401, 405, 500} and code != "wrong-role"
    else:
        good = (answer.status_code, code) == (403, "wrong-role")
    return None if good else f"{row['method']} {row['path']} as {role}: {answer.status_code} {code}"


def _bearer(keys: Keys, service: str, role: Role) -> dict[str, str]:
    if role is Role.SERVICE:
        return keys.bearer(Actor("x"), service, "funding" if service != "funding" else "selection")
    return keys.bearer(Actor(f"acc-matrix-{role}", "cn/54", frozenset({role})), service)


def _filled(path: str) -> str:
    parts = []
    for part in path.split("/"):
        whole = part
        while "{" in whole:
            head, _, rest = whole.partition("{")
            name, _, tail = rest.partition("}")
            whole = head + BY_NAME.get(name.partition(":")[0], UNKNOWN) + tail
        parts.append(whole)
    return "/".join(parts)


OBJECT = Facets(
    account="acc-concerned", unit="cn/54/5401/U0001", reviewer="cn/54/5401", host="hosts/H001",
    assigned=frozenset({"acc-assigned"}),
)  # fmt: skip
CALLERS: dict[str, tuple[str, str, frozenset[str]]] = {
    "own unit": ("acc-x", "cn/54/5401/U0001", frozenset({"any", "own_unit", "descendant"})),
    "sibling unit": ("acc-x", "cn/54/5401/U0002", frozenset({"any"})),
    "unit whose name begins alike": ("acc-x", "cn/54/5401/U00", frozenset({"any"})),
    "below the unit": ("acc-x", "cn/54/5401/U0001/D1", frozenset({"any"})),
    "parent, which reviews": ("acc-x", "cn/54/5401", frozenset({"any", "descendant", "reviewer"})),
    "sibling of the parent": ("acc-x", "cn/54/5402", frozenset({"any"})),
    "grandparent": ("acc-x", "cn/54", frozenset({"any", "descendant"})),
    "top": ("acc-x", "cn", frozenset({"any", "descendant"})),
    "foreign region": ("acc-x", "cn/11", frozenset({"any"})),
    "host": ("acc-x", "hosts/H001", frozenset({"any", "host"})),
    "foreign host": ("acc-x", "hosts/H002", frozenset({"any"})),
    "nowhere": ("acc-x", "", frozenset({"any"})),
    "person concerned": ("acc-concerned", "", frozenset({"any", "self"})),
    "person assigned": ("acc-assigned", "", frozenset({"any", "assigned"})),
}
"""Who asks: account, organisation, and the relations to ``OBJECT`` that follow from them, written down by hand."""


@pytest.mark.parametrize("service", HOMES)
def test_every_action_is_decided_by_organisation_as_the_document_says(service: str) -> None:
    """Every action × role × own, sibling, parent and foreign organisation: allowed, seen but not allowed, or hidden."""
    table = services()[service].policy
    cells = {row["action"]: row for row in written() if row["owner"] == service and row["action"]}
    wrong, asked = [], 0
    for action, row in cells.items():
        seen = cells.get(f"{action.split('.', 1)[0]}.read", {})
        for role in ROLES:
            for caller, (account, organisation, stands) in CALLERS.items():
                asked += 1
                expected = "hidden"
                if stands & set(seen.get(role, "").split()):
                    expected = "refused"
                if stands & set(row[role].split()):
                    expected = "allowed"
                actor = Actor(account, organisation, frozenset({role}))
                if (found := _decided(table, action, actor)) != expected and not _unlisted(table, action, found, seen):
                    wrong.append(f"{action} as {role} from {caller}: {found}, not {expected}")

    assert wrong == []
    assert asked > 500


def _decided(table: Any, action: str, actor: Actor) -> str:
    try:
        table.decide(action, actor, OBJECT)
    except Forbidden:
        return "refused"
    except NotFound:
        return "hidden"
    return "allowed"


def _unlisted(table: Any, action: str, found: str, seen: dict[str, str]) -> bool:
    """A kind of thing that can be seen by a rule but is read by no route of its own: refused instead of hidden."""
    return found == "refused" and not seen and f"{action.split('.', 1)[0]}.read" in table.actions


def test_a_way_knows_whether_the_door_lets_it_through() -> None:
    """Ways inside the platform only are closed at the door whatever the role."""
    closed: list[Way] = [way for way in ways() if way.door == "closed"]

    assert {way.service for way in closed} <= {"selection", "assessment"}
    assert any(way.path.startswith("/v1/selection/persons/") for way in closed)
