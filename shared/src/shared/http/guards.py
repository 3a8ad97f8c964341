"""Guards: every route names its action, or says that it is public; a route without a guard does not start."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Header, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from shared.http.commands import Command, record_denial
from shared.http.problems import PreconditionRequired, Unauthenticated, locale_of
from shared.http.queries import Query
from shared.http.running import Running, running_of
from shared.identity.tokens import TokenRefused
from shared.kernel.actor import Actor, Relation
from shared.kernel.refusals import Forbidden, Malformed
from shared.logs import logger
from shared.telemetry.naming import begin_command, name_principal
from shared.telemetry.spans import traceparent
from shared.work.policy import PolicyTable
from shared.work.record import Claim, fingerprint

_log = logger("guard")


class CommandGuard:
    """Authenticates, admits by role and prepares the command of a changing route."""

    def __init__(self, action: str, *, if_match: bool = False) -> None:
        self.action = action
        self.if_match = if_match

    async def __call__(
        self,
        request: Request,
        idempotency_key: Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                description="Repeat the request with the same key and get the same answer, once.",
            ),
        ] = None,
        if_match: Annotated[
            str | None, Header(alias="If-Match", description="ETag of the version that is to be changed.")
        ] = None,
    ) -> Command[Any]:
        """The command, ready to run."""
        running = running_of(request)
        actor = authenticate(request, running)
        await admit(request, running, actor, self.action)
        if self.if_match and if_match is None:
            raise PreconditionRequired("if-match-required", "Send If-Match with the ETag that you read.")
        claim = None
        if idempotency_key is not None:
            if (
                not 0 < len(idempotency_key) <= 255
                or not idempotency_key.isascii()
                or not idempotency_key.isprintable()
            ):
                raise Malformed("bad-idempotency-key", "Idempotency-Key must be 1 to 255 printable ASCII characters.")
            route = f"{request.method} {request.url.path}"
            claim = Claim(actor.subject, idempotency_key, route, fingerprint(route, await request.body()))
            begin_command(actor.subject, route, idempotency_key)
        return Command(
            running=running,
            actor=actor,
            action=self.action,
            claim=claim,
            if_match=None if if_match is None else _version(if_match),
            trace=traceparent() or request.headers.get("traceparent"),
            target=_target(request),
        )


class QueryGuard:
    """Authenticates, admits by role and opens the connection of a reading route."""

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(self, request: Request) -> AsyncIterator[Query]:
        """The query; its connection goes back to the pool after the answer."""
        running = running_of(request)
        actor = authenticate(request, running)
        relations = await admit(request, running, actor, self.action)
        async with running.engine.connect() as connection:
            query = Query(connection, actor, relations, running, self.action, request.headers.get("if-none-match"))
            yield query


class PublicGuard:
    """Says that a route is open to everyone on purpose."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    async def __call__(self, request: Request) -> Running[Any]:
        """The running service."""
        return running_of(request)


def command(action: str, *, if_match: bool = False) -> CommandGuard:
    """Guard of a changing route; ``if_match=True`` makes ``If-Match`` compulsory (428 without)."""
    return CommandGuard(action, if_match=if_match)


def query(action: str) -> QueryGuard:
    """Guard of a reading route."""
    return QueryGuard(action)


def public(reason: str) -> PublicGuard:
    """Guard of a route for everyone; the reason is for the reader."""
    return PublicGuard(reason)


def authenticate(request: Request, running: Running[Any]) -> Actor:
    """The caller by the internal token. Raises ``Unauthenticated`` without saying why."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        try:
            actor = running.tokens.verify(token.strip())
        except TokenRefused as error:
            _log.info("token refused", reason=str(error))
        else:
            name_principal(actor)
            purpose = actor.purpose
            return Actor(actor.subject, actor.organisation, actor.roles, purpose, locale_of(request))
    raise Unauthenticated("unauthenticated", "A valid token is needed.")


async def admit(request: Request, running: Running[Any], actor: Actor, action: str) -> frozenset[Relation]:
    """Admit by role; a denial leaves its audit entry. Raises ``Forbidden``."""
    try:
        return running.service.policy.admit(action, actor)
    except Forbidden as refusal:
        await record_denial(running, actor, action, _target(request), refusal.code, request.headers.get("traceparent"))
        raise


def _target(request: Request) -> str:
    return str(next(iter(request.path_params.values()), ""))


def check_guards(routes: list[BaseRoute], policy: PolicyTable) -> None:
    """Refuse to start with an unguarded route, a guard without a rule or a rule that guards nothing.

    Raises:
        RuntimeError: naming every such route and action.
    """
    wrong, used = [], set()
    for route in routes:
        if not isinstance(route, APIRoute):
            continue
        guards = [
            dependency.call
            for dependency in route.dependant.dependencies
            if isinstance(dependency.call, (CommandGuard, QueryGuard, PublicGuard))
        ]
        if len(guards) != 1:
            wrong.append(f"{sorted(route.methods or ())} {route.path} has {len(guards)} guards instead of one")
            continue
        if isinstance(guards[0], (CommandGuard, QueryGuard)):
            used.add(guards[0].action)
            if guards[0].action not in policy.actions:
                wrong.append(f"{route.path}: no rule for {guards[0].action}")
    readable = {action for action in policy.actions if action.endswith(".read")}
    wrong += [f"the rule for {action} guards no route" for action in sorted(policy.actions - used - readable)]
    if wrong:
        raise RuntimeError("unguarded: " + "; ".join(wrong))


def _version(etag: str) -> int:
    value = unquote(etag).strip().removeprefix("W/").strip('"')
    if not re.fullmatch(r"v[0-9]{1,18}", value):
        raise Malformed("bad-if-match", 'If-Match must be an ETag that this API gave, like "v3".')
    return int(value[1:])
