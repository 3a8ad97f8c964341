"""The gateway as a process: ``python -m gateway.api [--with-worker]``."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute

from gateway.adapters.addresses import Addresses
from gateway.adapters.calling import Services, open_session
from gateway.adapters.contract.published import Contract
from gateway.adapters.db.feed import Tail
from gateway.adapters.db.measuring import open_journeys
from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.adapters.door import Door
from gateway.adapters.events.consuming import CONSUMES
from gateway.adapters.forwarding.forwarder import Forwarder
from gateway.adapters.http import boards, events, inbox, journeys, links, purposes, reference, sessions, streams
from gateway.adapters.http.policy import POLICY
from gateway.adapters.http.problems import render
from gateway.adapters.http.sharing import catalogue, corrections
from gateway.adapters.http.statistics import observations, sheets, values
from gateway.adapters.http.webhooks import keeping as webhook_keeping
from gateway.adapters.http.webhooks import reading as webhook_reading
from gateway.adapters.identity.exchange import Exchange
from gateway.adapters.identity.jwks import IssuerKeys, fetch_json
from gateway.adapters.identity.verification import Verifier
from gateway.adapters.inbox.asking import Inbox
from gateway.adapters.limits.limiter import Limiter
from gateway.adapters.pages import documents, issuer, public, views
from gateway.adapters.pages.issuer import IssuerDocuments
from gateway.adapters.pages.links import ViewLinks
from gateway.adapters.papers.reader import PaperReader
from gateway.adapters.purposes.asking import PurposeLog
from gateway.adapters.refusals import ZH
from gateway.adapters.serving import Server, configured
from gateway.adapters.sessions.wiring import sessions_for
from gateway.adapters.verification import Throttle, Verifications
from gateway.adapters.webhooks.running import PURGING, WATCHING, equip, with_courier
from gateway.settings import GatewaySettings
from shared.http.app import build_app
from shared.http.problems import locale_of
from shared.http.running import Running, Service
from shared.identity.tokens import TokenSigner
from shared.kernel.refusals import Refusal
from shared.logs import configure_logs
from shared.messaging.worker import Workload, background

CONTRACT_BYTES = 8 * 1024 * 1024
"""The largest OpenAPI document that is read from a service."""


@asynccontextmanager
async def _opened(running: Running[Any]) -> AsyncIterator[None]:
    """Open what the routes need, close it with the application."""
    extras, settings = running.extras, running.settings
    assert isinstance(settings, GatewaySettings)
    forwarder: Forwarder = extras["forwarder"]
    session = open_session()
    services = Services(settings.upstreams(), session, extras["signer"])
    tail = Tail(running.engine)
    extras |= {
        "tail": tail,
        "inbox": Inbox(services),
        "purposes": PurposeLog(services),
        "verifications": Verifications(settings.assessment_url, session),
        "issuer_documents": IssuerDocuments(settings.assessment_url, session),
    }
    try:
        yield
    finally:
        await tail.close()
        await session.close()
        forwarder.close()


SERVICE: Service[GatewayWork] = Service(
    name="gateway",
    title="Gateway",
    routers=[
        events.router, streams.router, journeys.router, boards.router, links.router, views.router, public.router,
        documents.router, issuer.router, reference.router, values.router, observations.router, sheets.router,
        catalogue.router, corrections.router, inbox.router, purposes.router, sessions.router, webhook_keeping.router,
        webhook_reading.router, webhook_reading.keys,
    ],
    policy=POLICY,
    work=GatewayWork,
    messages=ZH,
    startup=_opened,
    background=with_courier(background(Workload(CONSUMES, (PURGING, WATCHING), [open_journeys]))),
)  # fmt: skip


def create_app(settings: GatewaySettings, *, with_worker: bool = False) -> Door:
    """The door with everything behind it; ``door.own`` is the application with the gateway's own routes."""
    own = build_app(SERVICE, settings, with_worker=with_worker)
    _take_over(own)
    keys = IssuerKeys(settings.oidc_issuer, fetch_json)
    verifier = Verifier(
        keys,
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        mapping=settings.claims(),
        types=frozenset(kind.lower() for kind in settings.oidc_token_types),
    )
    browsers = sessions_for(settings, own.state.running, keys, verifier)
    signer = TokenSigner(settings.signing_key, "gateway")
    exchange = Exchange(verifier, signer, settings.purposes, sessions=browsers)
    own.state.running.extras["sessions"] = browsers
    forwarder = Forwarder(settings.upstreams(), exchange)
    own.state.running.extras["signer"] = signer
    addresses = Addresses(settings.trusted_proxies)
    _equip(own, settings, forwarder, addresses)
    limiter = Limiter(settings.limits, settings.limit_factors, settings.limit_storage)
    return Door(own, forwarder, exchange, limiter, addresses)


def _take_over(own: FastAPI) -> None:
    """Refuse in the door's own way, and let the merged contract answer: FastAPI's own document would hide it."""

    @own.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return render(refusal, locale_of(request))

    own.router.routes[:] = [
        route
        for route in own.router.routes
        if isinstance(route, APIRoute) or getattr(route, "path", "") != own.openapi_url
    ]


def _equip(own: FastAPI, settings: GatewaySettings, forwarder: Forwarder, addresses: Addresses) -> None:
    running: Running[Any] = own.state.running
    equip(running, settings)
    secret = settings.cursor_secret.get_secret_value()
    running.extras |= {
        "forwarder": forwarder,
        "links": ViewLinks(secret, retired=settings.retired_cursor_secrets()),
        "throttle": Throttle(settings.verifications_per_minute),
        "numbers": Throttle(settings.verifications_per_number),
        "papers": PaperReader(settings.seal_root),
        "contract": Contract(settings.upstreams(), own.openapi, partial(fetch_json, most=CONTRACT_BYTES)),
        "streams": Counter(),
        "heartbeat": settings.heartbeat_seconds,
        "public_url": settings.public_url.rstrip("/"),
        "address": lambda request: addresses.of(request.scope),
    }


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m gateway.api", description="The one door of the platform.")
    parser.add_argument("--with-worker", action="store_true", help="run the projections in this process")
    arguments = parser.parse_args()
    settings = GatewaySettings()
    configure_logs("gateway", settings.log_level)
    door = create_app(settings, with_worker=arguments.with_worker)
    running: Running[Any] = door.own.state.running

    def ending() -> None:
        running.draining = True
        running.extras["tail"].stop()

    Server(configured(door, settings.host, settings.port), ending).run()


if __name__ == "__main__":
    main()
