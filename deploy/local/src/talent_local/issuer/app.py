"""The issuer's HTTP interface: discovery, keys, tokens, userinfo, and the sign-in page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment
from starlette.middleware.trustedhost import TrustedHostMiddleware

from talent_local.issuer.grants import DEVELOPMENT_GRANT, GrantRefused, Grants
from talent_local.issuer.signing import ALGORITHM, LIFETIME_SECONDS, Signer

NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}
PAGE_HEADERS = NO_STORE | {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def create_app(signer: Signer, grants: Grants) -> FastAPI:
    """The application; it answers only under its own name and those of the loopback interface."""
    names = sorted({"127.0.0.1", "localhost", urlsplit(signer.issuer).hostname or "localhost"})
    app = FastAPI(title="Development issuer", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names)
    page = Environment(autoescape=True).from_string(
        resources.files(__package__).joinpath("sign_in.html").read_text(encoding="utf-8")
    )

    @app.exception_handler(GrantRefused)
    async def refuse(_: Request, refusal: GrantRefused) -> Response:
        headers = NO_STORE | ({"www-authenticate": "Basic"} if refusal.status == 401 else {})
        body = {"error": refusal.error, "error_description": refusal.description}
        return JSONResponse(body, refusal.status, headers)

    @app.get("/health/live")
    @app.get("/health/ready")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return describe(signer.issuer)

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return signer.published()

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = await read_form(request)
        return JSONResponse(answer(signer, grants, form, basic(request) or form), headers=NO_STORE)

    @app.get("/authorize")
    async def ask(request: Request) -> Response:
        query = dict(request.query_params)
        client = grants.browser_client(query)
        body = page.render(client=client, people=grants.seed.people.values(), query=query)
        return HTMLResponse(body, headers=PAGE_HEADERS)

    @app.post("/authorize")
    async def signed_in(request: Request) -> Response:
        form = await read_form(request)
        code = grants.code(form, form.get("username", ""))
        joint = "&" if "?" in form["redirect_uri"] else "?"
        given = {"code": code, "iss": signer.issuer} | ({"state": form["state"]} if form.get("state") else {})
        return RedirectResponse(form["redirect_uri"] + joint + urlencode(given), 303, NO_STORE)

    @app.get("/userinfo")
    async def userinfo(request: Request) -> Response:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        claims = signer.read(value) if kind.lower() == "bearer" else None
        if claims is None:
            return Response(status_code=401, headers={"www-authenticate": 'Bearer error="invalid_token"'})
        shown = {key: claims[key] for key in ("sub", "roles", "organisation")}
        person = next((one for one in grants.seed.people.values() if one.subject == shown["sub"]), None)
        names = {"preferred_username": person.username, "name": person.name_zh} if person else {}
        return JSONResponse(shown | names, headers=NO_STORE)

    return app


def describe(issuer: str) -> dict[str, Any]:
    """The discovery document (OpenID Connect Discovery 1.0)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "client_credentials", DEVELOPMENT_GRANT],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid"],
        "authorization_response_iss_parameter_supported": True,
    }


def answer(signer: Signer, grants: Grants, form: Mapping[str, str], client: Mapping[str, str]) -> dict[str, Any]:
    """The token endpoint's answer to one form.

    Raises:
        GrantRefused: with the OAuth 2.0 error code.
    """
    name = client.get("client_id", "")
    extra: dict[str, str] = {}
    match form.get("grant_type"):
        case "client_credentials":
            person = grants.machine(name, client.get("client_secret", ""))
        case "authorization_code":
            sign_in = grants.redeem(form, name)
            person = sign_in.person
            extra["id_token"] = signer.id_token(person, name, sign_in.nonce)
        case grant if grant == DEVELOPMENT_GRANT:
            name = "development"
            person = grants.development(form)
        case _:
            raise GrantRefused("unsupported_grant_type", "See grant_types_supported in the discovery document.")
    token = signer.access_token(person, name)
    return {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS} | extra


async def read_form(request: Request) -> dict[str, str]:
    """The form of a request; a member given twice is refused (RFC 6749 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise GrantRefused("invalid_request", "Send application/x-www-form-urlencoded.")
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise GrantRefused("invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise GrantRefused("invalid_request", "A member is given twice.")
    return form


def basic(request: Request) -> dict[str, str] | None:
    """Client id and secret from HTTP Basic, or None when there is none."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise GrantRefused("invalid_client", "The Authorization header cannot be read.", 401) from error
    return {"client_id": unquote(name), "client_secret": unquote(secret)}
