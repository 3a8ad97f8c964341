"""Builds the web application of a service from its description and settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from shared.http.cursors import Cursors
from shared.http.documenting import document_well
from shared.http.guards import check_guards
from shared.http.health import health_routes
from shared.http.methods import allowed, is_other_method
from shared.http.observing import Observed
from shared.http.problems import Wording, locale_of, problem
from shared.http.running import Running, Service
from shared.http.unforeseen import Answering, Unforeseen
from shared.identity.tokens import TokenVerifier
from shared.kernel.refusals import Refusal
from shared.logs import logger
from shared.settings import ServiceSettings
from shared.telemetry import spans
from shared.work import metrics
from shared.work.database import open_engine

_log = logger("http")
_CHARACTER = ("bad-character", "A text holds a character that cannot be kept, like NUL.")
_RANGE = ("out-of-range", "A number or a time lies beyond what can be kept.")
_UNKEEPABLE = {"22021": _CHARACTER, "22P05": _CHARACTER, "22000": _RANGE, "22003": _RANGE, "22008": _RANGE}
"""SQLSTATE → refusal of a value that PostgreSQL cannot keep; 22000 is the driver, which finds it before."""
_CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported-media-type"}


def build_app(service: Service[Any], settings: ServiceSettings, *, with_worker: bool = False) -> FastAPI:
    """The application of ``service``; the engine opens with it.

    Args:
        service: what the service is.
        settings: where and how it runs.
        with_worker: run relay, consumer and due clock inside this process, as on one machine.

    Raises:
        RuntimeError: a route without guard or rule.
    """
    check_guards([route for router in service.routers for route in router.routes], service.policy)
    spans.switch_on(service.name)
    metrics.begin(service.name)
    running: Running[Any] = Running(
        service=service,
        settings=settings,
        engine=open_engine(settings.database_url, pool=settings.pool_size, application=service.name),
        clock=settings.clock(),
        tokens=TokenVerifier(settings.internal_keys, service.name),
        cursors=Cursors(settings.cursor_secret.get_secret_value(), settings.retired_cursor_secrets()),
        wording=Wording(service.messages),
    )

    spans.watch_engine(running.engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(asyncio.to_thread, spans.switch_off)
            stack.push_async_callback(running.engine.dispose)
            if service.startup is not None:
                await stack.enter_async_context(service.startup(running))
            if with_worker and service.background is not None:
                await stack.enter_async_context(service.background(running))
            yield
            running.draining = True

    app = FastAPI(
        title=service.title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        separate_input_output_schemas=False,
        redirect_slashes=False,
    )
    app.state.running = running
    for router in service.routers:
        app.include_router(router)
    app.include_router(health_routes(running))
    app.add_middleware(Unforeseen, answering=_add_handlers(app, running))
    app.add_middleware(Observed, service=service.name)
    spans.watch_app(app)
    document_well(app)
    return app


def _add_handlers(app: FastAPI, running: Running[Any]) -> Answering:
    """Say how each failure is answered; returns how one is that nobody foresaw."""
    wording = running.wording

    def plain(
        request: Request, status: int, code: str, english: str, headers: dict[str, str] | None = None
    ) -> Response:
        locale = locale_of(request)
        return problem(status, code, wording.detail(locale, code, english, None, {}), locale, headers=headers)

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        return wording.refusal(error, locale_of(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if is_other_method(request, error):
            return await http_error(request, HTTPException(405))
        return wording.invalid(error, locale_of(request))

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        code = _CODES.get(error.status_code, "bad-request")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = allowed(request)
        return plain(request, error.status_code, code, str(error.detail), headers)

    async def unavailable(request: Request, error: Exception) -> Response:
        if (refusal := _UNKEEPABLE.get(_state(error))) is not None:
            return plain(request, 400, *refusal)
        if isinstance(error, DBAPIError) and not _is_outage(error):
            return await unforeseen(request, error)
        _log.warning("database unavailable", error_type=type(error).__name__)
        return plain(request, 503, "unavailable", "The service cannot answer right now; try again.")

    async def unforeseen(request: Request, error: Exception) -> Response:
        _log.error("unforeseen", error_type=type(error).__name__, exc_info=error)
        return plain(request, 500, "internal", "Something went wrong on our side; it was recorded.")

    for kind in (DBAPIError, PoolTimeout, OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError,
                 asyncpg.CannotConnectNowError, TimeoutError):  # fmt: skip
        app.add_exception_handler(kind, unavailable)
    return unforeseen


def _state(error: Exception) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "") if isinstance(error, DBAPIError) else ""


def _is_outage(error: DBAPIError) -> bool:
    state = _state(error)
    return error.connection_invalidated or state[:2] in {"", "08", "53", "57"} or state == "55P03"
