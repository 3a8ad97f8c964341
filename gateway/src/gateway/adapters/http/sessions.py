"""Sign in and out with a browser, and who somebody is.

Where browsers and the provider go is no part of the versioned contract: those addresses stand in ``docs/identity.md``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter
from joserfc.errors import JoseError
from pydantic import Field

from gateway.adapters.identity.verification import Refused
from gateway.adapters.pages.sign_in import refused_page
from gateway.adapters.refusals import UpstreamDown
from gateway.adapters.sessions.attempts import LASTS, Attempt, checked_goal
from gateway.adapters.sessions.cookies import csrf_token
from gateway.adapters.sessions.provider import GrantRefused, Tokens
from gateway.adapters.sessions.sessions import Sessions
from shared.http.commands import record_denial
from shared.http.guards import authenticate, public
from shared.http.problems import READ_PROBLEMS, Unauthenticated
from shared.http.resources import Body, Resource
from shared.http.running import Running
from shared.kernel.actor import Actor
from shared.kernel.refusals import Malformed, NotFound
from shared.logs import logger

router = APIRouter(tags=["session"])
_log = logger("sessions")

Door = Annotated[Running[Any], Depends(public("who signs in has no token yet; who asks is told by what came along"))]
Short = Annotated[str | None, QueryParameter(max_length=2000)]
NO_STORE = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class BrowserSession(Resource):
    """Who the caller is to this platform."""

    subject: str = Field(description="opaque account id, never a name")
    organisation: str
    roles: list[str]
    way: Literal["browser", "token"]
    csrf_token: str | None = Field(description="send it as X-CSRF-Token with every change; only for browsers")
    idle_until: datetime | None = Field(description="the session ends then unless it is used; only for browsers")
    ends_at: datetime | None = Field(description="the session ends then in any case; only for browsers")


class SignOutBody(Body):
    """How much to sign out of."""

    everywhere: bool = Field(default=False, description="end my sessions in all other browsers as well")


class SignedOut(Resource):
    """Signed out here; ``location`` signs out at the provider too."""

    location: str


def sessions_of(running: Running[Any]) -> Sessions:
    """The sessions. Raises ``NotFound``: ``no-sign-in`` where no browser client is set up."""
    found: Sessions | None = running.extras.get("sessions")
    if found is None:
        raise NotFound("no-sign-in", "Signing in with a browser is not set up here.")
    return found


@router.get("/sign-in", response_class=Response, status_code=303, include_in_schema=False)
async def sign_in(
    request: Request,
    running: Door,
    goal: Annotated[
        str, QueryParameter(alias="return", max_length=1000, description="a path of this origin to come back to")
    ] = "/",
) -> Response:
    """Begin to sign in: off to the identity provider (authorization code with PKCE)."""
    try:
        goal = checked_goal(goal)
        sessions = sessions_of(running)
        attempt = Attempt.begin(goal, sessions.clock())
        address = await sessions.client.address(attempt.state, attempt.nonce, attempt.verifier)
    except (Malformed, NotFound, UpstreamDown) as refusal:
        return refused_page(request, refusal)
    value = attempt.sealed(sessions.vault)
    cookie = sessions.cookies.set(sessions.cookies.attempt, value, int(LASTS.total_seconds()))
    return Response(status_code=303, headers=NO_STORE | {"location": address, "set-cookie": cookie})


@router.get("/sign-in/callback", response_class=Response, status_code=303, include_in_schema=False)
async def signed_in(
    request: Request, running: Door, code: Short = None, state: Short = None, error: Short = None, iss: Short = None
) -> Response:
    """Come back from the identity provider: the browser gets its session and goes where it wanted to."""
    try:
        return await _signed_in(request, sessions_of(running), code, state, error, iss)
    except (Malformed, UpstreamDown) as refusal:
        trace = request.headers.get("traceparent")
        await record_denial(running, Actor("browser"), "session.open", "", refusal.code, trace)
        return refused_page(request, refusal)
    except NotFound as refusal:
        return refused_page(request, refusal)


async def _signed_in(
    request: Request, sessions: Sessions, code: str | None, state: str | None, error: str | None, iss: str | None
) -> Response:
    cookies = sessions.cookies
    attempt = Attempt.opened(cookies.read(request.headers.raw, cookies.attempt), sessions.vault, sessions.clock())
    if attempt is None or not state or state != attempt.state:
        raise Malformed("sign-in-lost", "This sign-in was not begun in this browser, or took too long; begin again.")
    if error or not code:
        raise Malformed("sign-in-refused", "The identity provider did not sign you in.")
    try:
        tokens = await sessions.client.redeem(code, attempt.verifier, iss)
        claims = await sessions.client.identity(tokens.id_token, attempt.nonce)
        earlier = cookies.read(request.headers.raw, cookies.session)
        value = await sessions.open(tokens, claims, earlier)
    except (GrantRefused, Refused, JoseError, Unauthenticated, ValueError, KeyError, TypeError) as problem:
        _log.info("sign-in refused", reason=f"{type(problem).__name__}: {problem}"[:80])
        raise Malformed("sign-in-refused", "The identity provider did not sign you in.") from None
    answer = Response(status_code=303, headers=NO_STORE | {"location": attempt.goal})
    answer.headers.append(
        "set-cookie", cookies.set(cookies.session, value, int(sessions.lasting.whole.total_seconds()))
    )
    answer.headers.append("set-cookie", cookies.set(cookies.attempt, "", 0))
    return answer


@router.get("/v1/session", response_model=BrowserSession, responses=READ_PROBLEMS)
async def read_session(request: Request, running: Door) -> Response:
    """Who I am: for the bearer of a token, and for a browser, which also gets its CSRF token."""
    actor = authenticate(request, running)
    sessions: Sessions | None = running.extras.get("sessions")
    cookie = sessions and sessions.cookies.read(request.headers.raw, sessions.cookies.session)
    row = await sessions.alive(cookie) if sessions and cookie else None
    shown = BrowserSession(
        subject=actor.subject, organisation=actor.organisation, roles=sorted(actor.roles),
        way="browser" if row else "token", csrf_token=csrf_token(cookie) if row and cookie else None,
        idle_until=sessions.idle_until(row) if sessions and row else None, ends_at=row.ends_at if row else None,
    )  # fmt: skip
    return Response(shown.model_dump_json(), 200, NO_STORE, "application/json")


@router.post("/sign-out", response_model=SignedOut, include_in_schema=False)
async def sign_out(request: Request, running: Door, body: SignOutBody) -> Response:
    """End the session of this browser; needs the cookie and ``X-CSRF-Token``."""
    sessions = sessions_of(running)
    cookies = sessions.cookies
    cookie = cookies.read(request.headers.raw, cookies.session)
    row = await sessions.alive(cookie) if cookie else None
    if cookie is None or row is None:
        raise Unauthenticated("unauthenticated", "There is no session to end.")
    cookies.check(request.headers.raw, request.method, cookie)
    which = {"subject": row.subject} if body.everywhere else {"id_hash": row.id_hash}
    ended = await sessions.end(row.subject, "signed-out", **which)
    for each in ended:
        await _forget(sessions, sessions.tokens(each))
    location = await sessions.client.goodbye(sessions.tokens(row).id_token)
    shown = SignedOut(location=location).model_dump_json()
    headers = NO_STORE | {"set-cookie": cookies.set(cookies.session, "", 0)}
    return Response(shown, 200, headers, "application/json")


async def _forget(sessions: Sessions, tokens: Tokens) -> None:
    """Revoke what the provider still holds; a provider that is away keeps nobody signed in here."""
    try:
        await sessions.client.revoke(tokens.refresh)
    except UpstreamDown:
        _log.info("refresh token not revoked", reason="provider away")


@router.post("/sign-out/back-channel", status_code=200, response_class=Response, include_in_schema=False)
async def signed_out_elsewhere(request: Request, running: Door) -> Response:
    """The identity provider ends sessions (OpenID Connect Back-Channel Logout 1.0)."""
    sessions = sessions_of(running)
    try:
        (token,) = parse_qs((await request.body()).decode("ascii"), max_num_fields=5).get("logout_token", [])
        subject, sid, issued = await sessions.client.logout(token)
    except (Refused, JoseError, ValueError, KeyError, TypeError, RecursionError) as problem:
        _log.info("logout token refused", reason=type(problem).__name__)
        raise Malformed("bad-logout-token", "Send one valid logout_token as a form.") from None
    which = {"sid": sid} if sid else {"subject": subject}
    await sessions.end("provider", "back-channel", before=issued.replace(microsecond=999_999), **which)
    return Response(status_code=200, headers=NO_STORE)
