"""A wrong method is told which methods there are."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from shared.http.methods import allowed, is_other_method


def _app(included: bool) -> FastAPI:
    app = FastAPI()
    router = APIRouter() if included else app.router

    @router.get("/things")
    async def listed() -> str:
        return "list"

    @router.post("/things")
    async def made() -> str:
        return "made"

    @router.get("/things/{thing_id}")
    async def one(thing_id: UUID) -> str:
        return str(thing_id)

    @router.post("/things/offers")
    async def offered() -> str:
        return "offered"

    if included:
        app.include_router(router)

    @app.exception_handler(405)
    async def wrong_method(request: Request, _: Exception) -> Response:
        return Response(status_code=405, headers={"Allow": allowed(request)})

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return await wrong_method(request, error) if is_other_method(request, error) else Response(status_code=400)

    return app


@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize(
    ("method", "path", "status", "known"),
    [
        ("DELETE", "/things", 405, "GET, POST"),
        ("PUT", "/things/00000000-0000-7000-8000-000000000000", 405, "GET"),
        ("GET", "/things/offers", 405, "POST"),
        ("PATCH", "/things/offers", 405, "POST"),
        ("GET", "/things/no-id", 400, None),
    ],
)
async def test_allow_names_every_method_of_the_path(
    included: bool, method: str, path: str, status: int, known: str | None
) -> None:
    """405 carries the methods of all routes of the path (RFC 9110, 15.5.6); what is merely no id is malformed."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_app(included)), base_url="http://test") as client:
        answer = await client.request(method, path)

    assert (answer.status_code, answer.headers.get("allow")) == (status, known)
